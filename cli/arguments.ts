/** Values of options, checked one by one. */
import { randomInt } from "node:crypto";
import { UsageError, quote } from "./errors.ts";
import { unknownName } from "./suggest.ts";

const SEED = /^[0-9]{1,15}$/;
/** Drawn seeds are short enough to be read out. */
const DRAWN_BELOW = 1_000_000_000;
const RUNS_MAX = 1_000_000_000;
const JOBS_MAX = 256;
const SHRINK_BUDGET_MAX = 1_000_000;

/** `--seed`. */
export function parseSeed(text: string): number {
  if (!SEED.test(text)) throw new UsageError(`--seed must be 1 to 15 digits, not ${quote(text)}`);
  return Number(text);
}

/** A seed nobody chose. */
export const drawSeed = (): number => randomInt(DRAWN_BELOW);

/** An option that is an integer within bounds. */
export const integer = (option: string, least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^[0-9]{1,10}$/.test(text) || value < least || value > most) {
    throw new UsageError(`${option} must be an integer from ${String(least)} to ${String(most)}, not ${quote(text)}`);
  }
  return value;
};

/** `--runs`. */
export const parseRuns = integer("--runs", 1, RUNS_MAX);

/** `--shrink-budget`. */
export const parseShrinkBudget = integer("--shrink-budget", 0, SHRINK_BUDGET_MAX);

/** `--jobs`. */
export const parseJobs = integer("--jobs", 0, JOBS_MAX);

/** `--until-risk`: a chance, neither none nor certain. */
export function parseRisk(text: string): number {
  const value = Number(text);
  if (!/^0?\.[0-9]{1,9}$/.test(text) || value === 0) {
    throw new UsageError(`--until-risk must be a chance between 0 and 1, such as 0.01, not ${quote(text)}`);
  }
  return value;
}

/** One of a few words. */
export const oneOf = <T extends string>(option: string, words: readonly T[]) => (text: string): T => {
  const found = words.find((word) => word === text);
  if (found === undefined) throw unknownName(`value of ${option}`, text, words);
  return found;
};

/** Names that match a pattern with `*` and `?`, or one of several with commas between; throws when one matches none. */
export function matching(what: string, patterns: string, names: readonly string[]): readonly string[] {
  const found = new Set(patterns.split(",").flatMap((pattern) => {
    if (pattern === "") throw new UsageError(`--${what} ${quote(patterns)}: there is no name before or behind a comma`);
    const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll(/\*+/g, ".*").replaceAll("?", ".");
    const matched = names.filter((name) => new RegExp(`^${source}$`).test(name));
    if (matched.length === 0) throw unknownName(what, pattern, names);
    return matched;
  }));
  return names.filter((name) => found.has(name));
}
