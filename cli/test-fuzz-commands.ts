/**
 * Commands that are given spoiled inputs: each in a folder of its own, with links in --out that lead elsewhere. What they
 * say, what they exit with, and what they write is looked at.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { Draws, decodeToken, encodeToken, rng } from "../sim/index.ts";
import { Exit } from "./exit-codes.ts";
import { runOnKernel } from "./test-kernel.ts";
import { NASTY, TARGETS, spoiled } from "./test-fuzz.ts";
import { emptyFolder, run, type Ran, type RunIn } from "./test-io.ts";

/** What commands are run on, made once. */
interface Seeds {
  /** Of a failing run of the small engine, and of the kernel. */
  readonly token: string;
  readonly regression: string;
  /** By name, the files of two shards. */
  readonly shards: Readonly<Record<string, string>>;
  readonly journal: string;
  readonly kernelToken: string;
}

/** A command line, and the files it finds. */
interface Spoiled {
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

type Runner = (args: readonly string[], where: RunIn) => Promise<Ran>;

/** A command whose inputs can be spoiled. */
interface Command {
  readonly name: string;
  readonly spoil: (seeds: Seeds, draws: Draws) => Spoiled;
  /** Exit codes it may come to, besides 0 and {@link Exit.Usage}. */
  readonly exits: readonly Exit[];
  readonly runner?: Runner;
}

const OUT = "out";
const CHECK = ["check", "--seed", "7", "--runs", "60", "--jobs", "0", "--scenario", "lost-update"];
const WRITERS = ["--out", OUT, "--reporter", "json,junit,trace,mermaid,sarif,ctrf"];

const exampleOf = (name: string): string => TARGETS.find((target) => target.name === name)?.examples.at(-1) ?? "";

/** Makes the seeds. */
async function makeSeeds(): Promise<Seeds> {
  const cwd = emptyFolder();
  await run([...CHECK, "--out", OUT], { cwd });
  const regression = readFileSync(join(cwd, "regressions", "no-lost-update-lost-update.json"), "utf8");
  const { token, fingerprint } = JSON.parse(regression) as { readonly token: string; readonly fingerprint: string };
  const shards: Record<string, string> = {};
  for (const i of ["1", "2"]) {
    await run([...CHECK, "--no-regressions", "--coverage", "--shard", `${i}/2`, "--out", `s${i}`], { cwd });
    for (const name of readdirSync(join(cwd, `s${i}`)).filter((each) => each.endsWith(".json")))
      shards[join(`s${i}`, name)] = readFileSync(join(cwd, `s${i}`, name), "utf8");
  }
  const header = {
    journal: 1, version: "0.0.0", command: "npx interlock check", seed: 7, plan: [{ scenario: "lost-update", strategy: "random", parameters: {}, firstSeed: 7, runs: 9 }],
    property: null, variant: null, code: "test", shard: null, process: { pid: 2 ** 30, host: hostname(), born: null }, started: "2026-01-01",
  };
  const failure = { run: 1, fingerprint, property: "no-lost-update", kind: "Violation", message: "m", scenario: "lost-update", token };
  const journal = [header, { done: 3, workers: [[0, 1, 2]], at: 12 }, { failure }].map((line) => `${JSON.stringify(line)}\n`).join("");
  return { token, regression, shards, journal, kernelToken: exampleOf("token") };
}

/** A token that is spoiled as a text, or in one of its parts under a checksum that fits. */
function spoiledToken(token: string, draws: Draws): string {
  if (draws.below(4) === 0) return spoiled(token, draws);
  try {
    return encodeToken(JSON.parse(spoiled(JSON.stringify(decodeToken(token)), draws)) as ReturnType<typeof decodeToken>);
  } catch {
    return spoiled(token, draws);
  }
}

/** Options of a check with something nasty behind one of them. */
function spoiledCheck(draws: Draws): readonly string[] {
  const option = ["--scenario", "--property", "--strategy", "--seed", "--variant", "--reporter", "--memory", "--shard", "--stale", "--config"];
  if (draws.below(9) === 0) return [...CHECK, "--regressions", "x".repeat(5000)];
  const text = [...NASTY, "../../outside", "a\u0000b", "random:p=../..", "1/0", "-1/2"];
  return [...CHECK, option[draws.below(option.length)] as string, (text[draws.below(text.length)] as string)];
}

const ofFile = (args: readonly string[], example: string, exits: readonly Exit[] = [Exit.Failed]): Command => ({
  name: args.join(" "),
  exits,
  spoil: (_seeds, draws) => ({ args: [...args, "input"], files: { input: spoiled(exampleOf(example), draws) } }),
});

const REPLAYED = [Exit.Failed, Exit.Nondeterminism, Exit.Stale];

/** Those that run in a few ms each. */
export const COMMANDS: readonly Command[] = [
  { name: "replay", exits: REPLAYED, spoil: ({ token }, draws) => ({ args: ["replay", spoiledToken(token, draws)] }) },
  { name: "replay, of a file", exits: REPLAYED, spoil: ({ regression }, draws) => ({ args: ["replay", "r.json"], files: { "r.json": spoiled(regression, draws) } }) },
  { name: "explain", exits: REPLAYED, spoil: ({ token }, draws) => ({ args: ["explain", spoiledToken(token, draws), "--budget", "20"] }) },
  { name: "verify-fix", exits: REPLAYED, spoil: ({ token }, draws) => ({ args: ["verify-fix", spoiledToken(token, draws), "--budget", "5", "--runs", "2"] }) },
  {
    name: "check, with a regression",
    exits: [Exit.Failed],
    spoil: ({ regression }, draws) => ({ args: [...CHECK, ...WRITERS, "--runs", "4"], files: { "regressions/r.json": spoiled(regression, draws) } }),
  },
  {
    name: "check, after one that was killed",
    // The same code, and a failure that does not show: that is told as a divergence.
    exits: [Exit.Failed, Exit.Nondeterminism],
    spoil: ({ journal }, draws) => ({ args: [...CHECK, ...WRITERS, "--runs", "4"], files: { [join(OUT, "journal.jsonl")]: spoiled(journal, draws) } }),
  },
  {
    name: "check, configured",
    exits: [Exit.Failed],
    // Where to write is the configuration's to say: here the command line says it.
    spoil: (_seeds, draws) => ({
      args: [...CHECK, ...WRITERS, "--no-regressions"],
      files: { "interlock.config.json": spoiled(exampleOf("configuration"), draws), "a.ts": "", "b.ts": "" },
    }),
  },
  { name: "check", exits: [Exit.Failed, Exit.NothingRan], spoil: (_seeds, draws) => ({ args: [...spoiledCheck(draws), ...WRITERS] }) },
  {
    name: "merge",
    exits: [Exit.Failed, Exit.NothingRan, Exit.Nondeterminism],
    spoil: ({ shards }, draws) => {
      const names = Object.keys(shards);
      const name = names[draws.below(names.length)] as string;
      return { args: ["merge", "s1", "s2", ...WRITERS], files: { ...shards, [name]: spoiled(shards[name] as string, draws) } };
    },
  },
  { name: "merge, of hostile names", exits: [Exit.Failed, Exit.Nondeterminism], spoil: hostileShards },
  ofFile(["conform"], "sequence"),
  ofFile(["conform"], "control plane"),
  ...(["counts", "shapes", "litmus", "races"] as const).map((kind) => ofFile(["corpus", kind], `corpus of ${kind}`)),
];

/** Those that take longer: they run the kernel, or explore. */
export const SLOW_COMMANDS: readonly Command[] = [
  ofFile(["outcomes"], "outcomes"),
  { name: "replay, of the kernel", exits: REPLAYED, runner: runOnKernel, spoil: ({ kernelToken }, draws) => ({ args: ["replay", spoiledToken(kernelToken, draws)] }) },
];

/** Both shards name something in the same way, that no file may be called. */
function hostileShards({ shards }: Seeds, draws: Draws): Spoiled {
  const names = ["../../outside/evil", "/tmp/../evil", "..", "a\\u0000b", "CON", "\\u001b[2J", "<script>", "..\\\\..\\\\evil", "x".repeat(5000)];
  const name = names[draws.below(names.length)] as string;
  const [was, becomes] = ([
    [/"fingerprint":"[0-9a-f]{16}"/g, `"fingerprint":"${name}"`],
    [/"id":"no-lost-update"/g, `"id":"${name}"`],
    [/"name":"lost-update"/g, `"name":"${name}"`],
    [/"scenario":"lost-update"/g, `"scenario":"${name}"`],
    [/"strategy":"random"/g, `"strategy":"${name}"`],
    [/"version":"0\.0\.0"/g, `"version":"${name}"`],
  ] as const)[draws.below(6)] as readonly [RegExp, string];
  const files = Object.fromEntries(Object.entries(shards).map(([file, text]) => [file, text.replaceAll(was, () => becomes)]));
  return { args: ["merge", "s1", "s2", ...WRITERS], files };
}

/** A folder with files around it, and what is in it. */
class Box {
  readonly root = emptyFolder();
  /** Deep, so that a few folders up is in the box still. */
  readonly cwd = join(this.root, "a", "b", "c", "d", "cwd");

