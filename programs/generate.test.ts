// Random programs: every schedule, against what the reduction leaves of them.
import { describe, expect, it } from "vitest";
import type { Mix } from "./generate.ts";
import { compareAll } from "./test-schedules.ts";

const SEEDS = 30;
const SCHEDULES_MAX = 2_000;

function compare(name: string, mix: Partial<Mix>): void {
  const { compared, complaints } = compareAll(name, SEEDS, SCHEDULES_MAX, mix);
  expect(complaints).toEqual([]);
  expect(compared).toBeGreaterThan(SEEDS / 2);
}

describe("random programs have the traces of all their schedules", () => {
  it("with words only", () => compare("words", { mutexes: false, waits: false, spawns: false }));
  it("with mutexes", () => compare("mutexes", { waits: false, conditions: false, spawns: false }));
  it("with waits", () => compare("waits", { mutexes: false, spawns: false }));
  it("with everything", () => compare("everything", {}));
});
