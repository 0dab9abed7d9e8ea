/** How the bundler finds what a bundle is made of: `interlock` means the sources of the package itself. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";

/** The name of the module that a bundle is made from. */
export const STUB = "interlock-engine";

/** What the plugin works with. */
interface PluginOptions {
  readonly root: string;
  readonly from: string;
  readonly stub: string;
  readonly patched: ReadonlyMap<string, string>;
  /** Filled with the hash of every text that was read here, by path. */
  readonly seen: Map<string, string>;
}

/** What a module of a project gets for each name of the package. `check` and `replay` are for test runners. */
const SURFACE: Readonly<Record<string, string>> = {
  "interlock": "cli/project/author.ts",
  "interlock/sim": "cli/package/sim.ts",
  "interlock/model": "cli/package/model.ts",
  "interlock/scenarios": "cli/package/scenarios.ts",
  "interlock/properties": "cli/package/properties.ts",
};

/** The plugin. */
export function enginePlugin({ root, from, stub, patched, seen }: PluginOptions): Plugin {
  return {
    name: STUB,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${STUB}$`) }, () => ({ path: STUB, namespace: STUB }));
      build.onLoad({ filter: /.*/, namespace: STUB }, () => ({ contents: stub, loader: "ts", resolveDir: from }));
      build.onResolve({ filter: /^[^.]/ }, (args) => resolvePackage(build, root, args));
      build.onLoad({ filter: /\.(?:[cm]?[jt]s|[jt]sx|json)$/, namespace: "file" }, ({ path }) => {
        const text = readFileSync(path);
        seen.set(path, hash32(text));
        const contents = patched.get(relative(root, path).replaceAll("\\", "/"));
        return { contents: contents ?? text, loader: loaderOf(path) };
      });
    },
  };
}

const loaderOf = (path: string): Loader =>
  /\.(?:json|tsx|jsx)$/.test(path) ? (extname(path).slice(1) as Loader) : /ts$/.test(path) ? "ts" : "js";

/** 32 hexadecimal digits. */
export const hash32 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 32);

/** Marks the plugin's own questions. */
const ASKED = Symbol("asked");

async function resolvePackage(build: PluginBuild, root: string, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  const { path, kind, importer, resolveDir } = args;
  if (args.pluginData === ASKED || kind === "entry-point" || path.startsWith("#") || isAbsolute(path)) return undefined;
  if (isBuiltin(path)) return { path, external: true };
  if (path === "interlock" || path.startsWith("interlock/")) return resolveOwn(root, path);
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: ASKED });
  if (found.errors.length > 0) return { errors: found.errors };
  if (found.external || belongsInside(found.path)) return found;
  return { path: pathToFileURL(found.path).href, external: true };
}

function resolveOwn(root: string, path: string): OnResolveResult {
  const file = SURFACE[path];
  if (file !== undefined) return { path: join(root, file) };
  return { errors: [{ text: `Interlock has no "${path}"; it has ${Object.keys(SURFACE).join(", ")}` }] };
}

/** Sources of a workspace are bundled, and so are packages that use Interlock: they must share its classes. */
function belongsInside(path: string): boolean {
  if (!/[\\/]node_modules[\\/]/.test(path)) return true;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, unknown> | undefined>;
    if (typeof manifest["name"] !== "string") continue;
    return ["dependencies", "peerDependencies"].some((field) => manifest[field]?.["interlock"] !== undefined);
  }
  return false;
}
