// Recorded results of `if_ring_count2`: the model agrees with every one, and would not if it were wrong.

import { describe, expect, test } from "vitest";
import { conformRingCount, recognise } from "../../scenarios/index.ts";
import { ringCountText } from "./data.ts";

const text = ringCountText();

test("every recorded row agrees", () => {
  expect(recognise(text)).toBe("ring-count");
  expect(conformRingCount(text)).toEqual({ sequences: 1, operations: 550, divergence: null });
});

test("a changed result is a divergence, named by its row", () => {
  const rows = JSON.parse(text) as number[][];
  rows[99]![3]! *= 2;
  expect(conformRingCount(JSON.stringify(rows))).toMatchObject({
    operations: 99,
    divergence: { line: 100, seed: null, fields: [{ field: "result" }] },
  });
});

test("a routine that does not look at the CPUs is wrong", () => {
  const result = conformRingCount(text, (_ncpus2, cnt, cntMax) => (cnt <= 0 || cnt > cntMax ? cntMax : cnt));
  expect(result).toMatchObject({ divergence: { fields: [{ field: "result" }] } });
});

describe("a maximum that is no power of two", () => {
  test("panics, as the kernel does", () => {
    expect(conformRingCount('[[4,2,3,"panic: invalid ring count max 3"],[4,2,0,"panic"]]')).toEqual({
      sequences: 1,
      operations: 2,
      divergence: null,
    });
  });

  test("is a divergence where a number was recorded", () => {
    expect(conformRingCount("[[4,2,3,2]]")).toMatchObject({
      divergence: { got: { panic: "invalid ring count max 3" } },
    });
  });
});

describe("what is no ring count is told in one line", () => {
  test.each([
    ["[[1,2,3]]", "row 1: 4 numbers are needed, not 3"],
    ["[[1,2,4,1],[3,2,4,2]]", "row 2: ncpus2 must be a power of two, not 3"],
    ['[[1,"2",4,1]]', 'row 1: cnt: must be an integer from -2147483648 to 2147483647, not "2"'],
    ["[[0,2,4,1]]", "row 1: ncpus2: must be an integer from 1 to 1048576, not 0"],
    ["[]", "ring-count: not one row"],
    ["{}", "ring-count: an array is needed, not {}"],
    ["[[1,2,4,1", 'ring-count: not JSON: "[[1,2,4,1"'],
  ])("%s", (spoiled, unreadable) => {
    expect(conformRingCount(spoiled)).toEqual({ unreadable });
  });
});
