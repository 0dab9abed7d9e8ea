import { expect, it } from "vitest";
import { COMMANDS, SLOW_COMMANDS, fuzzCommands } from "./test-fuzz-commands.ts";

const SEED = "1";

it.each([
  ["on the small engine", COMMANDS, 300],
  // All but the first, which explores.
  ["on the kernel", SLOW_COMMANDS.slice(1), 20],
])(`commands %s refuse spoiled inputs in one line, or take them, and write nowhere but in --out (seed ${SEED})`, async (_where, commands, cases) => {
  const { wrong, refused } = await fuzzCommands(SEED, cases, commands);

  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(cases / 4);
  expect(refused).toBeLessThan(cases);
});
