/** Reporters of other people: a file or a package whose default export has the hooks. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Reporter } from "../reports/index.ts";
import { bundled } from "./bundles.ts";
import { UsageError, messageOf, oneLine, quote } from "./errors.ts";
import type { Io } from "./io.ts";

/** Loads one; null for a name that is neither a file nor a package that can be found from the current folder. */
export async function loadReporterModule(io: Io, name: string): Promise<Reporter | null> {
  if (!isPath(name) && !isInstalled(io.cwd, name)) return null;
  const path = isPath(name) ? resolve(io.cwd, name) : null;
  if (path !== null && !existsSync(path)) throw new UsageError(`cannot load reporter ${quote(name)}: no such file`);
  let module: unknown;
  try {
    // Node takes JavaScript as it is; TypeScript is bundled, and the bundler finds packages by the folder they are named from.
    const runs = path !== null && !/\.[cm]?ts$/.test(path) ? path : await bundleOf(io, path ?? name);
    module = await import(pathToFileURL(runs).href);
  } catch (error) {
    throw new UsageError(`cannot load reporter ${quote(name)}: ${oneLine(messageOf(error))}`);
  }
  return asReporter(name, module);
}

/** Is the reporter a file, and not a package or one of ours? */
export const isPath = (name: string): boolean =>
  /^\.{1,2}[\\/]/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);

function isInstalled(cwd: string, name: string): boolean {
  const folder = /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  const paths = createRequire(join(cwd, "reporter.js")).resolve.paths(folder) ?? [];
  return paths.some((path) => existsSync(join(path, folder)));
}

async function bundleOf({ root, cwd }: Io, source: string): Promise<string> {
  const stub = `export { default } from ${JSON.stringify(source)};`;
  return (await bundled({ root, from: cwd, stub, patched: new Map() })).module;
}

const HOOKS = ["begin", "failure", "end"] as const;

function asReporter(name: string, module: unknown): Reporter {
  const reporter = (module as { default?: unknown }).default;
  const refuse = (why: string): UsageError => new UsageError(`reporter ${quote(name)}: ${why}`);
  if (typeof reporter !== "object" || reporter === null) {
    throw refuse("the default export must be an object with the hooks begin, failure or end");
  }
  const hooks = HOOKS.filter((hook) => (reporter as Record<string, unknown>)[hook] !== undefined);
  if (hooks.length === 0) throw refuse("it has none of the hooks begin, failure and end");
  const wrong = hooks.find((hook) => typeof (reporter as Record<string, unknown>)[hook] !== "function");
  if (wrong !== undefined) throw refuse(`${wrong} must be a function`);
  return reporter;
}
