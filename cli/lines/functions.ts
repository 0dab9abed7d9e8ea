/** What was reached of each function of the seed documents. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Range } from "./executable.ts";
import type { PlaceOfC } from "./places.ts";

/** A row of docs/kernel-functions.json. */
export interface SeedFunction {
  readonly symbol: string;
  readonly kernelFile: string;
  readonly seed: string;
  readonly lines: Range;
  readonly executable: readonly Range[];
}

/** An arm of a branch: the lines it is told by, and whether it is the other one of their `if`. */
export interface Arm {
  readonly first: number;
  readonly last: number;
  readonly otherwise: boolean;
  readonly taken: number;
}

/** A function, with what runs did in it. */
export interface FunctionLines extends Pick<SeedFunction, "symbol" | "kernelFile" | "seed" | "lines"> {
  /** Has it marks in the model? */
  readonly marked: boolean;
  readonly calls: number;
  /** Calls by kind of context. */
  readonly contexts: Readonly<Record<string, number>>;
  /** How often each line that runs was reached; null: no mark. */
  readonly reached: readonly (readonly [line: number, times: number | null])[];
  readonly arms: readonly Arm[];
}

/** The functions of the documents. */
export const loadFunctions = (root: string): readonly SeedFunction[] =>
  JSON.parse(readFileSync(join(root, "docs/kernel-functions.json"), "utf8")) as readonly SeedFunction[];

/** Times, whoever came. */
const timesOf = (kinds: Readonly<Record<string, number>>): number => Object.values(kinds).reduce((a, b) => a + b, 0);

/** Works it out. Cost: functions times places. */
export function functionLines(functions: readonly SeedFunction[], places: readonly PlaceOfC[]): readonly FunctionLines[] {
  return functions.map(({ symbol, kernelFile, seed, lines, executable }) => {
    const own = places.filter((place) => place.seed === seed && lines[0] <= place.first && place.last <= lines[1]);
    const covering = (line: number) => own.filter(({ first, last }) => first <= line && line <= last);
    const all = executable.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
    const entry = all[0] === undefined ? [] : covering(all[0]);
    return {
      symbol,
      kernelFile,
      seed,
      lines,
      marked: own.length > 0,
      calls: sum(entry.map(({ hits }) => timesOf(hits))),
      contexts: entry.map(({ hits }) => hits).reduce(addKinds, {}),
      reached: all.map((line) => {
        const here = covering(line);
        return [line, here.length === 0 ? null : sum(here.map(({ hits }) => timesOf(hits)))] as const;
      }),
      arms: own.flatMap(armsOf),
    };
  });
}

function armsOf({ arm, first, last, hits, other }: PlaceOfC): readonly Arm[] {
  if (!arm) return [];
  const taken: Arm = { first, last, otherwise: false, taken: timesOf(hits) };
  return other === null ? [taken] : [taken, { first, last, otherwise: true, taken: timesOf(other) }];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function addKinds(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const all = new Map(Object.entries(a));
  for (const [kind, count] of Object.entries(b)) all.set(kind, (all.get(kind) ?? 0) + count);
  return Object.fromEntries(all);
}

/** `503` or `503-507`; `not 503` for the other arm of its `if`. */
export const armText = ({ first, last, otherwise }: Arm): string =>
  `${otherwise ? "not " : ""}${String(first)}${last === first ? "" : `-${String(last)}`}`;

/** Lines and branches, of all of them. */
export interface LineTotals {
  readonly functions: { readonly of: number; readonly marked: number; readonly called: number };
  readonly lines: { readonly of: number; readonly reached: number };
  readonly arms: { readonly of: number; readonly taken: number };
}

/** Adds up. */
export function totalsOf(functions: readonly FunctionLines[]): LineTotals {
  const lines = functions.flatMap(({ reached }) => reached);
  const arms = functions.flatMap((each) => each.arms);
  return {
    functions: {
      of: functions.length,
      marked: functions.filter(({ marked }) => marked).length,
      called: functions.filter(({ calls }) => calls > 0).length,
    },
    lines: { of: lines.length, reached: lines.filter(([, times]) => (times ?? 0) > 0).length },
    arms: { of: arms.length, taken: arms.filter(({ taken }) => taken > 0).length },
  };
}
