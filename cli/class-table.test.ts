import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Draws, rng } from "../sim/index.ts";
import { ClassTable } from "./class-table.ts";

const tableOf = (classes: readonly (readonly [hash: bigint, run: number])[]): ClassTable => {
  const table = new ClassTable();
  for (const [hash, run] of classes) table.add(hash, run);
  return table;
};

/** Few classes, so that they are shown again; some share their low bits. */
const runs = fc.array(fc.integer({ min: 0, max: 40 }).map((n) => BigInt(n) << 32n), { maxLength: 200 })
  .map((hashes) => hashes.map((hash, run) => [hash, run] as const));

describe("a table of classes", () => {
  it("counts like a map", () => {
    fc.assert(fc.property(runs, (classes) => {
      const shown = new Map<bigint, number[]>();
      for (const [hash, run] of classes) shown.set(hash, [...(shown.get(hash) ?? []), run]);
      const once = [...shown.values()].filter(({ length }) => length === 1).length;
      const table = tableOf(classes);

      expect([table.runs, table.count, table.once]).toEqual([classes.length, shown.size, once]);
      expect([...table.hashes()].sort()).toEqual([...shown.keys()].sort());
      expect(table.risk).toBe(classes.length === 0 ? 1 : once / classes.length);
    }), { seed: 4 });
  });

  it("adds up from shards in any order, through text", () => {
    fc.assert(fc.property(runs, fc.integer({ min: 1, max: 5 }), fc.boolean(), (classes, of, reversed) => {
      const shards = Array.from({ length: of }, (_, i) => tableOf(classes.filter(([, run]) => run % of === i)));
      const merged = new ClassTable();
      for (const shard of reversed ? shards.reverse() : shards) merged.join(shard.asText());

      expect(merged.asText()).toEqual(tableOf(classes).asText());
    }), { seed: 5 });
  });

  it("grows, and tells per thousand runs what was new", () => {
    const table = tableOf(Array.from({ length: 5000 }, (_, run) => [BigInt(run < 2500 ? run : run % 100) * 97n, run]));

    expect(table.count).toBe(2500);
    expect(table.curve(5000)).toEqual([1000, 1000, 500, 0, 0]);
  });
});

describe("the chance of a new class", () => {
  /** Runs show class i of 2,000 with a chance in proportion to 1/(i + 1): many classes are rare. */
  const weights = Array.from({ length: 2000 }, (_, i) => 2000 / (i + 1));
  const sums: number[] = [];
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
  const all = sums.at(-1)!;

  function estimated(seed: string): readonly [estimate: number, truth: number] {
    const draws = new Draws(rng(seed));
    const table = new ClassTable();
    const shown = new Set<number>();
    for (let run = 0; run < 1000; run++) {
      const point = (draws.below(1 << 30) / (1 << 30)) * all;
      const found = sums.findIndex((sum) => point < sum);
      shown.add(found);
      table.add(BigInt(found + 1), run);
    }
    const hidden = weights.reduce((sum, weight, i) => sum + (shown.has(i) ? 0 : weight), 0);
    return [table.risk, hidden / all];
  }

  it("is estimated without bias, and closely", () => {
    const pairs = Array.from({ length: 100 }, (_, i) => estimated(`risk/${String(i)}`));
    const errors = pairs.map(([estimate, truth]) => estimate - truth);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);

    // About 0.23 is hidden. The bias of the estimate is at most 1/runs; the mean of 100 has a tenth of the deviation.
    expect(pairs[0]![1]).toBeGreaterThan(0.15);
    expect(Math.abs(mean)).toBeLessThan(0.001 + 3.3 * deviation / 10);
    expect(deviation).toBeLessThan(0.03);
  });
});
