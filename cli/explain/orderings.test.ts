import { describe, expect, it } from "vitest";
import { Draws, rng } from "../../sim/rng.ts";
import { EXPECTED, orderingOf, type Expected } from "./test-orderings.ts";

const SEED = "1";
const FEW = 3;

/** A few of the mutants; all in `orderings.long.ts`. */
function few(): readonly Expected[] {
  const draws = new Draws(rng(SEED));
  const left = [...EXPECTED];
  return Array.from({ length: FEW }, () => left.splice(draws.below(left.length), 1)[0] as Expected);
}

describe(`explain, of mutants drawn from seed ${SEED}`, () => {
  it.each(few())("names the root ordering of $mutant", async (expected) => {
    const { ordering, replayed } = await orderingOf(expected);
    expect(ordering).toEqual(expected.ordering);
    expect(replayed).toBe(expected.ordering === null ? "" : "passed");
  });
});
