import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anatomy, type FailureReport } from "./anatomy.ts";
import { githubReporter, type GithubSeat } from "./github.ts";
import type { Ending, Output } from "./reporter.ts";
import { causeResult, endingOf, failedEnding, hostileEnding, reportOf, resultOf, resultsOf, scenarioOf } from "./test-ending.ts";
import { printable } from "./text.ts";

const MIB = 1024 * 1024;
const NOWHERE: GithubSeat = { placeOf: () => null, room: MIB };

const told = (ending: Ending, seat = NOWHERE): Output => githubReporter(seat).end!(ending) as Output;

/** A workflow command as the runner takes it apart. */
interface Command {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const plain = (data: string): string => data.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");

function read(line: string): Command | null {
  const match = /^::(\w+) ([^]*?)::([^]*)$/.exec(line);
  if (match === null) return null;
  const [, level = "", list = "", data = ""] = match;
  const properties = Object.fromEntries(list.split(",").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [name, plain(value.join("=").replaceAll("%3A", ":").replaceAll("%2C", ","))];
  }));
  return { level, properties, message: plain(data) };
}

const commands = (ending: Ending, seat = NOWHERE): readonly Command[] =>
  (told(ending, seat).print ?? []).map(read).filter((command) => command !== null);

/** So many distinct failures of each of these kinds. */
function manyFailures(counts: Readonly<Record<string, number>>): Ending {
  const failures: FailureReport[] = Object.entries(counts).flatMap(([id, count]) =>
    Array.from({ length: count }, (_, i) => reportOf("two-senders", { fingerprint: `${id} ${String(i)}` }, { id })));
  const scenario = scenarioOf("two-senders", { verdict: "failed", failures: failures.map((report) => resultOf(report)) });
  return endingOf(resultsOf([scenario]), { failures });
}

describe("GitHub annotations", () => {
  it("name the promise, the evidence and the replay, where the routine is written", () => {
    const asked: unknown[] = [];
    const placeOf: GithubSeat["placeOf"] = (...names) => {
      asked.push(names);
      return { file: "model/net/if_start.ts", line: 40 };
    };

    expect(commands(failedEnding(), { ...NOWHERE, placeOf })).toEqual([{
      level: "error",
      properties: { file: "model/net/if_start.ts", line: "40", title: "Violation no-lost-start in two-senders" },
      message: "A packet waits and nobody starts.\nifsq_len: 1\nclass 00112233445566aa, 12 runs of Violation no-lost-start: passes if no-lost-start comes later\nreplay: npx interlock replay ilk1:two-senders",
    }]);
    expect(asked).toEqual([[["ifsq_ifstart_try", "ifq_dispatch"], "two-senders"]]);
  });

  it("name no routine where nobody ran", () => {
    const asked: unknown[] = [];
    const quiet = reportOf("two-senders", { site: { step: 19, now: 0, context: null } });

    told(failedEnding(quiet), {
      ...NOWHERE,
      placeOf: (...names) => {
        asked.push(names);
        return null;
      },
    });

    expect(asked).toEqual([[[], "two-senders"]]);
  });

  it("are ten at most, every class before the second of any", () => {
    const ending = manyFailures({ "data-race": 30, "no-lost-start": 1, "queue-limit": 1 });
    const { print = [] } = told(ending);

    const titles = commands(ending).map(({ properties }) => properties["title"]!.split(" ")[1]);
    expect(titles).toEqual(["data-race", "no-lost-start", "queue-limit", ...Array<string>(7).fill("data-race")]);
    expect(print.at(-1)).toBe("22 more annotations left out: see the job summary");
  });

  it("tell of one failure of each cause before the second of any", () => {
    const [a, b, other] = [reportOf("one", { fingerprint: "a" }), reportOf("two", { fingerprint: "b" }), reportOf("three", { fingerprint: "c" })];
    const results = resultsOf([scenarioOf("one")], { causes: [causeResult(a, [b]), causeResult(other)] });

    const titles = commands(endingOf(results, { failures: [a, b, other] })).map(({ properties }) => properties["title"]!.split(" ").at(-1));
    expect(titles).toEqual(["one", "three", "two"]);
  });

  it("tell of what is new before regressions, and of those that nobody told", () => {
    const entry = { property: "no-lost-start", fingerprint: "0", status: "reproduced" as const, matched: null };
    const regressions = [{ ...entry, name: "again" }, { ...entry, name: "untold" }];
    const failures = [
      reportOf("two-senders", { kept: "regressions/again.json" }),
      reportOf("two-senders", { kept: "regressions/new.json" }, { id: "queue-limit" }),
    ];

    const titles = commands(endingOf(resultsOf([scenarioOf("two-senders")], { regressions }), { failures }))
      .map(({ properties }) => properties["title"]);

    expect(titles).toEqual(["Violation queue-limit in two-senders", "Violation no-lost-start in two-senders", "regressions: untold"]);
  });

  it("tell of a fault first, and of stale findings as warnings unless they fail the check", () => {
    const findings = [{ name: "old", property: "data-race", fingerprint: "0", status: "stale" as const }];
    const results = resultsOf([scenarioOf("two-senders", { unreached: ["ring-fills"] })], { findings });
    const fault = { whose: "interlock" as const, message: "ran differently", details: [] };
    const levels = (ending: Ending): readonly string[] =>
      commands(ending).map(({ level, properties }) => `${level} ${properties["title"]!}`);

    expect(levels(endingOf(results, { fault }))).toEqual(["error interlock: check", "warning findings: old"]);
    expect(levels(endingOf(results, { strict: { stale: true, inconclusive: true } }))).toEqual([
      "error two-senders: ring-fills",
      "error findings: old",
    ]);
  });

  it("say nothing when nothing is wrong", () => {
    expect(told(endingOf(resultsOf([scenarioOf("two-senders")]))).print).toEqual([]);
  });

  it("are read back whole, whatever things are called", () => {
    fc.assert(fc.property(hostileEnding, (ending) => {
      const [report] = ending.failures;
      const { print = [] } = told(ending, { ...NOWHERE, placeOf: () => ({ file: "a:b,c%.ts", line: 1 }) });

      expect(print).toHaveLength(1);
      expect(print[0]).not.toMatch(/[\r\n]/);
      const { properties, message } = read(print[0]!)!;
      expect(properties).toEqual({
        file: "a:b,c%.ts",
        line: "1",
        title: printable(`Violation ${report!.failure.id} in ${report!.scenario}`),
      });
      expect(message.startsWith(printable(report!.failure.message))).toBe(true);
    }), { seed: 6, numRuns: 200 });
  });
});

