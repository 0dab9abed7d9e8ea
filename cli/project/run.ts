/** Checks and replays for people who run Interlock inside their own test runner: the command line, as functions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "../../reports/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { EngineFault, UsageError } from "../errors.ts";
import { Exit } from "../exit-codes.ts";
import { processIo, type Io, type Sink } from "../io.ts";
import { loadEngine } from "../load-engine.ts";
import { runCli } from "../program.ts";
import type { CheckDefaults } from "./config.ts";
import { findProject } from "./project.ts";
import { replay as replayCommand, type ReplayResult } from "../replay.ts";

/** Where a check or a replay takes place, and who hears what it prints. */
export interface RunOptions {
  /** Folder that relative paths start from, and whose configuration file counts. Default: the process's. */
  readonly cwd?: string | undefined;
  /** Another configuration file. */
  readonly config?: string | undefined;
  /** Hears everything a person would read, as it is printed. Default: nobody. */
  readonly print?: ((text: string) => void) | undefined;
}

/** What is checked: the options of `interlock check`. What is not given is as the configuration file says. */
export interface CheckOptions extends RunOptions, CheckDefaults {
  /** The stock scenarios too, where the project has its own. */
  readonly stock?: boolean | undefined;
  /** Aborted: the check ends as it would at SIGINT, with what it has. */
  readonly signal?: AbortSignal | undefined;
}

/** What is replayed on. */
export interface ReplayOptions extends RunOptions {
  /** A variant of the model instead of the one the token was recorded on. */
  readonly variant?: string | undefined;
}

/**
 * Searches interleavings for broken promises, as `interlock check` does. Resolves to the content of `results.json`,
 * whatever the verdict: look at `totals.verdict`, `"failed"` when something new is broken. By default it uses a
 * worker thread for each core; a run costs about a millisecond.
 * @throws An Error named `UsageError` for what the command answers with exit code 2: an unknown name, a bad
 * configuration file. An Error named `EngineFault` when Interlock contradicts itself (3, 5).
 * @example
 * import { check } from "interlock";
 *
 * const { totals } = await check({ scenario: "one-sender", seed: 1, runs: 20, jobs: 0, regressions: false });
 * totals.runs; // => 20
 * totals.verdict; // => "passed"
 */
export async function check(options: CheckOptions = {}): Promise<Results> {
  const { io, heard } = silentIo(options, ["stderr"]);
  const exit = await runCli(["check", "--json", ...argumentsOf(options)], io);
  if (exit === Exit.Usage && (heard.stdout === "" || MODULE_FAULT.test(heard.stderr))) throw new UsageError(complaint(heard.stderr));
  if (exit === Exit.EngineFault || exit === Exit.Nondeterminism) throw new EngineFault(complaint(heard.stderr), exit);
  return JSON.parse(heard.stdout) as Results;
}

/**
 * Runs exactly the run of a token again, as `interlock replay` does.
 * @throws An Error named `UsageError` when the token cannot be read or names what is not there.
 * @example
 * import { check, replay } from "interlock";
 *
 * const { scenarios } = await check({
 *   variant: "takes-without-removing", scenario: "one-sender", seed: 1, runs: 20, jobs: 0, regressions: false,
 * });
 * const token = scenarios[0]?.failures[0]?.token ?? "";
 * const { verdict, asRecorded } = await replay(token);
 * verdict; // => "failed"
 * asRecorded; // => true
 */
export async function replay(token: string, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { io } = silentIo(options, ["stdout", "stderr"]);
  const project = await findProject(io.root, io.cwd, options.config ?? null);
  const results: ReplayResult[] = [];
  const load: typeof loadEngine = (outside, variant) => loadEngine(outside, variant, project);
  await replayCommand(io, load, token, options.variant ?? null, (result) => results.push(result));
  const [result] = results;
  if (result === undefined) throw new UsageError("a token of an outcome specification is for the command line");
  return result;
}

/** Keys of {@link CheckOptions} that are an option with a value, and what it is called. */
const VALUES = {
  config: "--config",
  scenario: "--scenario",
  property: "--property",
  strategy: "--strategy",
  seed: "--seed",
  runs: "--runs",
  jobs: "--jobs",
  runTimeout: "--run-timeout",
  workerMemory: "--worker-memory",
  variant: "--variant",
  out: "--out",
  stale: "--stale",
  inconclusive: "--inconclusive",
} as const satisfies Partial<Record<keyof CheckOptions, string>>;

function argumentsOf(options: CheckOptions): readonly string[] {
  const valued = (Object.keys(VALUES) as (keyof typeof VALUES)[]).flatMap((key) => {
    const value = options[key];
    return value === undefined ? [] : [`${VALUES[key]}=${String(value)}`];
  });
  const { bail, stock, regressions, reporters = [] } = options;
  return [
    ...valued,
    ...reporters.map((name) => `--reporter=${name}`),
    ...(bail === true ? ["--bail"] : []),
    ...(stock === true ? ["--stock"] : []),
    ...(regressions === undefined ? [] : [regressions === false ? "--no-regressions" : `--regressions=${regressions}`]),
  ];
}

interface Heard {
  stdout: string;
  stderr: string;
}

/** `printed`: the streams that are for people. */
function silentIo(
  { cwd, print, signal }: CheckOptions,
  printed: readonly (keyof Heard)[],
): { readonly io: Io; readonly heard: Heard } {
  const root = findRoot();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const heard: Heard = { stdout: "", stderr: "" };
  const sink = (name: keyof Heard): Sink => ({
    write(text: string) {
      heard[name] += text;
      if (printed.includes(name)) print?.(text);
    },
    isTTY: false,
    rewrites: false,
    columns: 80,
    colours: false,
  });
  const io: Io = {
    ...processIo(root, version),
    // What the environment switches on is for the command.
    env: {},
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    ...(cwd !== undefined && { cwd }),
    onSignal(hear) {
      const aborted = (): unknown => hear("SIGINT");
      if (signal?.aborted === true) setImmediate(aborted);
      signal?.addEventListener("abort", aborted, { once: true });
      return () => signal?.removeEventListener("abort", aborted);
    },
  };
  return { io, heard };
}

const MODULE_FAULT = /^fault of the module, /m;

/** The line that says what is wrong, without the name of the command. */
function complaint(stderr: string): string {
  const said = /^(?:interlock|fault of (?:Interlock|the module), not of the kernel): (.*)$/m.exec(stderr);
  return said?.[1] ?? stderr.trim();
}

export type { ReplayResult };
