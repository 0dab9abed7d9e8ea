// Recorded sets of final outcomes, explored completely: what takes longer.

import { expect, test } from "vitest";
import { exhaustOutcomes, outcomeKey, readOutcomes, runOutcome, type OutcomeSpec } from "../../scenarios/index.ts";
import { Dpor, Recording } from "../../sim/index.ts";
import { outcomeTexts } from "./data.ts";

const specOf = (name: string): OutcomeSpec => {
  const spec = readOutcomes(new Map(outcomeTexts()).get(name)!);
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return spec;
};

const keysOf = ({ outcomes }: OutcomeSpec): readonly string[] => outcomes.map(outcomeKey).sort();

test("an owner that moves: 17,529 executions, which come to what is listed", () => {
  const spec = specOf("owner-moves");
  const all = exhaustOutcomes(spec.system, 20_000);
  expect(all).toMatchObject({ executions: 17_529, complete: true });
  expect(all.outcomes.map(({ outcome }) => outcomeKey(outcome)).sort()).toEqual(keysOf(spec));
});

test("two senders that sleep on locks: 18,094 executions, which come to the same as the 26 in which nobody does", () => {
  const spec = specOf("two-senders");
  const search = new Dpor();
  const recording = new Recording();
  const reached = new Set<string>();
  while (search.begin()) {
    const { outcome } = runOutcome(spec.system, search, recording);
    reached.add(outcome === null ? "a bound" : outcomeKey(outcome));
  }
  expect([...reached].sort()).toEqual(keysOf(spec));
  expect({ executions: search.executions, covered: search.covered, infeasible: search.infeasible })
    .toEqual({ executions: 18_094, covered: 0, infeasible: 0 });
});
