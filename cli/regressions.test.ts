import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { runCli } from "./program.ts";
import { regressionSchema } from "./regression-schema.ts";
import type { Meaning } from "./meaning.ts";
import { Regressions, type RegressionFile } from "./regressions.ts";
import { testEngine } from "./test-engine.ts";
import { emptyFolder, run, testIo, type RunIn } from "./test-io.ts";
import { readToken, writeToken } from "./tokens.ts";

const LOST = ["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"];
const LOCKED = ["check", "--seed", "7", "--runs", "4", "--scenario", "locked-update"];
const NAME = "no-lost-update-lost-update";

const results = (stdout: string): Results => JSON.parse(stdout) as Results;
const statuses = async (args: readonly string[], where: RunIn): Promise<readonly string[]> =>
  results((await run([...args, "--json"], where)).stdout).regressions.map(({ status }) => status);

/** A folder in which a check has failed. */
async function afterFailure(): Promise<{ readonly cwd: string; readonly file: string; readonly entry: RegressionFile }> {
  const cwd = emptyFolder();
  await run(LOST, { cwd });
  const file = join(cwd, "regressions", `${NAME}.json`);
  return { cwd, file, entry: JSON.parse(readFileSync(file, "utf8")) as RegressionFile };
}

/** The same folder, its regression changed. */
async function changed(change: Partial<RegressionFile>): Promise<string> {
  const { cwd, file, entry } = await afterFailure();
  writeFileSync(file, JSON.stringify({ ...entry, ...change }));
  return cwd;
}

/** Thread 1 increments behind thread 0. */
const LOCKED_MEANING: Meaning = {
  choices: [],
  draws: [],
  cast: "00000000",
  witnesses: [[["thread 0", "exit", "cnt_lock", 1], ["thread 1", "enter", "cnt_lock", 1]]],
};

const tokenOf = (scenario: string, fingerprint: string, variant: string | null = null): string =>
  writeToken({
    scenario,
    config: testEngine.scenario(scenario).smallest,
    choices: { schedule: [], draws: [] },
    property: null,
    variant,
    fingerprint,
    code: "test",
  });

describe("a new failure", () => {
  it("is kept: shrunk, whole, with all that is known of it", async () => {
    const { cwd, entry } = await afterFailure();

    expect(readdirSync(join(cwd, "regressions"))).toEqual([`${NAME}.json`]);
    expect(regressionSchema.parse(entry)).toEqual(entry);
    expect(entry).toMatchObject({ name: NAME, property: "no-lost-update", kind: "Violation", scenario: "lost-update" });
    expect(entry.size.shrunk).toMatchObject({ switches: 3, choices: 1 });
    expect(entry.size.shrunk.switches).toBeLessThanOrEqual(entry.size.found.switches);
    expect(entry.found).toMatchObject({ code: "test", variant: null, version: "0.0.0" });
  });

  it("is said to be kept, and where its replay line comes from", async () => {
    const { stdout } = await run(LOST);

    expect(stdout).toContain(`kept in    regressions/${NAME}.json`);
  });

  it("can be made again from where it was found", async () => {
    const { entry: { found, fingerprint } } = await afterFailure();

    const again = await run(["check", "--scenario", "lost-update", "--strategy", found.strategy, "--seed", String(found.seed), "--runs", "1", "--json"]);

    expect(results(again.stdout).scenarios[0]!.failures.map((failure) => failure.fingerprint)).toContain(fingerprint);
    expect(found.run).toBe(found.seed - 7);
  });

  it("is not written when it is there, nor with --no-regressions, nor when it is known", async () => {
    const { cwd, file } = await afterFailure();
    const before = readFileSync(file, "utf8");
    const alone = emptyFolder();

    await run(LOST, { cwd });
    await run([...LOST, "--no-regressions"], { cwd: alone });

    expect(readdirSync(join(cwd, "regressions"))).toEqual([`${NAME}.json`]);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(readdirSync(alone)).toEqual(["interlock-out"]);
  });

  it("takes a number when its name is another failure's", async () => {
    const { entry } = await afterFailure();
    const folder = join(emptyFolder(), "kept");
    const { property, kind, message, scenario, fingerprint, token, found, size, shrunk, meaning } = entry;
    const draft = { property, kind, message, scenario, fingerprint, token, found, size, shrunk, meaning };
    const [one, two] = await Promise.all([Regressions.open(folder), Regressions.open(folder)]);

    const paths = [
      one.save(draft),
      two.save({ ...draft, fingerprint: "0123456789abcdef" }),
      two.save(draft),
      two.save(draft),
    ];

    expect(paths).toEqual([`kept/${NAME}.json`, `kept/${NAME}-2.json`, `kept/${NAME}.json`, null]);
    expect(readdirSync(folder)).toEqual([`${NAME}-2.json`, `${NAME}.json`]);
  });

  it.skipIf(process.getuid?.() === 0)("that cannot be kept is told all the same", async () => {
    const cwd = emptyFolder();
    chmodSync(cwd, 0o500);

    const { stdout, stderr, exit } = await run(LOST, { cwd });

    expect(stdout).toContain("no-lost-update");
    expect(stderr).toMatch(/is not kept as a regression: cannot write/);
    expect(exit).toBe(1);
  });
});

