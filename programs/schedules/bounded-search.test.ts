import { describe, expect, it } from "vitest";
import { DelayBounded, Exhaustive, RoundBounded, TraceHasher, explore, type Strategy } from "../../sim/index.ts";
import { Compiled } from "../compile.ts";
import { readProgram } from "../reading.ts";
import { recordedCounts } from "../test-corpora.ts";

// A search within a bound visits exactly the traces that have a schedule within it: recorded lists, one number for each
// bound from 0 on. Rows whose searches are small; `interlock corpus counts` judges all of them another way.

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly expected: readonly number[];
  readonly assert: boolean;
  readonly params: unknown;
  readonly program?: { readonly threads: readonly (readonly unknown[])[] };
}

const SEARCHES: Readonly<Record<string, (bound: number) => Strategy & { readonly cut?: boolean }>> = {
  "preemption-bounded": (bound) => new Exhaustive(bound),
  "round-robin-bounded": (bound) => new RoundBounded(bound),
  "delay-bounded": (bound) => new DelayBounded(bound),
};
const TRACES_MAX = 24;
const DELAYS_MAX = 3;

const { programs } = recordedCounts() as { readonly programs: readonly Row[] };
const rows = programs.filter(
  ({ kind, assert, expected, program }) =>
    assert && Object.hasOwn(SEARCHES, kind) && program !== undefined && (expected.at(-1) as number) <= TRACES_MAX,
);

/** Traces of runs in which nobody waits for ever. */
function traces(program: Compiled, strategy: Strategy & { readonly cut?: boolean }): number {
  const hasher = new TraceHasher();
  const found = new Set<bigint>();
  const { finished } = explore({ program, strategy, seed: "", runs: 200_000 }, ({ x }) => {
    if (strategy.cut !== true && !program.isBlocked) found.add(hasher.hash(x));
    return undefined;
  });
  expect(finished).toBe(true);
  return found.size;
}

describe.each(Object.keys(SEARCHES).filter((kind) => kind !== "delay-bounded"))("%s", (kind) => {
  const these = rows.filter((row) => row.kind === kind);

  it("has rows", () => {
    expect(these.length).toBeGreaterThan(20);
  });

  it.each(these.map((row) => [row.name, JSON.stringify(row.params), row] as const))("visits the recorded traces of %s %s", (_name, _params, row) => {
    const program = new Compiled(readProgram(row.program), { failing: false });

    expect(row.expected.map((_, bound) => traces(program, SEARCHES[kind]!(bound)))).toEqual(row.expected);
  });
});

describe("delay-bounded", () => {
  // Permutations of 6 with at most so many inversions, and choices of readers.
  it.each([
    ["6 writers", Array.from({ length: 6 }, (_, i) => [["st", "x", i + 1]]), [1, 6, 20, 49]],
    ["6 readers, then a writer", [...Array.from({ length: 6 }, () => [["ld", "a", "x"]]), [["st", "x", 42]]], [1, 7, 22, 42]],
  ])("visits the recorded traces of %s", (_name, threads, expected) => {
    const program = new Compiled(readProgram({ threads }), { failing: false });

    expect(expected.map((_, bound) => traces(program, new DelayBounded(bound)))).toEqual(expected);
    expect(expected).toHaveLength(DELAYS_MAX + 1);
  });
});
