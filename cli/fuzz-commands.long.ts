import { expect, it } from "vitest";
import { COMMANDS, SLOW_COMMANDS, fuzzCommands } from "./test-fuzz-commands.ts";

const SEED = process.env["INTERLOCK_FUZZ_SEED"] ?? "long";

it.each([
  ["on the small engine", COMMANDS, Number(process.env["INTERLOCK_FUZZ_COMMANDS"] ?? 10_000)],
  ["on the kernel, and those that explore", SLOW_COMMANDS, Number(process.env["INTERLOCK_FUZZ_COMMANDS"] ?? 10_000) / 125],
])(`commands %s refuse spoiled inputs in one line, or take them, and write nowhere but in --out (seed ${SEED})`, async (_where, commands, cases) => {
  const { wrong, refused } = await fuzzCommands(SEED, cases, commands);

  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(cases / 4);
});
