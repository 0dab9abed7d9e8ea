// The code of report pages, minified: classic scripts and a style sheet, in page/ of a build.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The page's own code, which needs a browser. */
const VIEW = "reports/page/view/main.ts";
const STYLE = "reports/page/view/style.css";
/** The engine of the stock. */
export const ENGINE = "reports/page/engine.ts";

/** A classic script for a browser or a worker: everything in it, nothing of Node.
 * @satisfies {import("esbuild").BuildOptions} */
export const CLASSIC_SCRIPT = /** @type {const} */ ({
  format: "iife",
  platform: "browser",
  target: "es2022",
  packages: "bundle",
  splitting: false,
  sourcemap: false,
});

/** How page code is bundled: everything in one file, which evaluates no text.
 * @satisfies {import("esbuild").BuildOptions} */
export const PAGE_OPTIONS = /** @type {const} */ ({
  ...CLASSIC_SCRIPT,
  minify: true,
  legalComments: "none",
  charset: "utf8",
});

/** Name that the engine is found by. */
export const ENGINE_GLOBAL = "interlockEngine";

/** The two systems that are modelled: a page runs one of them, and is half as large without the other. */
export const SYSTEMS = /** @type {const} */ (["dragonfly", "xnu"]);
/** Which files are the other one's alone. */
const OTHERS = { dragonfly: /[\\/]model[\\/]xnu[\\/]/, xnu: /[\\/]model[\\/](?:net|bsd|dev|hw)[\\/]/ };

/** Leaves the other system out: whatever it exports is there, and throws when it is called.
 * @param {"dragonfly" | "xnu"} system @returns {import("esbuild").Plugin} */
export function onlySystem(system) {
  return {
    name: "only-system",
    setup(build) {
      build.onLoad({ filter: OTHERS[system] }, ({ path }) => ({ contents: absent(readFileSync(path, "utf8")), loader: "ts" }));
    },
  };
}

/** @param {string} text */
function absent(text) {
  const names = [...text.matchAll(/^export (?:const|let|function\*?|(?:abstract )?class) (\w+)/gm)].map(([, name]) => name);
  const passedOn = text.match(/^export (?:\{[^}]*\}|\*) from .*$/gm) ?? [];
  return [
    `const absent = (name: string) => function () { throw new Error("not in this page: " + name); };`,
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ absent("${name}");`),
    ...passedOn,
  ].join("\n");
}

/** Bundles into `page/` of a folder; nothing where there are no sources of pages. `systems`: those whose engines are built ahead.
 * @param {(options: import("esbuild").BuildOptions & { outdir: string }, root: string) => Promise<unknown>} bundle
 * @param {string} root @param {string} folder @param {readonly ("dragonfly" | "xnu")[]} [systems] */
export async function bundlePages(bundle, root, folder, systems = SYSTEMS) {
  if (!existsSync(join(root, VIEW))) return;
  const outdir = join(folder, "page");
  await Promise.all([
    bundle({ ...PAGE_OPTIONS, entryPoints: [{ in: VIEW, out: "view" }, { in: STYLE, out: "style" }], outdir }, root),
    ...systems.map((system) => bundle({
      ...PAGE_OPTIONS,
      globalName: ENGINE_GLOBAL,
      entryPoints: [{ in: ENGINE, out: `engine-${system}` }],
      plugins: [onlySystem(system)],
      outdir,
    }, root)),
  ]);
}
