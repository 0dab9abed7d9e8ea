import { describe, expect, it } from "vitest";
import { occupancy, percentiles } from "./statistics.ts";

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

describe("percentiles by nearest rank", () => {
  it("of one value are that value", () => {
    expect(percentiles([7])).toEqual({ count: 1, sum: 7, mean: 7, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 });
  });

  it("of 1 to 10 in any order", () => {
    const sample = [3, 1, 10, 2, 9, 4, 8, 5, 7, 6];

    expect(percentiles(sample)).toEqual({ count: 10, sum: 55, mean: 5.5, p50: 5, p90: 9, p99: 10, p999: 10, max: 10 });
    expect(sample[0]).toBe(3);
  });

  it("of 1 to 1000 count thousandths", () => {
    expect(percentiles(upTo(1000))).toMatchObject({ p50: 500, p90: 900, p99: 990, p999: 999, max: 1000 });
    expect(percentiles(upTo(1001))).toMatchObject({ p50: 501, p90: 901, p99: 991, p999: 1000, max: 1001 });
  });

  it("sort numbers, not words", () => {
    expect(percentiles([9, 100, 20])).toMatchObject({ p50: 20, max: 100 });
  });

  it("of nothing are nothing", () => {
    expect(percentiles([])).toBeNull();
  });
});

describe("occupancy", () => {
  it("adds up how long each was inside", () => {
    // 0 to 10, 4 to 6, 5 to 12: one inside from 0 to 4, two to 5, three to 6, two to 10, one to 12.
    expect(occupancy([0, 4, 5], [10, 6, 12])).toEqual({ integral: 4 + 2 + 3 + 8 + 2, most: 3 });
  });

  it("does not count who leaves when another comes", () => {
    expect(occupancy([0, 5], [5, 9])).toEqual({ integral: 9, most: 1 });
  });

  it("is nothing when nobody came", () => {
    expect(occupancy([], [])).toEqual({ integral: 0, most: 0 });
  });
});
