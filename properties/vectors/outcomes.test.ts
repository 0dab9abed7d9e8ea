// Recorded sets of final outcomes: the model reaches every outcome that is listed, and no other.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  EXPLORE,
  exhaustOutcomes,
  exploreOutcomes,
  outcomeKey,
  readOutcomes,
  runOutcome,
  searchOutcomes,
  type OutcomeSpec,
} from "../../scenarios/index.ts";
import { RandomWalk, Recording, Replay } from "../../sim/index.ts";
import { outcomeTexts } from "./data.ts";

const specOf = (text: string): OutcomeSpec => {
  const spec = readOutcomes(text);
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return spec;
};

const specs = new Map(outcomeTexts().map(([name, text]) => [name, specOf(text)]));

describe("the outcomes of", () => {
  test.each([...specs])("%s", (_name, spec) => {
    const { expected, reached, missing, extra, inconclusive } = exploreOutcomes(spec, { ...EXPLORE, runsMin: 1500 });
    expect({ missing, extra, inconclusive }).toEqual({ missing: [], extra: [], inconclusive: 0 });
    expect(reached).toBe(expected);
  });
});

/** Counted, not derived: every order of what could be noticed while nobody sleeps on a lock. */
describe("all orders there are", () => {
  test.each([
    ["two-senders", 26],
    ["two-senders-ring-full", 168],
    ["staged-pair", 159],
    ["queue-overflow", 5701],
  ])("of %s: %i executions, which come to what is listed", (name, executions) => {
    const spec = specs.get(name)!;
    const all = exhaustOutcomes(spec.system, executions + 1);
    expect(all).toMatchObject({ executions, complete: true });
    expect(all.outcomes.map(({ outcome }) => outcomeKey(outcome)).sort()).toEqual(spec.outcomes.map(outcomeKey).sort());
  });

  test("are not said to be all where they are not, and drawn runs are made as far as wanted", () => {
    const spec = specs.get("two-senders")!;
    expect(searchOutcomes(spec, 20, { ...EXPLORE, runsMin: 1500 })).toMatchObject({ executions: 20, complete: false, runs: 1500, reached: 2, missing: [], extra: [] });
    expect(searchOutcomes(spec)).toMatchObject({ executions: 26, complete: true, runs: 1000, reached: 2, missing: [], extra: [] });
  });

  test("tell an outcome that is not listed, with a run that sleeps on locks as any other", () => {
    const spec = specs.get("staged-pair")!;
    const { extra } = searchOutcomes({ ...spec, outcomes: spec.outcomes.slice(1) });
    expect(extra.map(({ outcome }) => outcome)).toEqual([spec.outcomes[0]]);
    const again = new Replay(extra[0]!.choices);
    again.begin();
    expect(runOutcome(spec.system, again, new Recording()).outcome).toEqual(spec.outcomes[0]);
    expect(again.departure).toBeNull();
  });
});

describe("a wrong set is noticed", () => {
  const spec = specs.get("two-senders-ring-full")!;
  const brief = { ...EXPLORE, runsMin: 500, runsMax: 1000 };

  test("an outcome that cannot be reached is missing", () => {
    const [outcome] = spec.outcomes;
    if (typeof outcome !== "object") throw new Error("an outcome at rest");
    const impossible = { ...outcome, stuck: 1 };
    const result = exploreOutcomes({ ...spec, outcomes: [...spec.outcomes, impossible] }, brief);
    expect(result).toMatchObject({ expected: 5, reached: 4, missing: [impossible], extra: [] });
  });

  test("an outcome that is not listed is extra, with a run that reaches it again", () => {
    const { extra } = exploreOutcomes({ ...spec, outcomes: spec.outcomes.slice(1) }, brief);
    expect(extra.map(({ outcome }) => outcome)).toEqual([spec.outcomes[0]]);
    const again = new Replay(extra[0]!.choices);
    again.begin();
    expect(runOutcome(spec.system, again, new Recording()).outcome).toEqual(spec.outcomes[0]);
    expect(again.departure).toBeNull();
  });
});

test("the same seed explores the same runs", () => {
  const spec = specs.get("queue-overflow")!;
  const brief = { ...EXPLORE, runsMin: 300, runsMax: 300 };
  expect(exploreOutcomes(spec, brief)).toEqual(exploreOutcomes(spec, brief));
});

test("two runs of one seed are the same run", () => {
  const { system } = specs.get("owner-moves")!;
  const run = (): { readonly log: Int32Array; readonly outcome: unknown } => {
    const recording = new Recording();
    const strategy = new RandomWalk();
    strategy.begin("7");
    const { outcome } = runOutcome(system, strategy, recording);
    return { log: recording.log.slice(), outcome };
  };
  expect(run()).toEqual(run());
});

test("no outcome beyond the recorded ones had to be argued", () => {
  const text = readFileSync(new URL("../../findings/outcomes.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toEqual([]);
});
