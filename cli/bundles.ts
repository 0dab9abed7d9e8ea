/**
 * Bundles of the engine with something in it that is not of the package: the modules of a project, a variant's
 * patched sources, or both. Everything is one bundle, so that all of it shares one copy of the classes. A bundle is
 * named by the content of every file that went into it, and is made once.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { BuildOptions, Metafile } from "esbuild";
import { bundle, removeOld } from "../scripts/build.mjs";
import { SOURCE_FOLDERS } from "../scripts/stamp.mjs";
import { ENGINE_MODULE } from "./build-folder.ts";
import { STUB, enginePlugin, hash32 } from "./bundle-plugin.ts";
import { messageOf, oneLine } from "./errors.ts";

/** What is bundled. */
export interface BundleRequest {
  /** The installed package. */
  readonly root: string;
  /** Source text of the module that becomes `cli/engine.js`; it imports by absolute path. */
  readonly stub: string;
  /** The folder from which the stub names packages; the package itself unless it is said. */
  readonly from?: string;
  /** Texts that stand for files of the package, by path from its root. */
  readonly patched: ReadonlyMap<string, string>;
}

/** A file that went into a bundle, with the hash of its content. */
type Input = readonly [path: string, hash: string];

/** A bundle. */
export interface Bundle {
  /** The module that was bundled. */
  readonly module: string;
  /** The files in it that are not of the package, with their hashes. */
  readonly foreign: readonly Input[];
}

/** What is remembered of a request: the bundle is good as long as these files are. */
interface Made {
  readonly folder: string;
  readonly inputs: readonly Input[];
}

/** More than there are variants, which the tests run all of; 2 MB each. Older than a day, a bundle goes however few there are. */
const KEEP = 250;

/** Builds a bundle, or finds it. Throws what the bundler says; the sources are named from the package's root. */
export async function bundled(request: BundleRequest): Promise<Bundle> {
  const cache = cacheFolder(request.root);
  const key = hash32(JSON.stringify([request.root, request.from, request.stub, [...request.patched]]));
  const known = readMade(join(cache, `${key}.json`));
  if (known !== null && existsSync(join(cache, known.folder)) && known.inputs.every(isUnchanged)) {
    return toBundle(request, cache, known);
  }
  const made = await make(request, cache, key);
  if (removeOld(cache, made.folder, KEEP) > 0) forgetRemoved(cache);
  return toBundle(request, cache, made);
}

function toBundle({ root }: BundleRequest, cache: string, { folder, inputs }: Made): Bundle {
  const foreign = inputs.filter(([path]) => isOutside(root, path));
  return { module: join(cache, folder, ENGINE_MODULE), foreign };
}

/** What the bundler says, which names files from the package's root, with those outside of it named from a folder. */
export const toldFrom = (root: string, folder: string, error: unknown): string =>
  oneLine(messageOf(error)).replaceAll(/\.\.\/[^:'"]+(?=:\d+:\d+: )/g, (path) => relative(folder, join(root, path)).replaceAll("\\", "/"));

/** Modules of a project may lie in the package only where its own sources do not. */
const isOutside = (root: string, path: string): boolean =>
  !SOURCE_FOLDERS.some((folder) => relative(root, path).startsWith(join(folder, "/")));

async function make(request: BundleRequest, cache: string, key: string): Promise<Made> {
  const temporary = join(cache, `${key}.tmp-${String(process.pid)}`);
  try {
    const seen = new Map<string, string>();
    const { metafile } = await bundle(optionsFor(request, temporary, seen), request.root);
    const inputs = inputsOf(request.root, metafile, seen);
    const folder = hash32(JSON.stringify([key, inputs]));
    if (!existsSync(join(cache, folder))) moveFolder(temporary, join(cache, folder));
    writeMade(join(cache, `${key}.json`), { folder, inputs });
    return { folder, inputs };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function optionsFor({ root, from = root, stub, patched }: BundleRequest, outdir: string, seen: Map<string, string>) {
  return {
    entryPoints: [{ in: STUB, out: ENGINE_MODULE.replace(/\.js$/, "") }],
    outdir,
    metafile: true,
    // The sources lie where the map says, and their texts would be two thirds of a bundle.
    sourcesContent: false,
    // Packages are resolved by the plugin: a bundle must work wherever it lies.
    packages: "bundle",
    conditions: [],
    plugins: [enginePlugin({ root, from, stub, patched, seen })],
  } as const satisfies BuildOptions & { outdir: string };
}

/** Every file in it, by absolute path; its hash is that of the text the bundler was given, where we gave it. */
function inputsOf(root: string, metafile: Metafile | undefined, seen: ReadonlyMap<string, string>): readonly Input[] {
  return Object.keys(metafile?.inputs ?? {})
    .filter((path) => !path.startsWith(`${STUB}:`) && !/^[a-z-]{2,}:/.test(path))
    .map((path) => (isAbsolute(path) ? path : resolve(root, path)))
    .sort()
    .map((path): Input => [path, seen.get(path) ?? hashFile(path)]);
}

const isUnchanged = ([path, hash]: Input): boolean => hashFile(path) === hash;

function hashFile(path: string): string {
  try {
    return hash32(readFileSync(path));
  } catch {
    return "gone";
  }
}

function readMade(path: string): Made | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Made;
  } catch {
    return null;
  }
}

/** Removes what is remembered of bundles that are gone. */
function forgetRemoved(cache: string): void {
  for (const name of readdirSync(cache).filter((each) => /^[0-9a-f]{32}\.json$/.test(each))) {
    const made = readMade(join(cache, name));
    if (made === null || !existsSync(join(cache, made.folder))) rmSync(join(cache, name), { force: true });
  }
}

function writeMade(path: string, made: Made): void {
  const temporary = `${path}.tmp-${String(process.pid)}`;
  writeFileSync(temporary, JSON.stringify(made));
  renameSync(temporary, path);
}

function moveFolder(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process finished the same bundle first: theirs is as good.
    if (!existsSync(to)) throw error;
  }
}

/** Beside the builds; the user's own cache where the package is not writable. */
function cacheFolder(root: string): string {
  const own = join(root, "build", "engines");
  try {
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, `.probe-${String(process.pid)}`), "");
    rmSync(join(own, `.probe-${String(process.pid)}`));
    return own;
  } catch {
    const users = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "interlock", hash32(root));
    mkdirSync(users, { recursive: true, mode: 0o700 });
    writeFileSync(join(users, "package.json"), `{"type":"module"}\n`);
    return users;
  }
}