describe("a regression", () => {
  it("is tried first, counted, told with its story, and fails the check", async () => {
    const { cwd } = await afterFailure();

    const { stdout, last, exit } = await run([...LOST, "--runs", "4"], { cwd });

    expect(stdout.match(/^Violation {2}no-lost-update {2}in lost-update$/gm)).toHaveLength(1);
    expect(stdout).toMatch(new RegExp(`^ {2}${NAME} +no-lost-update +reproduced: it still fails$`, "m"));
    expect(last).toMatch(/^failed: 4 runs of 1 scenario, .*0 new failures, 0 known, 1 regression: 1 reproduced/);
    expect(exit).toBe(1);
  });

  it("fails the check though no run of it fails", async () => {
    const { cwd } = await afterFailure();
    const args = ["check", "--seed", "7", "--runs", "1", "--scenario", "lo*", "--strategy", "exhaustive:p=0"];

    expect((await run(args, { cwd })).exit).toBe(1);
    expect((await run([...args, "--no-regressions"], { cwd })).exit).toBe(0);
  });

  it("that reaches its witnesses and passes is fixed, counted and kept", async () => {
    const cwd = await changed({ token: tokenOf("locked-update", "x"), scenario: "locked-update", meaning: LOCKED_MEANING });

    const { last, exit } = await run(LOCKED, { cwd });

    expect(last).toContain("1 regression: 1 fixed");
    expect(exit).toBe(0);
    expect(readdirSync(join(cwd, "regressions"))).toEqual([`${NAME}.json`]);
  });

  it("that fails in another way fails the check", async () => {
    const { entry } = await afterFailure();
    const cwd = await changed({ fingerprint: "0123456789abcdef", token: entry.token });

    const { stdout, exit } = await run([...LOST, "--runs", "1", "--strategy", "exhaustive:p=0"], { cwd });

    expect(stdout).toContain("which recorded another failure: Violation no-lost-update");
    expect(stdout).toContain("fails in another way than recorded");
    expect(exit).toBe(1);
  });

  it("whose witnesses are not reached is stale: told, never green, and with --stale fail the check fails", async () => {
    const witnesses: Meaning["witnesses"] = [[["thread 0", "enter", "another lock", 1], ["thread 1", "enter", "another lock", 1]]];
    const cwd = await changed({ token: tokenOf("locked-update", "x"), scenario: "locked-update", meaning: { ...LOCKED_MEANING, witnesses } });

    const { stdout, last, exit } = await run(LOCKED, { cwd });
    const strict = await run([...LOCKED, "--stale", "fail"], { cwd });

    expect(stdout).toMatch(/stale: what made it fail is not reached any more$/m);
    expect(last).toMatch(/^inconclusive: .*1 regression: 1 stale/);
    expect([exit, strict.exit]).toEqual([0, 6]);
  });

  it("of other code is followed by its names, and what does not mean the same is told", async () => {
    const { cwd, file, entry } = await afterFailure();
    const { choices } = entry.meaning!;
    const read = await readToken(entry.token);
    const older = writeToken({ ...read, choices: { schedule: [], draws: [] }, code: "older" });
    const told = async (meaning: Meaning): Promise<Results["regressions"]> => {
      writeFileSync(file, JSON.stringify({ ...entry, token: older, meaning }));
      return results((await run([...LOST, "--runs", "1", "--json"], { cwd })).stdout).regressions;
    };
    const gone = ["thread 7", "enter", "cnt_lock", 2] as const;

    expect(choices).toHaveLength(1);
    expect(await told(entry.meaning!)).toMatchObject([{ status: "reproduced", matched: { choices: 1, matched: 1, near: 0, firstMiss: null } }]);
    expect(await told({ ...entry.meaning!, choices: [[gone, gone], ...choices] }))
      .toMatchObject([{ status: "reproduced", matched: { choices: 2, matched: 1, near: 0, firstMiss: "enter cnt_lock by thread 7 (time 2)" } }]);
    expect(await told({ ...entry.meaning!, choices: [] })).toMatchObject([{ status: expect.stringMatching(/^(?:fixed|stale)$/) as string, matched: { choices: 0 } }]);
  });

  it("of format 1 is tried exactly on its code; on other code it is stale at best", async () => {
    const { cwd, file, entry } = await afterFailure();
    const read = await readToken(entry.token);
    const token = writeToken({ ...read, choices: { schedule: [], draws: [] }, code: "older" });

    writeFileSync(file, JSON.stringify({ ...entry, meaning: undefined, format: 1 }));
    const same = await statuses(LOST, { cwd });
    writeFileSync(file, JSON.stringify({ ...entry, meaning: undefined, format: 1, token }));

    expect([same, await statuses(LOST, { cwd })]).toEqual([["reproduced"], ["stale"]]);
  });

  it("that hits a bound now is not called passed", async () => {
    const cwd = await changed({ token: tokenOf("endless-loop", "x"), scenario: "endless-loop" });

    const args = ["check", "--seed", "7", "--runs", "1", "--scenario", "endless-loop"];

    expect(await statuses(args, { cwd })).toEqual(["changed"]);
    expect((await run(args, { cwd })).exit).toBe(1);
  });

  it("of another scenario, variant or property is not tried", async () => {
    const { cwd } = await afterFailure();
    const ofVariant = await changed({ token: tokenOf("lost-update", "x", "mutants/other") });

    expect(await statuses(LOCKED, { cwd })).toEqual(["not-tried"]);
    expect(await statuses(LOST, { cwd: ofVariant })).toEqual(["not-tried"]);
    expect(await statuses([...LOST, "--property", "lock-is-released"], { cwd })).toEqual(["not-tried"]);
    expect((await run(LOCKED, { cwd })).exit).toBe(0);
  });

  it("is read from the folder that is named", async () => {
    const { cwd } = await afterFailure();
    const other = emptyFolder();

    expect(await statuses([...LOCKED, "--scenario", "lo*", "--regressions", join(cwd, "regressions")], { cwd: other })).toEqual(["reproduced"]);
  });

  it.each([
    ["no JSON", "{", /^interlock: regressions\/x\.json: .*JSON/],
    ["half a file", '{"format": 2}', /^interlock: regressions\/x\.json: not a regression of format 2: name: /],
    ["half an old file", '{"format": 1}', /not a regression of format 1: name: /],
    ["a newer format", '{"format": 3}', /x\.json: a regression of format 3, which is newer than this version reads \(1 and 2\): update Interlock$/m],
    ["no format", '{"format": "2"}', /not a regression: format: expected 1 or 2/],
    ["a list", "[]", /not a regression: format: /],
    ["nothing", "", /^interlock: regressions\/x\.json: /],
  ])("that is damaged (%s) ends the check in one line before the first step", async (_what, text, line) => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "regressions"));
    writeFileSync(join(cwd, "regressions", "x.json"), text);

    const { stdout, stderr, exit } = await run(LOCKED, { cwd });

    expect(stderr).toMatch(line);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([exit, stdout]).toEqual([2, ""]);
  });

  it("with a damaged token names the file", async () => {
    const cwd = await changed({ token: "ilk1:AAAA" });

    const { stderr, exit } = await run(LOST, { cwd });

    expect(stderr).toMatch(new RegExp(`^interlock: regressions/${NAME}\\.json: not a token this version can replay: `));
    expect(exit).toBe(2);
  });
});

describe("a failure that a replay does not show", () => {
  it("is a divergence: both outcomes, the first difference, exit 5", async () => {
    const { io, written } = testIo();
    const nothing = { schedule: [], draws: [] };
    const engine = { ...testEngine, stacks: (...[what, evidence]: Parameters<typeof testEngine.stacks>) => testEngine.stacks({ ...what, choices: nothing }, evidence) };

    const exit = await runCli(LOST, io, () => Promise.resolve({ engine, variant: null, code: "test", module: null }));

    expect(written.stdout).toMatch(/Divergence: the same choices ran differently in scenario lost-update: first Violation no-lost-update after \d+ steps, then no failure after \d+ steps; first difference after \d+ steps: first thread \d went on, then thread \d came to /);
    expect(exit).toBe(5);
  });
});
