import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FailureEntry, JournalHeader } from "./journal.ts";
import { emptyFolder, run } from "./test-io.ts";
import { repeatLines } from "./unfinished.ts";

const LOST = ["check", "--seed", "7", "--runs", "60", "--scenario", "lost-update"];
const LOCKED = ["check", "--seed", "7", "--runs", "4", "--scenario", "locked-update"];
const KEPT = "no-lost-update-lost-update.json";
/** No process has this number. */
const NOBODY = 999_999_999;

interface Lines {
  readonly header: JournalHeader;
  readonly failures: readonly FailureEntry[];
  readonly rest: readonly string[];
}

/** What a check that found a failure wrote before its end. */
async function journalOfFailure(): Promise<Lines> {
  const cwd = emptyFolder();
  await run(LOST, { cwd });
  const lines = readFileSync(join(cwd, "interlock-out/journal.jsonl"), "utf8").trimEnd().split("\n");
  const [first = "", ...more] = lines.filter((line) => !line.startsWith('{"end"'));
  const header = JSON.parse(first) as JournalHeader;
  const failures = more.filter((line) => line.startsWith('{"failure"'))
    .map((line) => (JSON.parse(line) as { failure: FailureEntry }).failure);
  return { header, failures, rest: more.filter((line) => !line.startsWith('{"failure"')) };
}

/** A folder in which such a check was killed. */
function killed({ header, failures, rest }: Lines, more: readonly string[] = []): string {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, "interlock-out"));
  const gone = { ...header, process: { ...header.process, pid: NOBODY } };
  const lines = [gone, ...failures.map((failure) => ({ failure }))].map((line) => JSON.stringify(line));
  writeFileSync(join(cwd, "interlock-out/journal.jsonl"), `${[...lines, ...rest, ...more].join("\n")}\n`);
  return cwd;
}

describe("after a check was killed", () => {
  it("the next one keeps and tells what it had found, fails, and says which runs to repeat", async () => {
    const cwd = killed(await journalOfFailure(), ['{"done":12,"workers":[[0,12,18]],"at":90}']);

    const { stdout, exit } = await run(LOCKED, { cwd });

    expect(stdout).toContain(`a check here was killed (process ${String(NOBODY)}, `);
    expect(stdout).toContain("after 12 of 60 runs, 1 distinct failure recorded");
    expect(stdout).toContain("npx interlock check --scenario lost-update --strategy random --seed 19 --runs 6\n");
    expect(stdout).toContain("the whole check again: npx interlock check --seed 7 --scenario lost-update --runs 60");
    expect(stdout.match(/^Violation {2}no-lost-update {2}in lost-update$/gm)).toHaveLength(1);
    expect(readdirSync(join(cwd, "regressions"))).toEqual([KEPT]);
    expect(exit).toBe(1);
  });

  it("it is said once: the check after that one finds nothing to recover", async () => {
    const cwd = killed(await journalOfFailure());
    await run(LOCKED, { cwd });

    const { stdout, exit } = await run(LOCKED, { cwd });

    expect(stdout).not.toContain("was killed");
    expect(readdirSync(join(cwd, "interlock-out"))).toEqual(["journal.jsonl"]);
    expect(exit).toBe(0);
  });

  it("what is a regression already is not told a second time as recovered", async () => {
    const cwd = killed(await journalOfFailure());
    await run(LOST, { cwd });

    const { stdout } = await run(LOST, { cwd });

    expect(stdout.match(/^Violation {2}no-lost-update {2}in lost-update$/gm)).toHaveLength(1);
  });

  it("--no-regressions leaves everything for another check", async () => {
    const cwd = killed(await journalOfFailure());
    const before = readFileSync(join(cwd, "interlock-out/journal.jsonl"), "utf8");

    await run([...LOCKED, "--no-regressions"], { cwd });

    expect(readFileSync(join(cwd, "interlock-out/journal.jsonl"), "utf8")).toBe(before);
    expect(existsSync(join(cwd, "regressions"))).toBe(false);
  });

  it("a failure that the same code does not show again is a divergence, and its journal stays", async () => {
    const lines = await journalOfFailure();
    const failures = lines.failures.map((failure) => ({ ...failure, fingerprint: "0123456789abcdef" }));
    const cwd = killed({ ...lines, failures });

    const { stdout, exit } = await run(LOCKED, { cwd });

    expect(stdout).toMatch(/Divergence: run \d+ of the killed check came to Violation no-lost-update; replayed, it does not/);
    expect(exit).toBe(5);
    expect(readdirSync(join(cwd, "interlock-out")).some((name) => name.includes(".aside-1"))).toBe(true);
  });

  it.each([
    ["a token that is none", (lines: Lines): Lines => ({ ...lines, failures: lines.failures.map((each) => ({ ...each, token: "ilk1:AAAA" })) }), "cannot be replayed: not a token"],
    ["strange lines", (lines: Lines): Lines => ({ ...lines, rest: [...lines.rest, "garbage"] }), "1 of its lines says nothing a journal says"],
  ])("%s: one line, and the journal is set aside", async (_what, change, line) => {
    const cwd = killed(change(await journalOfFailure()));

    const { stderr } = await run(LOCKED, { cwd });

    expect(stderr).toContain(line);
    expect(readdirSync(join(cwd, "interlock-out")).some((name) => name.includes(".aside-1"))).toBe(true);
  });

  it("a journal that cannot be read is told in one line and set aside", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "interlock-out"));
    writeFileSync(join(cwd, "interlock-out/journal.jsonl"), "\u0000\u0001 hello");

    const { stderr, exit } = await run(LOCKED, { cwd });

    expect(stderr).toBe("interlock: journal.jsonl is no journal that can be read (it does not begin as a journal does); it is now journal.jsonl.aside-1\n");
    expect(exit).toBe(0);
    expect(readdirSync(join(cwd, "interlock-out"))).toEqual(["journal.jsonl", "journal.jsonl.aside-1"]);
  });
});

