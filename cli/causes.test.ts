import { describe, expect, it } from "vitest";
import { groupedByCause, type Explained } from "./causes.ts";
import { emptyTally, type Seen, type Tally } from "./fold.ts";
import { checkedInThreeWays } from "./test-causes.ts";
import { run } from "./test-io.ts";

const failed = (fingerprint: string, classes: readonly string[], scenario = "one"): Explained => ({
  report: { failure: { kind: "Violation", id: "promise", message: "broken", facts: [] }, fingerprint, scenario },
  why: { sentence: `passes if ${fingerprint} comes later`, classes },
});

/** What was counted: runs by fingerprint. */
function counted(name: string, runs: Readonly<Record<string, number>>): Tally {
  const tally = emptyTally(name);
  for (const [fingerprint, many] of Object.entries(runs)) tally.failures.set(fingerprint, { fingerprint, runs: many, first: 0 } as Seen);
  return tally;
}

const shown = (explained: readonly Explained[], tallies: readonly Tally[] = []) =>
  groupedByCause(explained, tallies).map(({ class: name, runs, fingerprints }) => [name, runs, fingerprints.map(({ fingerprint }) => fingerprint).join(" ")]);

describe("causes of failures", () => {
  it("are one where an ordering undoes both, and runs are counted over scenarios and fingerprints", () => {
    const tallies = [counted("one", { a: 3, b: 600 }), counted("two", { b: 400, c: 7 })];

    expect(shown([failed("a", ["1", "2"]), failed("b", ["3", "2"]), failed("c", ["4"], "two")], tallies)).toEqual([["1", 1003, "a b"], ["4", 7, "c"]]);
  });

  it("are one where another comes between, told in plan order", () => {
    expect(shown([failed("a", ["1"]), failed("b", ["2"]), failed("c", ["3"]), failed("d", ["3", "1"])])).toEqual([["1", 0, "a c d"], ["2", 0, "b"]]);
  });

  it("are told by a check, one line for each", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update,crossed-locks"]);

    expect(stdout.match(/^ {2}class [0-9a-f]{16}, \d+ runs of (?:Violation no-lost-update|Stuck deadlock): passes if `cnt_\w+` on cpu \d .* comes after `cnt_\w+` on cpu \d /gm)).toHaveLength(2);
  });

  it("are those that explain names", async () => {
    const { stdout } = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"]);
    const [, token = ""] = /npx interlock replay (ilk1:\S+)/.exec(stdout) ?? [];
    const [, name = ""] = /^ {2}class ([0-9a-f]{16}),/m.exec(stdout) ?? [];

    expect((await run(["explain", token])).stdout).toMatch(new RegExp(`^class ${name}, `, "m"));
  });

  it("are one for failures that are noticed in several places, whoever ran them", async () => {
    const { one, two, merged } = await checkedInThreeWays(120, 60);

    expect(one.results.causes).toHaveLength(1);
    expect(one.results.causes[0]!.fingerprints.length).toBeGreaterThan(2);
    expect([two.causes, merged.causes]).toEqual([one.causes, one.causes]);
    expect([two.results, merged.results].map((results) => ({ ...results, timing: null }))).toEqual([one, one].map(({ results }) => ({ ...results, timing: null })));
  });
});
