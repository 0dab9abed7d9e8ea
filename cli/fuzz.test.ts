import { expect, it } from "vitest";
import { TARGETS, fuzz } from "./test-fuzz.ts";

const SEED = "1";
const INPUTS = 20_000;

it.each(TARGETS)("accepts what is valid: $name", async ({ examples, read }) => {
  for (const example of examples) expect(await read(example)).toBeNull();
});

it(`refuses ${String(INPUTS)} spoiled inputs in one line each, or takes them (seed ${SEED})`, async () => {
  const { wrong, refused } = await fuzz(SEED, INPUTS);

  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(INPUTS / 2);
});
