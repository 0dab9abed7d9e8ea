import { expect, it } from "vitest";
import { fuzz } from "./test-fuzz.ts";

const SEED = process.env["INTERLOCK_FUZZ_SEED"] ?? "long";
const INPUTS = Number(process.env["INTERLOCK_FUZZ_INPUTS"] ?? 1_000_000);
const CHUNK = 20_000;

it(`refuses ${String(INPUTS)} spoiled inputs in one line each, or takes them (seed ${SEED})`, async () => {
  for (let from = 0; from < INPUTS; from += CHUNK) {
    expect((await fuzz(`${SEED}/${String(from)}`, Math.min(CHUNK, INPUTS - from))).wrong).toEqual([]);
  }
});
