import { describe, expect, it } from "vitest";
import { recordedSchedules } from "../test-corpora.ts";
import { derivedOf } from "./published.ts";
import { SCTBENCH } from "./sctbench.ts";
import { exactly, sampled } from "./test-sctbench.ts";

const derived = derivedOf(recordedSchedules());
/** What can be enumerated. */
const ENUMERATED = 500_000;

describe("programs of SCTBench", () => {
  it("are all those whose probabilities are derived", () => {
    expect(SCTBENCH.map(({ name }) => name)).toEqual(derived.map(({ name }) => name));
  });

  it.each(derived.filter(({ walk }) => walk.executions <= ENUMERATED).map((each) => [each.name, each] as const))(
    "%s goes wrong with its derived probabilities, enumerated",
    (_name, each) => {
      expect(exactly(each)).toEqual([]);
    },
  );

  it.each(derived.map((each) => [each.name, each] as const))("%s goes wrong as often as derived in 20,000 runs", (_name, each) => {
    expect(sampled(each)).toEqual([]);
  });
});
