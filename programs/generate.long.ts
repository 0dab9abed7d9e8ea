// Random programs, more and larger ones: every schedule, against what the reduction leaves of them.
import { describe, expect, it } from "vitest";
import type { Mix } from "./generate.ts";
import { compareAll } from "./test-schedules.ts";

const SCHEDULES_MAX = 200_000;

function compare(name: string, seeds: number, mix: Partial<Mix>): void {
  const { compared, complaints } = compareAll(name, seeds, SCHEDULES_MAX, mix);
  expect(complaints).toEqual([]);
  expect(compared).toBeGreaterThan(seeds / 2);
}

describe("random programs have the traces of all their schedules", () => {
  it("with words only", () => compare("long words", 300, { ops: 4, mutexes: false, waits: false, spawns: false }));
  it("with mutexes", () => compare("long mutexes", 300, { waits: false, conditions: false, spawns: false }));
  it("with waits", () => compare("long waits", 300, { mutexes: false, spawns: false }));
  it("with condition variables", () => compare("long conditions", 300, { waits: false }));
  it("with everything", () => compare("long everything", 500, { words: 3 }));
});
