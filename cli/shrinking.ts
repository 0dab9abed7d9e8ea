/**
 * Shrinking a failing case within a budget of runs: the schedule (fewest switches first) and the configuration record,
 * in turns, as long as something gets smaller. What counts is the same failure: kind, id and fingerprint.
 */
import {
  Guided,
  NO_GUIDE,
  Pct,
  RandomWalk,
  Replay,
  guideOf,
  isSimpler,
  shrink,
  type Attempt,
  type Failure,
  type Guide,
  type Strategy,
} from "../sim/index.ts";
import { underMemory, type Config } from "../scenarios/index.ts";
import type { Case, EngineSet, Ran, Setting } from "./engine-set.ts";
import { EngineFault, isEngineFault } from "./errors.ts";
import { examineFailure } from "./examine.ts";
import { Exit } from "./exit-codes.ts";
import { FAMILIES, weight, type SmallerConfig } from "./smaller-configs.ts";

/** What is made smaller. */
export interface ShrinkCase {
  readonly what: Case;
  readonly failure: Failure;
  readonly fingerprint: string;
  /** The seed fast-check drew the configuration record from; null: it comes from elsewhere. */
  readonly drawnFrom: string | null;
  /** Runs that may be spent; 0: nothing is tried. */
  readonly budget: number;
}

/** The smaller case, and the failure as it shows there. */
export interface SmallerCase {
  readonly what: Case;
  readonly failure: Failure;
  readonly run: { readonly steps: number; readonly switches: number; readonly hash: bigint };
  /** What was tried; empty when the budget allowed nothing. */
  readonly shrunk: readonly ("schedule" | "configuration")[];
}

/** Runs that are spent on all failures of a check together, and on each at least and at most. */
const ALL = 12_000;
const LEAST = 200;
const MOST = 3_000;

/** Runs for each of so many failures. */
export const budgetFor = (failures: number): number =>
  Math.max(LEAST, Math.min(MOST, Math.floor(ALL / Math.max(1, failures))));

/** Of what is left: the share of a first look at the schedule, and what the records may take together. */
const QUICK = 0.15;
const RECORDS = 0.6;
/** Seeds tried on a record that fast-check makes smaller. */
const DRAWN_SEEDS = 6;
/** With more choices than these another schedule is looked for; the share of what is left that it may take. */
const MANY = 3;
const RESTARTS = 0.3;

/** A failing run of a setting. */
interface Failing extends Attempt {
  readonly setting: Setting;
  readonly failure: Failure;
  readonly hash: bigint;
}

/**
 * Makes a case smaller. Deterministic: the budget is counted in runs. Throws an {@link EngineFault} when the case does
 * not fail as it did.
 */
export function smallerCase(engine: EngineSet, request: ShrinkCase): SmallerCase {
  return new Shrinking(engine, request).run();
}

class Shrinking {
  readonly #engine: EngineSet;
  readonly #request: ShrinkCase;
  #best: Failing;
  #spent = 0;

  constructor(engine: EngineSet, request: ShrinkCase) {
    this.#engine = engine;
    this.#request = request;
    const first = this.#attempt(request.what, new Replay(request.what.choices), "");
    if (first === null) throw notAgain(request);
    this.#best = first;
  }

