/** `--reporter`: names of our own reporters and of modules, and what they stand for. */
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { existsSync } from "node:fs";
import { githubReporter, jsonReporter, junitReporter, tapReporter, type Reporter } from "../reports/index.ts";
import { UsageError, messageOf, quote } from "./errors.ts";
import { githubSeat, onGithub } from "./github.ts";
import type { Io } from "./io.ts";
import { unknownName } from "./suggest.ts";

/** Always on; naming it switches off what is on by itself. */
export const CONSOLE = "console";

const OWN: Readonly<Record<string, (io: Io) => Reporter>> = {
  json: () => jsonReporter,
  junit: () => junitReporter,
  github: (io) => githubReporter(githubSeat(io)),
  tap: () => tapReporter,
};

/** Names of our own reporters. */
const REPORTERS: readonly string[] = [CONSOLE, ...Object.keys(OWN)];

/** One more `--reporter`; several may stand in one, separated by commas. */
export function collectReporters(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new UsageError(`--reporter must name reporters, separated by commas, not ${quote(text)}`);
  return [...new Set([...before, ...names])];
}

/** A reporter with the name it was asked for by. */
export interface Named {
  readonly name: string;
  readonly reporter: Reporter;
  /** Ours: if it fails, it is our fault. */
  readonly own: boolean;
}

/** The reporters of these names and those that are on by themselves, except the console. */
export async function loadReporters(io: Io, asked: readonly string[]): Promise<readonly Named[]> {
  const names = onGithub(io) && !asked.includes(CONSOLE) ? new Set([...asked, "github"]) : asked;
  const found: Named[] = [];
  for (const name of names) {
    if (name === CONSOLE) continue;
    const make = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
    if (make !== undefined) found.push({ name, reporter: make(io), own: true });
    else found.push({ name, reporter: await loadModule(io.cwd, name), own: false });
  }
  return found;
}

async function loadModule(cwd: string, name: string): Promise<Reporter> {
  const path = isPath(name) ? fileOf(cwd, name) : packageOf(cwd, name);
  let module: unknown;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UsageError(`cannot load reporter ${quote(name)}: ${messageOf(error)}`);
  }
  return asReporter(name, module);
}

/** Is the reporter a file, and not a package or one of ours? */
export const isPath = (name: string): boolean =>
  /^\.{1,2}[\\/]/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);

function fileOf(cwd: string, name: string): string {
  const path = resolve(cwd, name);
  if (!existsSync(path)) throw new UsageError(`cannot load reporter ${quote(name)}: no such file`);
  return path;
}

function packageOf(cwd: string, name: string): string {
  try {
    return createRequire(join(cwd, "reporter.js")).resolve(name);
  } catch {
    throw unknownName("reporter", name, REPORTERS);
  }
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
