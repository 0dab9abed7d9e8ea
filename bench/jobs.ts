/**
 * Two jobs against one: runs per second of a long check in processes of its own, beside what the machine gives to two
 * processes that only count. A machine that does not give two cores says so here. A short check gains less: every
 * worker has to compile the engine for itself first, which takes as long as 10,000 runs.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 3;
const RUNS = "250000";
const TARGET = 1.8;
/** What two idle cores give two processes that only count. */
const TWO_CORES = 1.9;
const COUNT = "let x = 1; for (let i = 0; i < 1.5e9; i++) x = (Math.imul(x, 48271) + i) | 0; process.exitCode = x === 7 ? 1 : 0";

/** Runs per second of one check. */
function rate(jobs: number, folder: string): number {
  const interlock = join(process.cwd(), "bin/interlock.mjs");
  const args = ["check", "--seed", "1", "--runs", RUNS, "--jobs", String(jobs), "--json", "--out", folder];
  const { stdout } = spawnSync(process.execPath, [interlock, ...args], { encoding: "utf8", cwd: folder, maxBuffer: 1 << 28 });
  const { totals, timing } = JSON.parse(stdout) as { totals: { runs: number }; timing: { seconds: number } };
  return totals.runs / timing.seconds;
}

const counting = (): Promise<void> => new Promise((resolve) => {
  spawn(process.execPath, ["-e", COUNT]).on("exit", () => resolve());
});

/** How much more two processes count in the same time than one. */
async function ceiling(): Promise<number> {
  const start = performance.now();
  await counting();
  const one = performance.now() - start;
  await Promise.all([counting(), counting()]);
  return (2 * one) / (performance.now() - start - one);
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Measures and prints; false when the target is missed on a machine that gives two cores. */
export async function reportJobs(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "interlock-bench-"));
  const ceilings: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ceilings.push(await ceiling());
  const gives = median(ceilings);
  const gain = rate(2, folder) / rate(1, folder);
  rmSync(folder, { recursive: true, force: true });
  const remark = `${String(availableParallelism())} cores; two processes that only count: ${gives.toFixed(2)}`;
  console.log(`${"2 jobs against 1, runs per second".padEnd(34)}${gain.toFixed(2).padStart(6)} ${TARGET.toFixed(2).padStart(6)}   ${remark}`);
  return gain >= TARGET || gives < TWO_CORES;
}
