import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Exit } from "../exit-codes.ts";
import { loadFixes, loadTestEngine, testEngine } from "../test-engine.ts";
import { emptyFolder, run } from "../test-io.ts";
import { readToken, writeToken } from "../tokens.ts";
import { RandomWalk } from "../../sim/index.ts";
import { explanationOf, type Explanation } from "./explain.ts";

/** A random run of a small program that fails so; or, with "", passes. */
function tokenOf(scenario: string, id: string): string {
  const config = testEngine.scenario(scenario).smallest;
  for (let i = 0; i < 100; i++) {
    const { failure, choices } = testEngine.runUnder({ scenario, config, property: null }, new RandomWalk(), `a/${String(i)}`);
    if ((failure?.id ?? "") === id) return writeToken({ scenario, config, choices, property: null, variant: null, code: "test", fingerprint: "" });
  }
  throw new Error(`no run of ${scenario} comes to ${id}`);
}

async function explained(scenario: string, id: string): Promise<Explanation> {
  const loaded = await loadTestEngine({} as never, null);
  return explanationOf(loaded, await readToken(tokenOf(scenario, id)), 200);
}

describe("interlock explain", () => {
  it("names the store that a load has to come after, and a run that passes so", async () => {
    const { verdict, flips, passing, reversed } = await explained("lost-update", "no-lost-update");
    expect(verdict).toBe("ordering");
    expect(flips).toHaveLength(1);
    const [{ first, second }] = flips as [(typeof flips)[0]];
    expect(first).toMatchObject({ operation: "atomic load", object: "counter cnt_word", routine: "cnt_lost" });
    expect(second).toMatchObject({ operation: "atomic store", object: "counter cnt_word", routine: "cnt_lost" });
    expect(first.actor).not.toBe(second.actor);
    expect(reversed).toBeGreaterThan(0);
    const again = testEngine.replay(await readToken(passing!));
    expect(again).toMatchObject({ outcome: "passed", strategy: { departure: null } });
  });

  it("undoes a deadlock by the order of the first locks", async () => {
    const { verdict, flips, slice } = await explained("crossed-locks", "deadlock");
    expect(verdict).toBe("ordering");
    expect(flips.map(({ first, second }) => [first.operation, second.operation])).toEqual([["enter", "enter"]]);
    expect(slice.length).toBeGreaterThan(0);
  });

  it("is the same every time, one class for all runs of one bug, and another for another", async () => {
    const one = await explained("lost-update", "no-lost-update");
    expect(await explained("lost-update", "no-lost-update")).toEqual(one);
    expect((await explained("crossed-locks", "deadlock")).class).not.toBe(one.class);
  });

  it("prints the sentence last, JSON for programs, and says of a passing run that it passes", async () => {
    const token = tokenOf("lost-update", "no-lost-update");
    const { exit, last, stdout } = await run(["explain", token]);
    expect(exit).toBe(Exit.Passed);
    expect(last).toMatch(/^passes if `cnt_lost` on cpu \d .* comes after `cnt_lost` on cpu \d /);
    expect(stdout).toMatch(/memory model: (?:yes|no) /);
    const json = JSON.parse((await run(["explain", token, "--json"])).stdout) as Explanation;
    expect(json.sentence).toBe(last);
    expect((await run(["explain", tokenOf("locked-update", "")])).last).toBe("this run does not fail: passed");
    expect((await run(["explain", "ilk1:nonsense"])).exit).toBe(Exit.Usage);
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "kept.json"), JSON.stringify({ token }));
    expect((await run(["explain", "kept.json"], { cwd })).last).toBe(json.sentence);
    expect(await run(["explain", "lost.json"], { cwd })).toMatchObject({ exit: Exit.Usage, stderr: expect.stringMatching(/lost\.json.*no such file/) as string });
  });
});

describe("interlock verify-fix", () => {
  const args = (scenario: string, id: string): readonly string[] =>
    ["verify-fix", tokenOf(scenario, id), "--runs", "20", "--budget", "200"];

  it("still fails where nothing was fixed, with a token that does", async () => {
    const { exit, stdout, last } = await run(args("lost-update", "no-lost-update"));
    expect(exit).toBe(Exit.Failed);
    expect(last).toMatch(/^[1-9]\d* of \d+ schedules within two flips fail, witness orderings reached, \d+ of 20 random runs fail$/);
    const [token = ""] = /ilk1:\S+/.exec(stdout) ?? [];
    expect((await run(["replay", token])).exit).toBe(Exit.Failed);
  });

  it("passes for a fix in whose runs the orders of the failure come about", async () => {
    const { exit, stdout, last } = await run([...args("lost-update", "no-lost-update"), "--variant", "reached"], { load: loadFixes });
    expect(stdout).toMatch(/^verify-fix of Violation no-lost-update in scenario lost-update, on variant reached$/m);
    expect(last).toMatch(/^0 of \d+ schedules within two flips fail, witness orderings reached, 20 random runs pass$/);
    expect(exit).toBe(Exit.Passed);
  });

  it("exits 6 where they do not come about in any run: that none fails says nothing then", async () => {
    const { exit, last } = await run([...args("lost-update", "no-lost-update"), "--variant", "excluded"], { load: loadFixes });
    expect(last).toMatch(/^0 of \d+ schedules within two flips fail, witness orderings not reached: nothing is known \(.*\), 20 random runs pass$/);
    expect(exit).toBe(Exit.Stale);
  });

  it("refuses a run that never failed", async () => {
    const { exit, stderr } = await run(args("locked-update", ""));
    expect({ exit, lines: stderr.trimEnd().split("\n").length }).toEqual({ exit: Exit.Usage, lines: 1 });
  });
});
