import fc from "fast-check";
import seedrandom from "seedrandom";
import { describe, expect, it } from "vitest";
import { choicesHash } from "./recording.ts";
import { Draws, rng } from "./rng.ts";

describe("a random stream", () => {
  it("is the alea generator of its seed", () => {
    const stream = rng("seed");
    const alea = seedrandom.alea("seed");

    for (let i = 0; i < 100; i++) expect(stream.next()).toBe(alea.int32());
  });

  it("forks by name, whatever was drawn before", () => {
    const used = rng("seed");
    used.next();

    expect(used.fork("a").next()).toBe(rng("seed").fork("a").next());
    expect(used.fork("a").path).toBe("seed/a");
    expect(used.fork("a").next()).not.toBe(used.fork("b").next());
  });
});

describe("draws", () => {
  it("stay below their bound", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.string(), (n, seed) => {
      const value = new Draws(rng(seed)).below(n);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(n);
    }));
  });

  it.each([2, 3, 5, 8, 100])("are uniform (below %i, within 5 sigma)", (n) => {
    const draws = new Draws(rng("uniform"));
    const counts = new Array<number>(n).fill(0);
    const samples = 100_000;
    for (let i = 0; i < samples; i++) counts[draws.below(n)]!++;

    const sigma = Math.sqrt((samples / n) * (1 - 1 / n));
    for (const count of counts) expect(Math.abs(count - samples / n)).toBeLessThan(5 * sigma);
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
