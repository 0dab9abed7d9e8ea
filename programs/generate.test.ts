// Random programs: every schedule, against what the reduction leaves of them.
import { describe, it } from "vitest";
import { compareAll } from "./test-schedules.ts";

const SEEDS = 30;
const SCHEDULES_MAX = 2_000;

describe("random programs have the traces of all their schedules", () => {
  it("with words only", () => compareAll("words", SEEDS, SCHEDULES_MAX, { mutexes: false, waits: false, spawns: false }));
  it("with mutexes", () => compareAll("mutexes", SEEDS, SCHEDULES_MAX, { waits: false, conditions: false, spawns: false }));
  it("with waits", () => compareAll("waits", SEEDS, SCHEDULES_MAX, { mutexes: false, spawns: false }));
  it("with everything", () => compareAll("everything", SEEDS, SCHEDULES_MAX, {}));
});
