/** A check of a mutant whose failures are noticed in five places, as one job, as two and as shards that are merged. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "../reports/index.ts";
import { emptyFolder } from "./test-io.ts";

const COMMAND = join(import.meta.dirname, "../bin/interlock.mjs");

/** What a command left behind. */
interface Told {
  readonly results: Results;
  /** The part of standard output that tells of the causes. */
  readonly causes: readonly string[];
}

function ran(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [COMMAND, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (_failed, stdout, stderr) => {
      if (stdout === "") reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}

async function told(folder: string, args: readonly string[]): Promise<Told> {
  const lines = (await ran(folder, [...args, "--reporter", "json", "--out", "out", "--no-regressions"])).split("\n");
  const from = lines.indexOf("new failures by cause");
  const causes = from < 0 ? [] : lines.slice(from + 1, lines.indexOf("", from));
  return { causes, results: JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8")) as Results };
}

/** Checks so many runs in three ways; `budget`: for shrinking each failure. */
export async function checkedInThreeWays(runs: number, budget: number): Promise<{ readonly one: Told; readonly two: Told; readonly merged: Told }> {
  const shrinking = ["--shrink-budget", String(budget)];
  const plan = [
    "check", "--variant", "mutants/miscounts-the-priority-lane", "--scenario", "one-sender", "--property", "queue-counters-agree", "--seed", "1",
    "--runs", String(runs), ...shrinking,
  ];
  const [one, two, shards] = [emptyFolder(), emptyFolder(), emptyFolder()];
  for (const shard of ["1", "2"]) await ran(shards, [...plan, "--shard", `${shard}/2`, "--out", shard, "--no-regressions"]);
  return {
    one: await told(one, [...plan, "--jobs", "1"]),
    two: await told(two, [...plan, "--jobs", "2"]),
    merged: await told(shards, ["merge", "1", "2", ...shrinking]),
  };
}
