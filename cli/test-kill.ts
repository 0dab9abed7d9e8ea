/** Checks that are killed at a seeded moment, for the tests that they lose nothing. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { rng } from "../sim/index.ts";
import { findRoot } from "../scripts/stamp.mjs";
import { runCampaign } from "./campaign.ts";
import { ownThread } from "./crew.ts";
import { examineCase, raceIn } from "./examine.ts";
import { loadFindings } from "./findings.ts";
import { failuresOf } from "./fold.ts";
import { readJournal, type JournalContent } from "./journal-reader.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { RegressionFile } from "./regressions.ts";
import { emptyFolder } from "./test-io.ts";
import { readToken } from "./tokens.ts";
import { loadVariant } from "./bundled-engine.ts";

const BIN = join(import.meta.dirname, "../bin/interlock.mjs");
/** It breaks several promises in this scenario, early and late. */
const VARIANT = "mutants/enqueues-at-the-head";
const SCENARIO = "one-sender";
const SEED = 5;
const RUNS = 96;

const loaded = await loadVariant(findRoot(), VARIANT);
const { engine } = loaded;
const known = new Set(loadFindings(join(findRoot(), "findings")).map(({ fingerprint }) => fingerprint));

/** The check that is killed. */
const plan: Plan = makePlan({
  seed: SEED,
  scenarios: [SCENARIO],
  strategy: null,
  runs: RUNS,
  lengthOf: (name) => engine.runLength(name),
});

/** Every new failure of the whole plan, with the first run that shows it. */
export async function wholeTruth(): Promise<ReadonlyMap<string, number>> {
  const { tallies } = await runCampaign(ownThread(loaded), plan);
  const failures = tallies.flatMap(failuresOf).filter(({ fingerprint }) => !known.has(fingerprint));
  const first = new Map<string, number>();
  for (const { fingerprint, first: at } of failures) first.set(fingerprint, Math.min(at, first.get(fingerprint) ?? at));
  return first;
}

/** A check that was killed. */
export interface Killed {
  readonly cwd: string;
  /** Null when it had no journal yet. */
  readonly journal: JournalContent | null;
}

/** Starts the check and kills it when it has come so far; both are drawn from the seed. */
export async function killedCheck(seed: number): Promise<Killed> {
  const draws = rng(`kill/${String(seed)}`);
  const below = (n: number): number => (draws.next() >>> 0) % n;
  const jobs = below(3);
  const at = below(RUNS + RUNS / 4);
  // Behind the last run failures are shrunk and kept.
  const [atRun, later] = at < RUNS ? [at, below(25)] : [RUNS / 2, below(400)];
  const cwd = emptyFolder();
  const args = [BIN, "check", "--variant", VARIANT, "--scenario", SCENARIO, "--seed", String(SEED), "--runs", String(RUNS), "--jobs", String(jobs), "--json"];
  const child = spawn(process.execPath, args, { cwd, stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const path = join(cwd, "interlock-out/journal.jsonl");
  const poll = setInterval(() => {
    if (doneIn(path) < atRun) return;
    clearInterval(poll);
    setTimeout(() => child.kill("SIGKILL"), later);
  }, 4);
  await ended;
  clearInterval(poll);
  return { cwd, journal: doneIn(path) < 0 ? null : readJournal(path) };
}

/** Runs that the journal counts so far; -1 when there is none. */
function doneIn(path: string): number {
  try {
    const found = [...readFileSync(path, "utf8").matchAll(/^\{"done":([0-9]+),/gm)].at(-1);
    return Number(found?.[1] ?? 0);
  } catch {
    return -1;
  }
}

/** Failures of the plan that neither the journal holds nor its windows, nor what it says has not begun. */
export function lostOf(truth: ReadonlyMap<string, number>, { failures, timeline, progress }: JournalContent): readonly string[] {
  const given = Math.max(0, ...timeline.flatMap(({ workers }) => workers.map(([, , to]) => to)));
  const held = new Set(failures.map(({ fingerprint }) => fingerprint));
  const open = (run: number): boolean =>
    run >= given || (progress?.workers ?? []).some(([, from, to]) => run >= from && run < to);
  return [...truth].filter(([fingerprint, run]) => !held.has(fingerprint) && !open(run)).map(([fingerprint]) => fingerprint);
}

/** Failures of a journal whose token does not show them. */
export async function unshown({ failures }: JournalContent): Promise<readonly string[]> {
  const bad: string[] = [];
  for (const { token, kind, fingerprint } of failures) {
    const what = await readToken(token);
    const shown = kind === "Race"
      ? raceIn(engine, what, fingerprint) !== null
      : examineCase(engine, what).fingerprint === fingerprint;
    if (!shown) bad.push(fingerprint);
  }
  return bad;
}

/** Files under a folder that end in .json and are not JSON. */
export function brokenFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .filter((name) => {
      try {
        JSON.parse(readFileSync(join(folder, name), "utf8"));
        return false;
      } catch {
        return true;
      }
    });
}

/** The next check in the folder: a short one of another scenario, which takes up what is there. */
export async function recoveredIn(cwd: string): Promise<void> {
  const args = [BIN, "check", "--scenario", "quiet-card", "--seed", "1", "--runs", "4", "--jobs", "0"];
  const child = spawn(process.execPath, args, { cwd, stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
}

/** Fingerprints of the regressions that are kept in a folder. */
export const keptIn = (cwd: string): readonly string[] => {
  const folder = join(cwd, "regressions");
  return existsSync(folder)
    ? readdirSync(folder).map((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as RegressionFile).fingerprint)
    : [];
};