describe("the runs to repeat", () => {
  const row = (strategy: string, firstSeed: number, parameters = {}) => ({ scenario: "s", strategy, parameters, firstSeed, runs: 100 });
  const of = (change: Partial<JournalHeader> = {}): JournalHeader => ({
    plan: [row("random", 7), row("pct", 107, { d: 3, k: 412 }), row("exhaustive", 207, { p: 2 })],
    property: null,
    variant: null,
    shard: null,
    ...change,
  }) as JournalHeader;
  const check = "npx interlock check --scenario s";

  it.each([
    ["in one row", of(), 12, 44, [`${check} --strategy random --seed 19 --runs 32`]],
    ["over two rows", of(), 90, 110, [`${check} --strategy random --seed 97 --runs 10`, `${check} --strategy pct:d=3,k=412 --seed 107 --runs 10`]],
    ["of a search: from its first run on", of(), 240, 250, [`${check} --strategy exhaustive:p=2 --seed 207 --runs 50`]],
    ["of a shard", of({ shard: { index: 2, of: 3 } }), 13, 44, [`${check} --strategy random --seed 20 --runs 31 --shard 1/3`]],
    ["of a shard that begins in the next row", of({ shard: { index: 2, of: 3 } }), 98, 104, [`${check} --strategy pct:d=3,k=412 --seed 107 --runs 4 --shard 1/3`]],
    ["on a variant, of one property", of({ variant: "mutants/x", property: "p" }), 0, 1, [`${check} --strategy random --seed 7 --runs 1 --property p --variant mutants/x`]],
    ["behind the plan", of(), 300, 400, []],
  ])("%s", (_what, header, from, to, lines) => {
    expect(repeatLines(header, from, to)).toEqual(lines);
  });

  it("are the same runs", async () => {
    const found = async (args: readonly string[]): Promise<readonly (readonly [string, number])[]> => {
      const { stdout } = await run([...args, "--json", "--no-regressions"]);
      const { scenarios } = JSON.parse(stdout) as { scenarios: { failures: { fingerprint: string; runs: number }[]; steps: number }[] };
      return [["steps", scenarios[0]!.steps], ...scenarios[0]!.failures.map(({ fingerprint, runs }) => [fingerprint, runs] as const)];
    };
    const { header } = await journalOfFailure();
    const whole = repeatLines(header, 0, 24);
    const parts = [...repeatLines(header, 0, 10), ...repeatLines(header, 10, 24)];
    const sum = (all: (readonly (readonly [string, number])[])[]) => {
      const total = new Map<string, number>();
      for (const [name, n] of all.flat()) total.set(name, (total.get(name) ?? 0) + n);
      return [...total].sort();
    };
    const words = (line: string): readonly string[] => line.split(" ").slice(2);

    const together = await Promise.all(whole.map((line) => found(words(line))));
    const apart = await Promise.all(parts.map((line) => found(words(line))));

    expect(sum(apart)).toEqual(sum(together));
  });
});
