/**
 * `npm run test:nodes [-- VERSION…|bun]`: the golden runs, and the results of checks, on other versions of Node, in a worker
 * without Node's modules and in a browser. Exit code 0 when all of them leave what is committed, to the bit.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeGolden, type GoldenEntry, type WorkerAnswer } from "../../golden/index.ts";
import { columns } from "../../reports/index.ts";
import { bundle } from "../../scripts/build.mjs";
import { findRoot } from "../../scripts/stamp.mjs";
import { UsageError, isEngineFault, isUsageError } from "../errors.ts";
import { Exit, exitOfSignal } from "../exit-codes.ts";
import { moduleBundle, workerBundle } from "./bundle.ts";
import { checkCommands, checkResults } from "./check-results.ts";
import { askBrowser, findChromium, type BrowserJob } from "./chromium.ts";
import { byVariant, loadGolden } from "./golden-runs.ts";
import { fetchRuntimes, parseWanted } from "./nodes.ts";
import type { NodeAnswer, NodeJob } from "./on-node.ts";
import { startSandbox } from "./sandbox.ts";

const USUAL = ["22", "24"];
const DIFFERENCES_MAX = 20;
const run = promisify(execFile);

/** What one runtime came to. */
interface Row {
  readonly runtime: string;
  readonly engine: string;
  readonly differences: readonly string[];
  /** Of `results.json`; null: no check is run there. */
  readonly checks: string | null;
}

const root = findRoot();
const golden = loadGolden(root);
const groups = byVariant(golden);

async function main(): Promise<Exit> {
  const given = process.argv.slice(2);
  const names = given.length === 0 ? USUAL : given;
  const wanted = names.map(parseWanted);
  if (groups.size === 0) throw new UsageError("there are no golden runs: `npm run golden` makes them");
  const folder = mkdtempSync(join(tmpdir(), "interlock-nodes-"));
  // Modules must lie below the root to find the packages.
  const work = join(root, "build", `nodes.tmp-${String(process.pid)}`);
  const cleanUp = async (): Promise<void> => {
    for (const each of [folder, work]) await rm(each, { recursive: true, force: true, maxRetries: 10 });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(exitOfSignal(signal))));
  }
  try {
    console.error(`fetching ${names.join(" and ")}`);
    const fetched = await fetchRuntimes(wanted, folder);
    const others = wanted.map(({ kind }, i) => ({ path: fetched[i] ?? "", checks: kind === "node" }));
    return show(await everywhere([{ path: process.execPath, checks: true }, ...others], folder, work));
  } finally {
    await cleanUp();
  }
}

/** An executable, and whether `interlock check` is for it. */
interface Executable {
  readonly path: string;
  readonly checks: boolean;
}

async function everywhere(executables: readonly Executable[], folder: string, work: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const job = await prepareNodeJob(work);
  const commands = checkCommands(golden);
  let expected: readonly string[] | null = null;
  for (const { path, checks } of executables) {
    console.error(`running ${path === process.execPath ? "this Node" : path}`);
    const { stdout } = await run(path, [...job], { maxBuffer: 1 << 26 });
    const { differences, ...what } = JSON.parse(stdout) as NodeAnswer;
    const results = checks ? await checkResults(root, path, commands, folder) : [];
    expected ??= results;
    const wrong = results.flatMap((text, i) => text === expected?.[i] ? [] : [`check ${commands[i]?.join(" ") ?? ""}: other results`]);
    const equal = checks ? `${String(results.length - wrong.length)} of ${String(results.length)}` : null;
    rows.push({ ...what, differences: [...differences, ...wrong], checks: equal });
  }
  console.error("running the worker without Node's modules");
  const jobs = await prepareWorkers();
  rows.push(inSandbox(jobs));
  rows.push(...await inBrowser(jobs, folder));
  return rows;
}

/** Bundles with the settings of the build; returns what follows the name of the executable. */
async function prepareNodeJob(work: string): Promise<readonly string[]> {
  const steps: { entries: string; module: string }[] = [];
  for (const [variant, entries] of groups) {
    const outdir = join(work, String(steps.length));
    const module = await moduleBundle(root, variant, outdir);
    const path = join(outdir, "entries.json");
    writeFileSync(path, writeGolden(entries));
    steps.push({ entries: path, module });
  }
  mkdirSync(work, { recursive: true });
  const path = join(work, "job.json");
  writeFileSync(path, JSON.stringify(steps satisfies NodeJob));
  await bundle({ entryPoints: ["cli/runtimes/on-node.ts"], outdir: work }, root);
  return [join(work, "cli", "runtimes", "on-node.js"), path];
}

async function prepareWorkers(): Promise<readonly BrowserJob[]> {
  const jobs: BrowserJob[] = [];
  for (const [variant, entries] of groups) {
    jobs.push({ script: await workerBundle(root, variant), entries: writeGolden(entries) });
  }
  return jobs;
}

const told = (answer: WorkerAnswer): readonly string[] =>
  "error" in answer ? [`the worker failed: ${answer.error}`] : answer.differences;

function inSandbox(jobs: readonly BrowserJob[]): Row {
  const differences = jobs.flatMap(({ script, entries }) =>
    told(JSON.parse(startSandbox(script, "golden").ask(entries)) as WorkerAnswer));
  return { runtime: "worker without Node", engine: `V8 ${process.versions.v8}`, differences, checks: null };
}

async function inBrowser(jobs: readonly BrowserJob[], folder: string): Promise<readonly Row[]> {
  const browser = findChromium();
  if (browser === null) {
    console.error("no browser on this machine: not run in a real web worker (CHROME_PATH names one)");
    return [];
  }
  console.error(`running a web worker of ${browser}`);
  const { agent, evaluates, answers } = await askBrowser(browser, jobs, folder);
  const version = /(?:Headless)?Chrom(?:e|ium)\/([0-9.]+)/.exec(agent)?.[1] ?? agent;
  const differences = [
    ...(evaluates ? ["the page could evaluate text: its policy was not in force"] : []),
    ...(answers.length === jobs.length ? [] : [`${String(answers.length)} of ${String(jobs.length)} workers answered`]),
    ...(answers as WorkerAnswer[]).flatMap(told),
  ];
  return [{ runtime: "web worker", engine: `Chromium ${version}`, differences, checks: null }];
}

function show(rows: readonly Row[]): Exit {
  const runs = golden.reduce((sum, entry: GoldenEntry) => sum + entry.runs + (entry.token === null ? 0 : 1), 0);
  const table = rows.map(({ runtime, engine, differences, checks }) =>
    [runtime, engine, checks ?? "-", differences.length === 0 ? "equal" : `${String(differences.length)} differences`]);
  console.log(`${String(golden.length)} golden entries, ${String(runs)} runs each`);
  for (const line of columns([["runtime", "engine", "equal results.json", "verdict"], ...table])) console.log(line);
  for (const { runtime, differences } of rows) {
    for (const line of differences.slice(0, DIFFERENCES_MAX)) console.log(`${runtime}: ${line}`);
    const more = differences.length - DIFFERENCES_MAX;
    if (more > 0) console.log(`${runtime}: and ${String(more)} more`);
  }
  return rows.some(({ differences }) => differences.length > 0) ? Exit.Nondeterminism : Exit.Passed;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!isUsageError(error) && !isEngineFault(error)) throw error;
  console.error(`test:nodes: ${error.message}`);
  process.exitCode = isUsageError(error) ? Exit.Usage : Exit.EngineFault;
}
