import { describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { loadVariant } from "./bundled-engine.ts";
import { parseConfig } from "./config-schema.ts";
import { engine } from "./engine.ts";
import { exhaust } from "./test-allocations.ts";

/** One or two of each family whose routines allocate what may fail. */
const SCENARIOS = [
  "addresses-come-and-go", "group-members", "group-churn", "tun-writes", "loopback-senders", "loopback-overload", "loopback-first-packet",
];
const BREADTH = { schedules: 8, paired: 3 };

describe("with each allocation failing that may", () => {
  it.each(SCENARIOS)("%s keeps every promise", (name) => {
    const { places, runs, failures } = exhaust(engine, name, BREADTH);

    expect(failures).toEqual([]);
    expect(places).toBeGreaterThan(0);
    expect(runs).toBeGreaterThanOrEqual(places);
  });

  it("a routine that leaks when it gets no more memory is told from one that does not", async () => {
    const { engine: leaking } = await loadVariant(findRoot(), "mutants/leaks-without-memory");

    expect(exhaust(leaking, "group-members", BREADTH).failures).toContainEqual(expect.stringContaining("memory-is-returned"));
  });
});

describe("the allocations that fail", () => {
  it("are part of the configuration record", () => {
    const config = engine.scenario("group-members").smallest;
    const failing = { ...config, faults: { ...config.faults, failing: [2, 5] } };

    expect(parseConfig(JSON.parse(JSON.stringify(failing)))).toEqual(failing);
  });
});
