import fc from "fast-check";
import { Parser, type EventLog, type Result } from "tap-parser";
import { describe, expect, it } from "vitest";
import { tapLines } from "./tap.ts";
import { endingOf, failedEnding, hostileEnding, reportOf, resultOf, resultsOf, scenarioOf } from "./test-ending.ts";
import { oneLine, printable } from "./text.ts";

const textOf = (...ending: Parameters<typeof tapLines>): string => `${tapLines(...ending).join("\n")}\n`;

/** What an independent parser makes of it; text that is not TAP would be an event of its own. */
const read = (text: string): EventLog => Parser.parse(text, { strict: true });

/** The test points of a document or of a subtest. */
const points = (log: EventLog): readonly Result[] =>
  log.filter((event): event is ["assert", Result] => event[0] === "assert").map(([, result]) => result);

const subtest = (log: EventLog, at: number): readonly Result[] =>
  points(log.filter((event): event is ["child", EventLog] => event[0] === "child")[at]![1]);

/** The diagnostics of a test point. */
const diag = (result: Result | undefined): Readonly<Record<string, string>> => result?.diag as Record<string, string>;

describe("tap", () => {
  it("is a document of version 14 with a subtest for every scenario", () => {
    const log = read(textOf(failedEnding()));

    expect(log[0]).toEqual(["version", 14]);
    expect(points(log).map(({ ok, name }) => [ok, name])).toEqual([[true, "interlock"], [false, "two-senders"], [true, "one-sender"]]);
    expect(subtest(log, 2).map(({ name }) => name)).toEqual([
      "no-lost-start", "queue-limit", "Panic", "Discipline", "Race", "Memory", "Stuck", "Bound",
    ]);
  });

  it("prints a failure with its counterexample", () => {
    const failed = subtest(read(textOf(failedEnding())), 1).filter(({ ok }) => !ok);

    expect(failed).toHaveLength(1);
    expect(diag(failed[0])).toMatchObject({ message: "A packet waits and nobody starts.", type: "Violation" });
    expect(diag(failed[0])["counterexample"]).toMatch(/^Violation {2}no-lost-start {2}in two-senders\n[^]+ {4}enter ifsq_lock[^]+npx interlock replay ilk1:two-senders/);
  });

  it("has known findings to do, and skips what is open", () => {
    const failures = [resultOf(reportOf("two-senders", {}, { kind: "Race", id: "data-race" }), true)];
    const results = resultsOf([scenarioOf("two-senders", { failures, unreached: ["ring-fills"] })]);
    const log = read(textOf(endingOf(results)));
    const [known] = subtest(log, 1).filter(({ name }) => name === "Race");
    const [open] = subtest(log, 1).filter(({ name }) => name === "ring-fills");

    expect([known!.ok, known!.todo]).toEqual([false, expect.stringMatching(/^known finding c073/)]);
    expect([open!.ok, open!.skip]).toEqual([true, "not reached by any run"]);
    expect(points(log).every(({ ok }) => ok)).toBe(true);
  });

  it("bails out at a fault of Interlock", () => {
    const text = textOf(endingOf(resultsOf([]), { fault: { whose: "interlock", message: "ran\ndifferently", details: [] } }));

    expect(read(text).find(([event]) => event === "bailout")).toEqual(["bailout", "ran differently"]);
  });

  it("is read back whole, whatever things are called", () => {
    fc.assert(fc.property(hostileEnding, (ending) => {
      const [report] = ending.failures;
      const text = textOf(ending);
      const log = read(text);
      const [failed] = subtest(log, 1).filter(({ ok }) => !ok);

      expect(log.filter(([event]) => event === "extra")).toEqual([]);
      expect(log.find(([event]) => event === "complete")![1]).toMatchObject({ count: 3, pass: 2, fail: 1, ok: false });
      expect(failed!.name).toBe(oneLine(report!.failure.id));
      expect(diag(failed)["message"]).toBe(printable(report!.failure.message));
      expect(diag(failed)["counterexample"]).toContain(printable(report!.token));
    }), { seed: 5, numRuns: 200 });
  });
});