describe("the job summary", () => {
  it("has a table, the findings, and every counterexample with its replay line", async () => {
    const findings = [
      { name: "old_one", property: "data-race", fingerprint: "0", status: "stale" as const },
      { name: "there", property: "data-race", fingerprint: "1", status: "known" as const },
    ];
    const ending = failedEnding();
    const regressions = [{ name: "again", property: "no-lost-start", fingerprint: "0", status: "reproduced" as const, matched: null }];
    const { summary } = told({ ...ending, results: { ...ending.results, findings, regressions } });

    await expect(summary).toMatchFileSnapshot("golden/job-summary.md");
  });

  it("tells of lost runs and faults", () => {
    const lost = [{ scenario: "two-senders", strategy: "random", seed: 5, how: "died" as const, token: "ilk1:x" }];
    const fault = { whose: "interlock" as const, message: "ran differently", details: [] };

    const { summary } = told(endingOf(resultsOf([scenarioOf("two-senders")], { lost }), { fault }));

    expect(summary).toMatch(/^## Interlock: fault of Interlock\n/);
    expect(summary).toMatch(/\nno verdict, fault of Interlock: /);
    expect(summary).toContain("**two-senders: Bound** 1 run did not come back");
    expect(summary).toContain("**interlock: check** fault of Interlock, not of the kernel: ran differently");
  });

  it.each([0, 50, 1000, 20_000, MIB])("fits into %i bytes, and says what is missing", (room) => {
    const { summary = "" } = told(manyFailures({ "data-race": 1500 }), { ...NOWHERE, room });

    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(room);
    expect(summary.includes("parts do not fit: they are in the log.")).toBe(room >= 1000);
  });

  it("lets no name out of its place, whatever things are called", () => {
    fc.assert(fc.property(hostileEnding, (ending) => {
      const { outside, blocks } = unfenced(told(ending).summary!);
      const [report] = ending.failures;

      const table = outside.filter((line) => line.startsWith("|"));
      expect(table).toHaveLength(4);
      for (const row of table) expect(row.replaceAll(/\\\\|\\\|/g, "").split("|")).toHaveLength(8);
      expect(outside.filter((line) => line.startsWith("<"))).toEqual(["<details><summary>counterexample</summary>", "</details>"]);
      expect(blocks).toEqual([
        printable(`npx interlock replay ${report!.token}`),
        printable(anatomy(report!, 120).join("\n")),
      ]);
    }), { seed: 7, numRuns: 200 });
  });
});

/** Markdown taken apart: the text of its code blocks, and the lines around them. */
function unfenced(markdown: string): { readonly outside: readonly string[]; readonly blocks: readonly string[] } {
  const outside: string[] = [];
  const blocks: string[] = [];
  let fence = "";
  let block: string[] = [];
  for (const line of markdown.split("\n")) {
    const opens = /^(`{3,})\w+$/.exec(line);
    if (fence === "" && opens !== null) [fence, block] = [opens[1]!, []];
    else if (fence === "") outside.push(line);
    else if (/^`+$/.test(line) && line.length >= fence.length) [fence] = ["", blocks.push(block.join("\n"))];
    else block.push(line);
  }
  return { outside, blocks };
}
