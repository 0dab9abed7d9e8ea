import { describe, expect, it } from "vitest";
import { engine } from "./engine.ts";
import { exhaust, type Exhausted } from "./test-allocations.ts";

const BREADTH = { schedules: 100, paired: 6 };

describe("with each allocation failing that may, and pairs of the first", () => {
  const table: Exhausted[] = [];

  it.each(engine.usual)("%s keeps every promise", (name) => {
    const met = exhaust(engine, name, BREADTH);
    table.push(met);

    expect(met.failures).toEqual([]);
  });

  it("the places, by scenario", () => {
    const rows = table.filter(({ places }) => places > 0);
    // The table is what a reader of the long tests looks for.
    console.log(rows.map(({ scenario, schedules, places, runs, failures }) =>
      `${scenario}: ${String(schedules)} schedules, ${String(places)} places, ${String(runs)} runs, ${String(failures.length)} failures`).join("\n"));

    expect(rows.length).toBeGreaterThan(0);
  });
});
