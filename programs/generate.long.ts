// Random programs, more and larger ones: every schedule, against what the reduction leaves of them.
import { describe, it } from "vitest";
import { compareAll } from "./test-schedules.ts";

const SCHEDULES_MAX = 200_000;

describe("random programs have the traces of all their schedules", () => {
  it("with words only", () => compareAll("long words", 300, SCHEDULES_MAX, { ops: 4, mutexes: false, waits: false, spawns: false }));
  it("with mutexes", () => compareAll("long mutexes", 300, SCHEDULES_MAX, { waits: false, conditions: false, spawns: false }));
  it("with waits", () => compareAll("long waits", 300, SCHEDULES_MAX, { mutexes: false, spawns: false }));
  it("with condition variables", () => compareAll("long conditions", 300, SCHEDULES_MAX, { waits: false }));
  it("with everything", () => compareAll("long everything", 500, SCHEDULES_MAX, { words: 3 }));
});
