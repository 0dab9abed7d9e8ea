import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCENARIOS } from "../scenarios/index.ts";
import { readGolden, writeGolden, type GoldenEntry } from "./format.ts";
import { differences, record, recordToken } from "./perform.ts";

const text = readFileSync(join(import.meta.dirname, "runs.json"), "utf8");
const entries = readGolden(text);
const asTheModelStands = entries.filter(({ variant }) => variant === null);

describe("golden runs", () => {
  it.each(SCENARIOS)("of $name leave what is committed", ({ name }) => {
    const own = asTheModelStands.filter(({ scenario }) => scenario === name);

    const strategies = own.map(({ strategy }) => strategy?.replace(/:.*/, ""));
    expect(strategies).toEqual(expect.arrayContaining(["random", "pct", "pos", "round-robin", "exhaustive", "timed"]));
    expect(own.flatMap(differences)).toEqual([]);
  });

  it("fail in every way there is, or are found racing", () => {
    const kinds = new Set(entries.map(({ last }) => last.failure.split(" ")[0]));

    expect([...kinds].sort()).toEqual(["", "Discipline", "Memory", "Panic", "Stuck", "Violation"]);
    expect(entries.some(({ last }) => last.races > 0)).toBe(true);
  });

  it("are written as they are read", () => {
    expect(writeGolden(entries)).toBe(text);
  });
});

describe("a difference is told", () => {
  const entry = record({ scenario: "handoff", variant: null, strategy: "random", firstSeed: 7, runs: 3 });

  it("not where there is none", () => {
    expect(differences(entry)).toEqual([]);
  });

  it("by what is different in the last run, from its seed and replayed", () => {
    const changed: GoldenEntry = { ...entry, all: "0", last: { ...entry.last, log: "0123456789abcdef" } };

    expect(differences(changed)).toEqual([
      `handoff, random, seeds 7 to 9: log ${entry.last.log}, committed 0123456789abcdef`,
      `handoff, replayed: log ${entry.last.log}, committed 0123456789abcdef`,
    ]);
  });

  it("when it is in an earlier run", () => {
    expect(differences({ ...entry, all: "0" })).toEqual([
      "handoff, random, seeds 7 to 9: an earlier run than the last differs",
    ]);
  });

  it("when a search ends earlier", () => {
    const few = record({ scenario: "sleep-wakeup", variant: null, strategy: "exhaustive:p=0", firstSeed: 0, runs: 100 });

    expect(few.runs).toBeLessThan(100);
    expect(differences({ ...few, runs: 100 })[0]).toBe(
      `sleep-wakeup, exhaustive:p=0, seeds 0 to 99: ${String(few.runs)} runs, committed are 100`,
    );
  });

  it("when the token is another run's", () => {
    const other = record({ scenario: "handoff", variant: null, strategy: "random", firstSeed: 8, runs: 1 });

    expect(differences({ ...entry, token: other.token })).toHaveLength(1);
    expect(recordToken(other.token!, null).last).toEqual(other.last);
  });
});
