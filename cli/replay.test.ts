import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RegressionFile } from "./regressions.ts";
import { testEngine } from "./test-engine.ts";
import { emptyFolder, run } from "./test-io.ts";
import { readToken, writeToken, type ReadToken } from "./tokens.ts";

const CHOICES = { schedule: [], draws: [] };

const token = (change: Partial<ReadToken> = {}): string =>
  writeToken({
    scenario: "locked-update",
    config: testEngine.scenario("locked-update").smallest,
    choices: CHOICES,
    variant: null,
    property: null,
    fingerprint: "passed",
    code: "test",
    ...change,
  });

async function failingToken(): Promise<string> {
  const { stdout } = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"]);
  return /npx interlock replay (ilk1:\S+)/.exec(stdout)![1]!;
}

describe("replay", () => {
  it("prints the failure that check printed, and says that it fails as recorded", async () => {
    const checked = await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"]);
    const document = /^Violation[\s\S]*?npx interlock replay (ilk1:\S+)$/m.exec(checked.stdout)!;

    const replayed = await run(["replay", document[1]!]);

    expect(replayed.stdout).toContain(document[0]);
    expect(replayed.last).toMatch(/^fails as recorded: Violation no-lost-update after \d+ steps, \d+ switches$/);
    expect(replayed.exit).toBe(1);
  });

  it("takes a file that holds a token", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "finding.json"), JSON.stringify({ token: await failingToken() }));

    expect(await run(["replay", "finding.json"], { cwd })).toMatchObject({ exit: 1 });
  });

  it("follows a kept failure by meaning when the code is another: it still fails, or is stale, exit 6", async () => {
    const cwd = emptyFolder();
    await run(["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"], { cwd });
    const file = join(cwd, "regressions", "no-lost-update-lost-update.json");
    const entry = JSON.parse(readFileSync(file, "utf8")) as RegressionFile;
    const older = writeToken({ ...(await readToken(entry.token)), choices: CHOICES, code: "older" });
    const nobody = ["thread 7", "enter", "cnt_lock", 1];
    const told = async (meaning: object, of: string = older): ReturnType<typeof run> => {
      writeFileSync(file, JSON.stringify({ ...entry, token: of, meaning: { ...entry.meaning, ...meaning } }));
      return run(["replay", file], { cwd });
    };

    const [still, none, gone] = [await told({}), await told({ choices: [] }), await told({ choices: [[nobody, nobody]], witnesses: [[nobody, nobody]] }, token({ code: "older" }))];

    expect([still.exit, gone.exit]).toEqual([1, 6]);
    expect(still.stdout).toMatch(/^by meaning: reproduced; 1 of 1 choice matched$/m);
    expect(still.last).toMatch(/^fails as recorded: Violation no-lost-update /);
    expect((await run(["replay", /ilk1:\S+/.exec(still.stdout)![0]])).last).toBe(still.last);
    expect(none.stdout).toMatch(/^by meaning: \w+; no choices to match: it is the default schedule$/m);
    expect(gone.stdout).toMatch(/^by meaning: stale; 0 of 1 choice matched, first miss at enter cnt_lock by thread 7$/m);
  });

  it("exits 0 when the run passes", async () => {
    const { last, exit } = await run(["replay", token()]);

    expect(last).toMatch(/^passes as recorded after \d+ steps/);
    expect(exit).toBe(0);
  });

  it("exits 0 when a recorded failure is gone in changed code", async () => {
    const { last, exit } = await run(["replay", token({ fingerprint: "0123456789abcdef", code: "older" })]);

    expect(last).toMatch(/^passes after \d+ steps, \d+ switches; recorded was the failure 0123456789abcdef$/);
    expect(exit).toBe(0);
  });

  it("exits 1 and says so when the run fails differently in changed code", async () => {
    const { last, exit } = await run(["replay", token({ scenario: "crossed-locks", ...crossed(), code: "older" })]);

    expect(last).toMatch(/^fails differently \(recorded passed, now [0-9a-f]{16}\): Stuck deadlock/);
    expect(exit).toBe(1);
  });

  it("exits 5 when the same code comes to something else", async () => {
    const { exit } = await run(["replay", token({ fingerprint: "0123456789abcdef" })]);

    expect(exit).toBe(5);
  });
});

/** Thread 1 takes its first lock, then thread 0 does: the same in every version of the small engine. */
const crossed = (): Partial<ReadToken> => ({
  config: testEngine.scenario("crossed-locks").smallest,
  choices: { schedule: [2, 2, 3, 1], draws: [] },
});

describe("bad input to replay", () => {
  const config = testEngine.scenario("locked-update").smallest;
  const hostile = (change: object): string =>
    token({ config: { ...config, topology: { ...config.topology, ...change } } });

  it.each([
    ["an unknown version", "ilk9:AAAA"],
    ["nothing behind the prefix", "ilk1:"],
    ["garbage", "ilk1:!!!!"],
    ["a truncated token", token().slice(0, -20)],
    ["an unknown scenario", token({ scenario: "no-such-scenario" })],
    ["more CPUs than there may be", hostile({ ncpus: 1e9 })],
    ["an unknown field", hostile({ surplus: 1 })],
    ["a number that is none", hostile({ qmax: "4" })],
    ["a file that is not there", "no-such-file"],
  ])("%s: one line, exit 2", async (_what, source) => {
    const { stdout, stderr, exit } = await run(["replay", source]);

    expect(stderr).toMatch(/^interlock: .+\n$/);
    expect([exit, stdout]).toEqual([2, ""]);
  });

  it("refuses a file with several tokens", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "two"), `${token()}\n${token({ fingerprint: "other" })}\n`);

    const { stderr, exit } = await run(["replay", "two"], { cwd });

    expect(stderr).toMatch(/holds 2 tokens: name one of them\n$/);
    expect(exit).toBe(2);
  });
});
