import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import type { Exit } from "../exit-codes.ts";
import { projectWith, runIn, scenarioNamed, writeFiles } from "../project/test-project.ts";
import { testIo } from "../test-io.ts";
import type { Start } from "./child.ts";
import { Teller } from "./teller.ts";
import { watch } from "./watch.ts";

const CONFIG = {
  scenarios: ["a.ts", "b.ts"],
  properties: ["p.ts"],
};
const FILES = {
  "interlock.config.json": CONFIG,
  "a.ts": `import "./shared.ts";\nimport "./only-a.ts";\n${scenarioNamed("a")}`,
  "b.ts": `import "./shared.ts";\n${scenarioNamed("b")}`,
  "p.ts": "export {};",
  "shared.ts": "export {};",
  "only-a.ts": "export {};",
};
const LISTED = JSON.stringify({ scenarios: [{ name: "a", from: "a.ts" }, { name: "b", from: "b.ts" }, { name: "one-sender", from: "stock" }] });

/** What a round is asked to say and to come to; `edit` is made while it runs, and what ends it is then the edit. */
interface Round {
  readonly exit: Exit;
  readonly lines?: readonly string[];
  readonly edit?: Readonly<Record<string, string>>;
}

/** Watches a project of two scenarios, in rounds that are only said; after each, the next of `edits` is written. The command lines of the rounds. */
async function watching(rounds: readonly Round[], edits: readonly Readonly<Record<string, string>>[], scenario: string | null = null) {
  // A package without sources of the command, as it is installed: only the project can change.
  const root = projectWith({});
  const cwd = projectWith(FILES);
  const { io, written } = testIo({ cwd, root });
  const checks: (readonly string[])[] = [];
  const left = [...edits];
  let signal: (name: "SIGINT") => unknown = () => undefined;
  const start: Start = (_io, args, hear) => {
    if (args[0] === "list") {
      hear(LISTED, "stdout");
      return { ended: Promise.resolve(0), signal: () => undefined };
    }
    const { exit, lines = [], edit = null } = rounds[checks.length] ?? { exit: 3 };
    checks.push(args);
    for (const line of lines) hear(line, "stdout");
    if (edit === null) return { ended: Promise.resolve(exit), signal: () => undefined };
    writeFiles(cwd, edit);
    let end: (code: Exit) => void = () => undefined;
    const ended = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    return { ended, signal: () => { end(exit); } };
  };
  const stdout = {
    ...io.stdout,
    write(text: string) {
      io.stdout.write(text);
      if (!text.startsWith("waiting ") || (rounds[checks.length - 1]?.edit !== undefined)) return;
      const edit = left.shift();
      if (edit === undefined) setImmediate(signal, "SIGINT");
      else writeFiles(cwd, edit);
    },
  };
  const onSignal = (heard: typeof signal) => {
    signal = heard;
    return () => undefined;
  };
  const exit = await watch({ ...io, stdout, onSignal }, { args: ["--runs", "9"], config: null, seed: 5, scenario }, start);
  const scopes = checks.map((args) => (args.includes("--scenario") ? args.at(-1) : "all"));
  return { exit, checks, scopes, stdout: written.stdout };
}

const FAILS: Round = { exit: 1, lines: ["Violation  broken  in b", "  kept in    regressions/broken-b.json", "", "failed: 9 runs"] };

describe("a watched check", () => {
  it("has every round of the same seed, and ends with the exit code of the last verdict", async () => {
    const { exit, checks, stdout } = await watching([{ exit: 0, lines: ["passed: 9 runs"] }, FAILS], [{ "p.ts": "export const p = 1;" }]);

    expect(checks).toEqual([["check", "--runs", "9", "--seed", "5"], ["check", "--runs", "9", "--seed", "5"]]);
    expect(exit).toBe(1);
    expect(stdout).toBe([
      "watching 6 files; every round has seed 5",
      "",
      "round 1, the first: all scenarios",
      "  passed: 9 runs",
      "waiting for an edit; Ctrl-C ends with exit code 0",
      "",
      "round 2, p.ts: all scenarios",
      "  Violation  broken  in b",
      "    npx interlock replay regressions/broken-b.json",
      "  failed: 9 runs",
      "waiting for an edit; Ctrl-C ends with exit code 1",
      "",
    ].join("\n"));
  });

  it.each([
    ["of the only scenario that imports it", { "only-a.ts": "export const a = 1;" }, ["all", "a"]],
    ["of every scenario that imports it", { "shared.ts": "export const s = 1;" }, ["all", "a,b"]],
    ["of all scenarios, where it is a property", { "p.ts": "export const p = 1;" }, ["all", "all"]],
    ["of all scenarios, where it is the configuration", { "interlock.config.json": JSON.stringify({ ...CONFIG, stock: true }) }, ["all", "all"]],
    ["of no other, for files that nobody imports, and that are written as they were", { "other.ts": "", "shared.ts": FILES["shared.ts"], "only-a.ts": "//" }, ["all", "a"]],
  ])("makes runs %s", async (_which, edit, scopes) => {
    const passed = { exit: 0 } as const;

    const ran = await watching([passed, passed], [edit]);

    expect(ran.scopes).toEqual(scopes);
  });

  it("tries what failed again, whatever is edited", async () => {
    const { scopes } = await watching([FAILS, { exit: 0 }, { exit: 0 }], [{ "only-a.ts": "export const a = 1;" }, { "only-a.ts": "" }]);

    expect(scopes).toEqual(["all", "b,a", "a"]);
  });

  it("leaves alone what --scenario leaves out", async () => {
    const { scopes, stdout } = await watching([{ exit: 0 }], [{ "only-a.ts": "export const a = 1;" }], "b");

    expect(scopes).toEqual(["all"]);
    expect(stdout).toContain("round 2, only-a.ts: nothing that is checked uses it\n");
  });

  it("ends a round for an edit, and makes up for it", async () => {
    const passed = { exit: 0 } as const;
    const cut = { exit: 130, edit: { "only-a.ts": "export const a = 2;" } } as const;

    const { exit, scopes } = await watching([passed, cut, passed], [{ "shared.ts": "export const s = 1;" }]);

    expect(scopes).toEqual(["all", "a,b", "a,b"]);
    expect(exit).toBe(0);
  });

  it("says what could not be built, and waits for a file that was missing", async () => {
    const broken: Round = { exit: 2, lines: ["interlock: interlock.config.json: its modules cannot be bundled: ..."] };

    const { exit, scopes, stdout } = await watching([broken, { exit: 0 }], [{ "missing.ts": "" }]);

    expect(scopes).toEqual(["all", "all"]);
    expect(stdout).toContain("  interlock: interlock.config.json: its modules cannot be bundled: ...\nwaiting for an edit; Ctrl-C ends with exit code 2\n");
    expect(stdout).toContain("round 2, a new file: all scenarios");
    expect(exit).toBe(0);
  });
});

