import { describe, expect, it } from "vitest";
import { EXPECTED, orderingOf } from "./test-orderings.ts";

describe("explain", () => {
  const classes = new Map<string, string>();

  it.each(EXPECTED)("names the root ordering of $mutant, which is a class of its own", async (expected) => {
    const { ordering, replayed, explanation } = await orderingOf(expected);
    expect(ordering).toEqual(expected.ordering);
    expect(replayed).toBe(expected.ordering === null ? "" : "passed");
    if (ordering === null) return;
    expect(classes.get(explanation.class)).toBeUndefined();
    classes.set(explanation.class, expected.mutant);
  });
});
