// Module hooks: every process runs the sources at their own place, compiled file by file. What
// V8 counts is then named by the source's own path, whether a test, a command or a thread ran it.

import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { COMPILED, ROOT } from "./settings.mjs";

const BUILT = /^build\/[0-9a-f]{32}\/(.*)\.js$/;

/** A file of the build stands for the source of the same name: the bundle itself is not run.
 * @type {import("node:module").ResolveHook} */
export const resolve = async (specifier, context, next) => {
  const found = await next(specifier, context);
  const [, name] = BUILT.exec(pathOf(found.url)) ?? [];
  const source = name === undefined ? undefined : join(ROOT, `${name}.ts`);
  if (source === undefined || !existsSync(source)) return found;
  return { ...found, url: pathToFileURL(source).href };
};

/** @type {import("node:module").LoadHook} */
export const load = async (url, context, next) => {
  const path = pathOf(url);
  const compiled = join(COMPILED, `${path}.js`);
  if (!path.endsWith(".ts") || !existsSync(compiled)) return next(url, context);
  return { format: "module", source: readFileSync(compiled, "utf8"), shortCircuit: true };
};

/** The path below the root, with forward slashes; outside of it, and for what is no file, empty.
 * @param {string} url */
function pathOf(url) {
  if (!url.startsWith("file:")) return "";
  const path = relative(ROOT, fileURLToPath(url)).replaceAll(sep, "/");
  return path.startsWith("../") ? "" : path;
}
