/**
 * The table of minima, `golden/minima.jsonl`: what shows every mutant and every finding, how large that was, and what it shrinks
 * to. The sizes are our own; the bound on preemptions is not: it follows from the depth that the variant's header or the
 * finding's entry states.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import { underMemory } from "../scenarios/index.ts";
import { Counted, RandomWalk, Replay, Sparing, scheduleOf } from "../sim/index.ts";
import { loadVariant } from "./bundled-engine.ts";
import { caseSize } from "./case-size.ts";
import { engine as original } from "./engine.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { failureWith } from "./examine.ts";
import type { Finding } from "./findings.ts";
import type { CaseSize } from "./regressions.ts";
import { budgetFor, smallerCase, type ShrinkCase } from "./shrinking.ts";
import { FINDINGS } from "./test-fixes.ts";
import { caseOfKill } from "./test-shrinking.ts";
import type { Kill } from "./test-hunt.ts";
import { BREAKING, type Mutant } from "./test-mutants.ts";
import { readToken, writeToken } from "./tokens.ts";

/** A size, and how often somebody who could have gone on was interrupted. */
export interface Extent extends CaseSize {
  readonly preemptions: number;
}

/** One line of the table. */
export interface Minimum {
  /** `mutants/NAME` or `findings/NAME`. */
  readonly name: string;
  readonly found: Extent;
  readonly shrunk: Extent;
  readonly fingerprint: string;
  /** What was found before it was shrunk, and the minimum. */
  readonly from: string;
  readonly token: string;
  /** The seed of the record; null: it was not drawn. */
  readonly drawnFrom: string | null;
}

export const MINIMA_FILE = join(findRoot(), "golden", "minima.jsonl");

/** The table, by name. */
export const readMinima = (): readonly Minimum[] =>
  readFileSync(MINIMA_FILE, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Minimum);

/** Number of ordering constraints that each failure needs: of mutants by their headers, of findings by their entries. */
const DEPTHS: ReadonlyMap<string, number> = new Map([
  ...BREAKING.map(({ variant }) => [variant.name, Number(variant.header.depth)] as const),
  ...FINDINGS.map(({ name, depth }) => [`findings/${name}`, depth ?? 0] as const),
]);

/** Preemptions that a failure may need: one less than its depth. */
export const boundOf = (name: string): number => Math.max(0, (DEPTHS.get(name) ?? 0) - 1);

/** Failures whose minimum has more preemptions than {@link boundOf} says, and why. */
export const MISSED: ReadonlyMap<string, string> = new Map([
  [
    "findings/groups-without-a-lock-groups-agree-both-ways",
    "two groups of one name, linked and unlinked by turns: of the 108,290 schedules of its record with three preemptions at most, all there are, none fails so; with four it is not known",
  ],
  [
    "findings/watchdog-after-detach",
    "each tick that is to come by itself interrupts the clock, and the last one has to come behind detach: no run with fewer ticks was found, nor among the first 104,470 schedules of its record with two preemptions",
  ],
]);

/** How large a case is. */
function extentOf(engine: EngineSet, what: Case): Extent {
  const counted = new Counted(new Replay(what.choices));
  const { config, property, scenario } = what;
  const run = engine.runUnder({ config, property, scenario }, counted, "");
  return { ...caseSize(run, what), preemptions: counted.places.length };
}

/** What a run that killed a mutant shrinks to. */
export async function minimumOfMutant({ variant: { name } }: Mutant, kill: Kill): Promise<Minimum> {
  const engine = await engineOf(name);
  return minimum(name, engine, caseOfKill(engine, kill, budgetFor(1)));
}

/** What the run of a finding shrinks to; null: its token does not show it. */
export async function minimumOfFinding({ name, token, fingerprint }: Finding, what: Case | null = null): Promise<Minimum | null> {
  const from = what ?? caseOf(await readToken(token));
  const shown = failureWith(original, from, fingerprint);
  if (shown === null) return null;
  const { failure } = shown;
  return minimum(`findings/${name}`, original, { what: from, failure, fingerprint, drawnFrom: null, budget: budgetFor(1) });
}

/** Other runs that show a finding, with few preemptions and with many, on records that its scenario draws. */
export async function* otherRuns({ token, fingerprint, kind }: Finding, preemptions: number, runs: number): AsyncGenerator<Case> {
  const { scenario, config: first, choices, property } = caseOf(await readToken(token));
  const counted = new Counted(new Replay(choices));
  const { places } = scheduleOf(original.runUnder({ scenario, config: first, property }, counted, "").x, counted);
  for (let i = 0; i < runs; i++) {
    const config = underMemory(original.configOf(scenario, DRAWN, `minima/${String(i >> 2)}`), first.memory);
    const strategy = i % 2 === 0 ? new Sparing(preemptions, places) : new RandomWalk();
    const run = original.runUnder({ scenario, config, property }, strategy, `minima/${String(i)}`);
    if (kind === "Race" ? run.races.length === 0 : run.failure?.kind !== kind) continue;
    const what = { scenario, config, choices: run.choices, property };
    if (failureWith(original, what, fingerprint) !== null) yield what;
  }
}

const DRAWN = { name: "random", parameters: {} } as const;

function minimum(name: string, engine: EngineSet, request: ShrinkCase): Minimum {
  const { what, fingerprint, drawnFrom } = request;
  const small = smallerCase(engine, request);
  const text = (each: Case): string => textOf(name, each, fingerprint);
  const extents = { found: extentOf(engine, what), shrunk: extentOf(engine, small.what) };
  return { name, ...extents, fingerprint, from: text(what), token: text(small.what), drawnFrom };
}

const textOf = (name: string, what: Case, fingerprint: string): string =>
  writeToken({ ...what, variant: variantOf(name), code: "", fingerprint });

const variantOf = (name: string): string | null => (name.startsWith("mutants/") ? name : null);

/** What a line is about: the model, or the model with the mutant. */
async function engineOf(name: string): Promise<EngineSet> {
  return variantOf(name) === null ? original : (await loadVariant(findRoot(), name)).engine;
}

const caseOf = ({ scenario, config, choices, property }: Case): Case => ({ scenario, config, choices, property });

/** A recorded minimum run again: its extent, and whether it shows the failure. */
export async function replayMinimum({ name, token, fingerprint }: Minimum): Promise<{ readonly shows: boolean; readonly extent: Extent }> {
  const engine = await engineOf(name);
  const what = caseOf(await readToken(token));
  return { shows: failureWith(engine, what, fingerprint) !== null, extent: extentOf(engine, what) };
}

/** Shrinks what was found once more; the text of the minimum, and the CPU seconds that it took. */
export async function shrinkAgain({ name, from, fingerprint, drawnFrom }: Minimum): Promise<{ readonly token: string; readonly seconds: number }> {
  const engine = await engineOf(name);
  const what = caseOf(await readToken(from));
  const shown = failureWith(engine, what, fingerprint);
  if (shown === null) throw new Error(`${name}: what was found does not show it`);
  const began = process.cpuUsage();
  const small = smallerCase(engine, { what, failure: shown.failure, fingerprint, drawnFrom, budget: budgetFor(1) });
  const { user, system } = process.cpuUsage(began);
  return { token: textOf(name, small.what, fingerprint), seconds: (user + system) / 1e6 };
}
