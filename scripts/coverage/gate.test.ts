import { expect, test } from "vitest";
import { coveredLines } from "./gate.mjs";

const counts = (covered: number, total: number) => ({ lines: { total, covered } });
const summary = JSON.stringify({
  "total": counts(0, 1),
  "/root/sim/a.ts": counts(89, 100),
  "/root/sim/strategies/b.ts": counts(91, 100),
  "/root/model/a.ts": counts(89_999, 100_000),
  "/root/simulator/a.ts": counts(0, 100),
});

test("adds up every folder, and passes it at its limit but not a line below", () => {
  expect(coveredLines(summary, "/root", { sim: 90, model: 90 })).toEqual([
    { line: "model: 89.99 % of 100000 lines are covered, must be 90 %", under: true },
    { line: "sim: 90.00 % of 200 lines are covered, must be 90 %", under: false },
    { line: "simulator: 0.00 % of 100 lines are covered", under: false },
  ]);
});

test("a folder of which nothing was counted is under its limit", () => {
  expect(coveredLines(summary, "/root", { cli: 90 })[0])
    .toEqual({ line: "cli: 0.00 % of 0 lines are covered, must be 90 %", under: true });
});
