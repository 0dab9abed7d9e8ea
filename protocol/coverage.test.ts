import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_COVERAGE, mergeCoverage, operationsOf, pairName, type ProtocolCoverage } from "./coverage.ts";

const name = fc.constantFrom("a", "b", "c", "__proto__", "toString", "");
const count = fc.integer({ min: 0, max: 1000 });
const runs = fc.dictionary(name, count);
const met = fc.record({ before: count, after: count, overlapped: count, unguarded: count });

const coverage: fc.Arbitrary<ProtocolCoverage> = fc.dictionary(name, fc.record({
  runs: count,
  operations: fc.dictionary(name, runs),
  orders: fc.dictionary(name, fc.dictionary(name, met)),
  routines: fc.dictionary(name, fc.dictionary(name, runs)),
  branches: fc.dictionary(name, runs),
  errnos: fc.dictionary(name, runs),
}));

/** Whatever the order of the names. */
const canonical = (value: unknown): unknown =>
  typeof value !== "object" || value === null
    ? value
    : Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, canonical(each)]);

const SEED = { seed: 20251, numRuns: 30 };

describe("merging coverage", () => {
  it("is commutative and associative, and nothing is its neutral element (30 triples)", () => {
    fc.assert(fc.property(coverage, coverage, coverage, (a, b, c) => {
      expect(canonical(mergeCoverage(a, b))).toEqual(canonical(mergeCoverage(b, a)));
      expect(canonical(mergeCoverage(mergeCoverage(a, b), c))).toEqual(canonical(mergeCoverage(a, mergeCoverage(b, c))));
      expect(canonical(mergeCoverage(a, NO_COVERAGE))).toEqual(canonical(a));
      expect(canonical(mergeCoverage(NO_COVERAGE, a))).toEqual(canonical(a));
    }), SEED);
  });

  it("adds, and leaves what it was given alone", () => {
    const a = { s: { runs: 1, operations: { w: { x: 1 } }, orders: {}, routines: {}, branches: { b: { netisr: 2 } }, errnos: {} } };
    const before = structuredClone(a);

    expect(mergeCoverage(a, a)).toEqual({
      s: { runs: 2, operations: { w: { x: 2 } }, orders: {}, routines: {}, branches: { b: { netisr: 4 } }, errnos: {} },
    });
    expect(a).toEqual(before);
  });
});

it("the name of a pair can be taken apart again", () => {
  expect(operationsOf(pairName("IPI begin", "netisr crit_enter"))).toEqual(["IPI begin", "netisr crit_enter"]);
});
