/** Into how many classes the failing runs of one mutant fall, as a check groups them. */
import { expect } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import type { CauseResult } from "../../reports/index.ts";
import { loadVariant } from "../bundled-engine.ts";
import { groupedByCause, type Explained } from "../causes.ts";
import { examineFailure } from "../examine.ts";
import { addSeen, emptyTally } from "../fold.ts";
import { smallerCase } from "../shrinking.ts";
import { KILLED, type Mutant } from "../test-mutants.ts";
import { ORDERINGS_BUDGET, whyOf } from "./class.ts";
import { isItsOwn } from "./test-failing.ts";

/** Runs of a place, at most; and failures that are looked at. */
const RUNS = 120;
const MOST = 12;
/** Runs for shrinking each. */
const BUDGET = 600;

/** The causes of the failures that kill a mutant, where the model lives, in runs of the scenario and strategy that its recorded run is of. */
async function causesIn(mutant: Mutant): Promise<readonly CauseResult[]> {
  const place = KILLED[mutant.name];
  if (place === undefined) throw new Error(`${mutant.name}: no run is recorded; npm run mutants`);
  const { engine } = await loadVariant(findRoot(), mutant.variant.name);
  const property = mutant.property?.name ?? null;
  const { scenario, strategy } = place;
  const job = engine.open(scenario, { name: strategy, parameters: place.parameters }, property);
  const tally = emptyTally(scenario);
  for (let at = 0, left = MOST; at < RUNS && left > 0; at++) {
    const seed = place.seed + at;
    const run = job.run(String(seed));
    if (run?.failure?.id !== mutant.dies) continue;
    const { config, choices, failure, steps, switches, hash, evidence } = run;
    const what = { scenario, config, choices, property };
    if (!isItsOwn(engine, what, mutant.dies)) continue;
    left--;
    const { fingerprint } = examineFailure(engine, what, { steps, hash }, failure, evidence);
    addSeen(tally.failures, { fingerprint, failure, what, run: { steps, switches }, strategy, seed, token: "", at, first: at, runs: 1 });
  }
  // What is noticed in one place needs no look at its cause.
  const budget = tally.failures.size > 1 ? BUDGET : 0;
  const explained = [...tally.failures.values()].map((seen): Explained => {
    const { fingerprint } = seen;
    const { what, failure } = timed("shrinking", () => smallerCase(engine, { ...seen, drawnFrom: String(seen.seed), budget }));
    const why = timed("looking", () => whyOf(engine, what, failure, fingerprint, Math.min(budget, ORDERINGS_BUDGET)));
    return { report: { failure, fingerprint, scenario }, why };
  });
  const causes = groupedByCause(explained, [tally]);
  if (explained.length > 1) all.set(mutant.name, [explained.length, causes.length]);
  return causes;
}

/** Of each mutant that is noticed in several places: places, and causes. */
const all = new Map<string, readonly [fingerprints: number, causes: number]>();
/** CPU seconds for all of them. */
const spent = { shrinking: 0, looking: 0 };

function timed<T>(on: keyof typeof spent, work: () => T): T {
  const before = process.cpuUsage();
  const done = work();
  const { user, system } = process.cpuUsage(before);
  spent[on] += (user + system) / 1e6;
  return done;
}

/** What was checked so far. */
export function classesSummary(): string {
  const sum = (which: 0 | 1): string => String([...all.values()].reduce((total, each) => total + each[which], 0));
  const several = [...all].filter(([, [, causes]]) => causes > 1).map(([name, [, causes]]) => `${name} ${String(causes)}`);
  return [
    `${String(all.size)} mutants are noticed in several places: ${sum(0)} fingerprints, ${sum(1)} causes; several causes: ${several.join(", ")}`,
    `CPU time: shrinking ${spent.shrinking.toFixed(1)} s, looking for causes ${spent.looking.toFixed(1)} s`,
  ].join("\n");
}

/** Their failures have several causes, as far as a check can tell, and why. */
const SEVERAL: ReadonlyMap<string, string> = new Map([
  ["enqueues-at-the-head", "one order is of the lock, one of the count of packets behind it, and where the sender is the netisr itself it fails in every order"],
  ["forgets-the-queued-flag", "it is seen where a lock is given back next: that is the order that is found, and where it is the sender's own there is none"],
  ["keeps-a-dead-address", "it fails in every order, and is seen in whichever routine waits next"],
  ["keeps-the-sched-flag", "as for keeps-a-dead-address"],
  ["sends-a-busy-message", "with one thread that asks twice it fails in every order; with others it takes one"],
  ["takes-every-answer-for-yes", "it fails in every order, and which request it was tells known defects of the model apart"],
]);

/** Fails unless the failures are of one cause; or if they are, where several are listed. */
export async function checkClasses(mutant: Mutant): Promise<void> {
  const causes = await causesIn(mutant);
  const told = causes.map(({ class: name, runs, sentence, fingerprints }) => `${name}, ${String(runs)} runs, ${String(fingerprints.length)} fingerprints: ${sentence}`);
  if (SEVERAL.has(mutant.name)) expect(told.length, told.join("\n")).toBeGreaterThan(1);
  else expect(told.slice(1), told.join("\n")).toEqual([]);
}