  run(): SmallerCase {
    const { budget, drawnFrom, what } = this.#request;
    if (budget > 0) {
      this.#schedule(QUICK * budget);
      if (drawnFrom !== null) this.#drawnRecords(drawnFrom, this.#spent + (RECORDS / 2) * budget);
      while (this.#records(RECORDS * budget) && this.#spent < RECORDS * budget) this.#schedule(QUICK * (budget - this.#spent));
      this.#schedule((1 - RESTARTS) * (budget - this.#spent));
      if (this.#best.guide.moves.length > MANY) this.#otherSchedule(budget - this.#spent);
    }
    const { setting, choices, failure, steps, switches, hash } = this.#best;
    const smaller = JSON.stringify(setting.config) !== JSON.stringify(what.config);
    return {
      what: { ...setting, choices },
      failure,
      run: { steps, switches, hash },
      shrunk: budget === 0 ? [] : smaller ? ["schedule", "configuration"] : ["schedule"],
    };
  }

  /** One run; null when it does not fail in the way that is looked for. */
  #attempt(setting: Setting, strategy: Strategy, seed: string): Failing | null {
    this.#spent++;
    const run = this.#engine.runUnder(setting, strategy, seed);
    const { choices, log, x, switches, steps } = run;
    const failure = this.#sameIn({ ...setting, choices }, run);
    if (failure === null) return null;
    const told = guideOf(log, x.settledAt, x.contexts, choices.draws);
    return { ...told, choices, switches, steps, setting, failure, hash: run.hash };
  }

  /** The failure of the run that has the fingerprint; null when there is none. */
  #sameIn(what: Case, run: Ran): Failure | null {
    const { failure: { kind, id }, fingerprint } = this.#request;
    const candidates = kind === "Race" ? run.races : run.failure === null ? [] : [run.failure];
    for (const each of candidates) {
      if (each.kind !== kind || each.id !== id) continue;
      this.#spent++;
      const evidence = kind === "Race" ? (each.sites ?? []) : run.evidence;
      if (examineFailure(this.#engine, what, run, each, evidence).fingerprint === fingerprint) return each;
    }
    return null;
  }

  /** A simpler schedule of the same record. */
  #schedule(budget: number): void {
    const { setting } = this.#best;
    const end = this.#spent + budget;
    const attempt = (guide: Guide): Failing | null =>
      this.#spent < end ? this.#attempt(setting, new Guided(guide), "") : null;
    this.#best = shrink({ first: this.#best, attempt, budget }).best;
  }

  /** Smaller records, structurally. True when there was one. */
  #records(end: number): boolean {
    const scenario = this.#engine.scenario(this.#request.what.scenario);
    const before = this.#best;
    for (const family of FAMILIES) {
      for (let again = true; again && this.#spent < end; ) {
        again = family.ways(this.#best.setting.config, scenario).some((candidate) =>
          this.#spent < end && this.#tryRecord(candidate, family.seeds));
      }
    }
    return this.#best !== before;
  }

  /** Smaller records, as fast-check shrinks the one it drew. */
  #drawnRecords(seed: string, end: number): void {
    const first = JSON.stringify(this.#best.setting.config);
    const faults: unknown[] = [];
    this.#engine.shrinkConfig(this.#request.what.scenario, seed, (config) => {
      if (JSON.stringify(this.#remembering(config)) === first) return true;
      if (this.#spent >= end || weight(config) > weight(this.#best.setting.config)) return false;
      try {
        return this.#tryRecord({ config, withoutActor: null }, DRAWN_SEEDS);
      } catch (error) {
        // fast-check would take what is thrown for one more failing record.
        faults.push(error);
        return false;
      }
    });
    if (faults.length > 0) throw faults[0];
  }

  /** Does the failure show on a record as well: by the same schedule, by the default one, or by one of a few seeds? */
  #tryRecord({ config, withoutActor }: SmallerConfig, seeds: number): boolean {
    const setting = { ...this.#best.setting, config: this.#remembering(config) };
    const guide = withoutActor === null ? this.#best.guide : renamed(this.#best, withoutActor);
    const ways: (() => Strategy)[] = [() => new Guided(guide), () => new Guided(NO_GUIDE)];
    for (let i = 0; i < seeds; i++) ways.push(() => this.#fresh(i));
    for (const [i, way] of ways.entries()) {
      const failing = this.#safely(() => this.#attempt(setting, way(), `shrink/${String(i)}`));
      if (failing === null) continue;
      this.#best = failing;
      return true;
    }
    return false;
  }

  /** Under the memory model of the run, which no draw and no scenario knows. */
  #remembering(config: Config): Config {
    return underMemory(config, this.#best.setting.config.memory);
  }

  /** Few switches and many, in turns. */
  #fresh(i: number): Strategy {
    return i % 2 === 0 ? new Pct({ depth: 2 + (i % 4) / 2, steps: this.#best.steps }) : new RandomWalk();
  }

  /** Out of a dead end: other schedules of the same record, and what the best of them shrinks to. */
  #otherSchedule(budget: number): void {
    const { setting } = this.#best;
    const before = this.#best;
    const end = this.#spent + budget;
    let other: Failing | null = null;
    for (let i = 0; this.#spent + budget / 2 < end; i++) {
      const failing = this.#attempt(setting, this.#fresh(2 * i), `restart/${String(i)}`);
      if (failing !== null && (other === null || isSimpler(failing, other))) other = failing;
    }
    if (other === null) return;
    this.#best = other;
    this.#schedule(end - this.#spent);
    if (!isSimpler(this.#best, before)) this.#best = before;
  }

  /** A record that no machine can be made from is none. */
  #safely(attempt: () => Failing | null): Failing | null {
    try {
      return attempt();
    } catch (error) {
      if (isEngineFault(error)) throw error;
      return null;
    }
  }
}

const notAgain = ({ what, failure }: ShrinkCase): EngineFault =>
  new EngineFault(
    `Divergence: the same choices ran differently in scenario ${what.scenario}: first ${failure.kind} ${failure.id}, then not`,
    Exit.Nondeterminism,
  );

/** The guide when a thread of the workload is gone: those behind it are called by one less. */
function renamed({ guide, setting }: Failing, gone: number): Guide {
  const names = new Map<string, string | null>();
  setting.config.workload.forEach(({ kind }: Config["workload"][number], i) => {
    if (i >= gone) names.set(`${kind} ${String(i)}`, i === gone ? null : `${kind} ${String(i - 1)}`);
  });
  const now = (name: string): string | null => (names.has(name) ? (names.get(name) ?? null) : name);
  return {
    draws: guide.draws,
    moves: guide.moves.flatMap((move) => {
      const after = now(move.after);
      const to = now(move.to);
      return after === null || to === null ? [] : [{ ...move, after, to }];
    }),
  };
}
