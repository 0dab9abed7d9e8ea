import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hash64, choicesHash } from "./hash.ts";

const hashOf = (values: readonly number[]): string => {
  const hash = new Hash64();
  hash.addAll(values);
  return hash.text;
};

const hashOfTexts = (...texts: readonly string[]): string => {
  const hash = new Hash64();
  for (const text of texts) hash.addText(text);
  return hash.text;
};

const INTEGER = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe("the hash of a log", () => {
  it("is the same on every machine", () => {
    expect(hashOf([])).toBe("85ebca6b9e3779b9");
    expect(hashOf([1, -1, 2 ** 31 - 1, -(2 ** 31)])).toBe("d6812ad8ff5c99b4");
    expect(hashOfTexts("ifsq_started")).toBe("938e3da1746816cb");
  });

  it("tells apart what differs in one entry, wherever", () => {
    const list = fc.array(INTEGER, { minLength: 1, maxLength: 50 });
    fc.assert(fc.property(list, fc.nat(), INTEGER, (values, at, other) => {
      const place = at % values.length;
      fc.pre(values[place] !== other);
      expect(hashOf(values.with(place, other))).not.toBe(hashOf(values));
    }));
  });

  it("tells apart a log and its beginning", () => {
    expect(hashOf([0])).not.toBe(hashOf([]));
    expect(hashOf([0, 0])).not.toBe(hashOf([0]));
  });

  it("does not confuse two texts with one", () => {
    expect(hashOfTexts("ab", "c")).not.toBe(hashOfTexts("a", "bc"));
  });
});

describe("the hash of choices", () => {
  it("tells apart what differs in one place", () => {
    const list = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(list, fc.nat(), fc.boolean(), (values, at, inDraws) => {
      const changed = values.with(at % values.length, (values[at % values.length] ?? 0) + 1);
      const make = (given: readonly number[]): bigint =>
        choicesHash(inDraws ? { schedule: [], draws: given } : { schedule: given, draws: [] });
      expect(make(changed)).not.toBe(make(values));
    }));
  });

  it("does not confuse schedule and draws", () => {
    expect(choicesHash({ schedule: [1, 2], draws: [] })).not.toBe(choicesHash({ schedule: [], draws: [1, 2] }));
  });
});
