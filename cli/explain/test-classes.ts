/** Into how many classes the failing runs of one mutant fall, by fingerprint. */
import { expect } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadVariant } from "../bundled-engine.ts";
import { examineFailure } from "../examine.ts";
import { KILLED, type Mutant } from "../test-mutants.ts";
import { isItsOwn } from "./test-failing.ts";

/** What some runs came to. */
interface Classes {
  readonly runs: number;
  /** By fingerprint: how many of the runs failed so. */
  readonly failing: ReadonlyMap<string, number>;
}

/** Runs of a place, at most; and failures that are looked at. */
const RUNS = 120;
const MOST = 12;

/** Fingerprints of the failures that kill a mutant, where the model lives, in runs of the scenario and strategy that its recorded run is of. */
async function classesOf(mutant: Mutant): Promise<Classes> {
  const place = KILLED[mutant.name];
  if (place === undefined) throw new Error(`${mutant.name}: no run is recorded; npm run mutants`);
  const { engine } = await loadVariant(findRoot(), mutant.variant.name);
  const property = mutant.property?.name ?? null;
  const job = engine.open(place.scenario, { name: place.strategy, parameters: place.parameters }, property);
  const failing = new Map<string, number>();
  let runs = 0;
  for (let left = MOST; runs < RUNS && left > 0; runs++) {
    const run = job.run(String(place.seed + runs));
    if (run?.failure?.id !== mutant.dies) continue;
    const { config, choices, failure, steps, hash, evidence } = run;
    const what = { scenario: place.scenario, config, choices, property };
    if (!isItsOwn(engine, what, mutant.dies)) continue;
    left--;
    const { fingerprint } = examineFailure(engine, what, { steps, hash }, failure, evidence);
    failing.set(fingerprint, (failing.get(fingerprint) ?? 0) + 1);
  }
  return { runs, failing };
}

/** Their failures are told apart by where they are noticed, which is not where they come from. */
const SEVERAL: ReadonlySet<string> = new Set([
  "cuts-listed-names",
  "detaches-under-the-serializer",
  "does-not-wait-for-references",
  "enqueues-at-the-head",
  "exits-without-a-wakeup",
  "forgets-the-queued-flag",
  "frees-the-head-twice",
  "joins-a-group-one-way",
  "keeps-a-dead-address",
  "keeps-the-filter-as-it-was",
  "keeps-the-sched-flag",
  "leaks-the-dropped-head",
  "leaks-without-memory",
  "miscounts-the-priority-lane",
  "sends-a-busy-message",
  "sleeps-without-interlock",
  "takes-every-answer-for-yes",
  "takes-one-too-many",
  "takes-without-removing",
  "taps-the-first-again",
]);

/** Fails unless the failures are one class; or if they are, where several are listed. */
export async function checkClasses(mutant: Mutant): Promise<void> {
  const { failing } = await classesOf(mutant);
  const told = [...failing].map(([fingerprint, many]) => `${fingerprint}: ${String(many)}`);
  if (SEVERAL.has(mutant.name)) expect(told.length, told.join(", ")).toBeGreaterThan(1);
  else expect(told.slice(1)).toEqual([]);
}