  fill(files: Readonly<Record<string, string>>): void {
    for (const name of readdirSync(this.root)) rmSync(join(this.root, name), { recursive: true });
    mkdirSync(join(this.cwd, OUT), { recursive: true });
    mkdirSync(join(this.root, "outside"));
    writeFileSync(join(this.root, "outside", "kept"), KEPT);
    const pid = String(process.pid);
    for (const [i, name] of ["results.json", "junit.xml", `results.json.tmp-${pid}`, `.probe-${pid}`, `.journal.tmp-${pid}-0`, "journal-2.jsonl"].entries())
      symlinkSync(join(this.root, "outside", i % 2 === 0 ? "kept" : `made-${name}`), join(this.cwd, OUT, name));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.cwd, name)), { recursive: true });
      writeFileSync(join(this.cwd, name), text);
    }
  }

  /** What is where nothing may be written, with its text. */
  rest(): string {
    const paths = readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(join(this.cwd, OUT)) && !path.startsWith(join(this.cwd, "regressions")));
    return JSON.stringify(paths.sort().map((path) => [path, readFileSync(path, "latin1")]));
  }
}

const KEPT = '{"end":"complete"}\n';
/** Line feeds are what ends a line, and nothing else may move the cursor. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

function wrongWith({ exits }: Command, { exit, stdout, stderr }: Ran): string | null {
  if (exit !== Exit.Passed && exit !== Exit.Usage && !exits.includes(exit)) return `exits ${String(exit)}`;
  if (CONTROL.test(stdout + stderr)) return `writes a control character: ${JSON.stringify(CONTROL.exec(stdout + stderr)?.[0])}`;
  if (/internal error|^ {4}at /m.test(stderr)) return "crashes";
  if (exit === Exit.Usage && !/^interlock: .+\n$/m.test(stderr)) return "refuses without a line";
  if (exit === Exit.Usage && stdout === "" && stderr.split("\n").length !== 2) return "does not refuse in one line";
  return "spoiled" in {} ? "reaches the prototype of objects" : null;
}

/** Runs so many; the first few that go wrong, and how many were refused. */
export async function fuzzCommands(seed: string, cases: number, commands: readonly Command[] = COMMANDS): Promise<{ readonly wrong: readonly string[]; readonly refused: number }> {
  const draws = new Draws(rng(seed));
  const seeds = await makeSeeds();
  const box = new Box();
  const wrong: string[] = [];
  let refused = 0;
  for (let i = 0; i < cases && wrong.length < 10; i++) {
    const command = commands[i % commands.length] as Command;
    const { args, files = {} } = command.spoil(seeds, draws);
    box.fill(files);
    const before = box.rest();
    const ran = await (command.runner ?? run)(args, { cwd: box.cwd });
    const what = wrongWith(command, ran) ?? (box.rest() === before ? null : "writes outside of --out");
    if (what !== null) wrong.push(`${command.name}: ${what}: ${JSON.stringify({ args, files }).slice(0, 3000)}\n${ran.stderr.slice(0, 1000)}`);
    if (ran.exit === Exit.Usage) refused++;
  }
  rmSync(box.root, { recursive: true });
  return { wrong, refused };
}
