import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Draws, rng } from "./rng.ts";

describe("a random stream", () => {
  it("is alea, and the same again from the same path (regression: these numbers are only stable)", () => {
    const stream = rng("seed");
    const first = [stream.next(), stream.next(), stream.next(), stream.next()];

    expect(first).toMatchInlineSnapshot(`
      [
        -562783697,
        1075077704,
        -1628845363,
        -1462146453,
      ]
    `);
    expect(rng("seed").next()).toBe(first[0]);
  });

  it("has nothing in common with the stream of a neighbouring seed (100,000 seeds, within 5 sigma)", () => {
    const seeds = 100_000;
    const bits = 32;
    const ones = new Array<number>(bits).fill(0);
    const flips = new Array<number>(bits).fill(0);
    let before = rng("s/-1").next();
    for (let i = 0; i < seeds; i++) {
      const value = rng(`s/${String(i)}`).next();
      for (let bit = 0; bit < bits; bit++) {
        ones[bit]! += (value >>> bit) & 1;
        flips[bit]! += ((value ^ before) >>> bit) & 1;
      }
      before = value;
    }

    const most = 5 * Math.sqrt(seeds / 4);
    for (const count of [...ones, ...flips]) expect(Math.abs(count - seeds / 2)).toBeLessThan(most);
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