it("shows on a terminal how far a round is, and takes that away before it says something else", () => {
  const { io, written } = testIo();
  const all = { write: io.stdout.write, isTTY: true, rewrites: true, columns: 80, colours: false };
  const teller = new Teller({ ...io, stdout: all, stderr: all });
  const dumb = new Teller(io);
  for (const each of [teller, dumb]) {
    if (each === dumb) written.stdout += "--\n";
    each.hear(" 33 %  10 of 30 runs  two-senders", "stderr");
    each.hear(" 66 %  20 of 30 runs  two-senders", "stderr");
    each.hear("Violation  broken  in b", "stdout");
    each.hear("100 %  30 of 30 runs  two-senders", "stderr");
    each.hear("failed: 30 runs", "stdout");
    each.end();
  }
  const over = "\r\u001b[2K";

  expect(written).toEqual({
    stdout: [
      `${over}   33 %  10 of 30 runs  two-senders${over}   66 %  20 of 30 runs  two-senders${over}  Violation  broken  in b`,
      `${over}  100 %  30 of 30 runs  two-senders${over}  failed: 30 runs`,
      "--",
      "  Violation  broken  in b",
      "  failed: 30 runs",
      "",
    ].join("\n"),
    stderr: "",
  });
});

describe("--watch refuses", () => {
  it.each([
    [["--json"], "--watch and --json do not go together: it prints one line for each round"],
    [["--shard", "1/2"], "--watch and --shard do not go together: nobody would merge the rounds"],
    [["--coverage"], "--watch and --coverage do not go together: a round covers what an edit touches"],
    [["--until-risk", ".1"], "--watch and --until-risk do not go together: a round is of what an edit touches"],
    [["--no-regressions"], "--watch and --no-regressions do not go together: what failed is replayed first from there"],
  ])("%s", async (args, message) => {
    const { exit, stderr } = await runIn(projectWith({}), "check", "--watch", ...args);

    expect([exit, stderr]).toEqual([2, `interlock: ${message}\n`]);
  });

  it("a folder in which nothing can change", async () => {
    const { io } = testIo();

    await expect(watch(io, { args: [], config: null, seed: 1, scenario: null })).rejects.toThrow(/^--watch: nothing here can change/);
  });
});

it("finds the bug of init, sees it mended, says what does not build, and exits at SIGINT as the last verdict", async () => {
  const home = projectWith({});
  await runIn(home, "init");
  const driver = readFileSync(join(home, "skel.ts"), "utf8");
  const mended = driver.replace(/^.*PLANTED BUG.*\n/m, "");
  const child = spawn(process.execPath, [join(findRoot(), "bin/interlock.mjs"), "check", "--watch", "--seed", "1", "--runs", "60", "--jobs", "0"], { cwd: home, env: { ...process.env, npm_command: undefined } });
  // What is done each time it waits.
  const steps = [
    () => { writeFileSync(join(home, "skel.ts"), mended); },
    () => { writeFileSync(join(home, "skel.ts"), `${mended}\nconst = 1;\n`); },
    () => { writeFileSync(join(home, "skel.ts"), driver); },
    () => child.kill("SIGINT"),
  ];
  let said = "";
  let waited = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    for (; waited < said.split("\nwaiting ").length - 1; waited++) steps[waited]?.();
  });

  const code = await new Promise((resolve) => child.on("close", resolve));

  expect(said.split("\n").filter((line) => /^ {2}|^round|^waiting/.test(line)).map((line) => line.replace(/: \d+ runs.*|(?<= skel\.ts:)\d.*/, ""))).toEqual([
    "round 1, the first: all scenarios",
    "  Violation  card-is-told  in full-ring",
    "    npx interlock replay regressions/card-is-told-full-ring.json",
    "  failed",
    "waiting for an edit; Ctrl-C ends with exit code 1",
    "round 2, skel.ts: all scenarios",
    "  passed",
    "waiting for an edit; Ctrl-C ends with exit code 0",
    "round 3, skel.ts: all scenarios",
    "  interlock: interlock.config.ts: its modules cannot be bundled: skel.ts:",
    "waiting for an edit; Ctrl-C ends with exit code 2",
    "round 4, skel.ts: all scenarios",
    "  Violation  card-is-told  in full-ring",
    "    npx interlock replay regressions/card-is-told-full-ring.json",
    "  failed",
    "waiting for an edit; Ctrl-C ends with exit code 1",
  ]);
  expect(code).toBe(1);
});
