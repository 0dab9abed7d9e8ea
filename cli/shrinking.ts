/**
 * Shrinking a failing case within a budget of runs: the schedule (fewest preemptions first) and the configuration record,
 * in turns, as long as something gets smaller. What counts is the same failure: kind, id and fingerprint.
 */
import {
  Counted,
  Guided,
  NO_GUIDE,
  Pct,
  RandomWalk,
  Replay,
  Sparing,
  Stretched,
  calmer,
  scheduleOf,
  shrink,
  type Attempt,
  type Failure,
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

/** Of the budget: what a first look at the schedule, the search for fewer preemptions, and smaller records take together. */
const QUICK = 0.1;
const SPARED = 0.2;
const RECORDS = 0.65;
/** Of what is left behind them: the share of the schedule. */
const SCHEDULE = 0.3;
/** Seeds tried on a record that fast-check makes smaller. */
const DRAWN_SEEDS = 6;
/** Runs with each number of preemptions, on the record as it is and on other records of the scenario. */
const SPARING = 40;
/** Runs without any that are made in the end: there is little else to draw than who goes first. */
const NONE = 200;
/** Other records that are drawn. */
const RECORDS_DRAWN = 150;
/** More preemptions than these are not drawn. */
const SPARING_MAX = 3;

/** Another record may have so many times the weight, if that saves preemptions. */
const LARGER = 1.5;

/** As runs of a check draw their records. */
const DRAWN = { name: "random", parameters: {} } as const;

/** A run counts once, and once more for so many steps. */
const LONG_RUN = 2048;

const costOf = ({ steps }: Ran): number => 1 + Math.floor(steps / LONG_RUN);

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
      this.#fewer(SPARED * budget, SPARING);
      this.#otherRecords(SPARED * budget);
      if (drawnFrom !== null) this.#drawnRecords(drawnFrom, this.#spent + (RECORDS / 4) * budget);
      while (this.#records(RECORDS * budget) && this.#spent < RECORDS * budget) this.#schedule(QUICK * (budget - this.#spent));
      this.#schedule(SCHEDULE * (budget - this.#spent));
      if (this.#fewer(budget, budget)) {
        this.#schedule(SCHEDULE * (budget - this.#spent));
        this.#records(budget);
        this.#schedule(budget - this.#spent);
      }
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
    const counted = new Counted(strategy);
    const run = this.#engine.runUnder(setting, counted, seed);
    this.#spent += costOf(run);
    const { choices, x, switches, steps } = run;
    const failure = this.#sameIn({ ...setting, choices }, run);
    if (failure === null) return null;
    return { ...scheduleOf(x, counted), switches, steps, setting, failure, hash: run.hash };
  }

  /** The failure of the run that has the fingerprint; null when there is none. */
  #sameIn(what: Case, run: Ran): Failure | null {
    const { failure: { kind, id }, fingerprint } = this.#request;
    const candidates = kind === "Race" ? run.races : run.failure === null ? [] : [run.failure];
    for (const each of candidates) {
      if (each.kind !== kind || each.id !== id) continue;
      this.#spent += costOf(run);
      const evidence = kind === "Race" ? (each.sites ?? []) : run.evidence;
      if (examineFailure(this.#engine, what, run, each, evidence).fingerprint === fingerprint) return each;
    }
    return null;
  }

  /** A simpler schedule of the same record. */
  #schedule(budget: number): void {
    const { setting } = this.#best;
    const end = this.#spent + budget;
    const attempt = (strategy: Strategy, seed: string): Failing | null =>
      this.#spent < end ? this.#attempt(setting, strategy, seed) : null;
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
    const { guide, stretches, places, preemptions, steps } = withoutActor === null ? this.#best : without(this.#best, withoutActor);
    const ways: (() => Strategy)[] = [() => new Stretched(stretches, guide.draws), () => new Guided(guide), () => new Guided(NO_GUIDE)];
    for (let i = 0; i < seeds; i++) ways.push(() => {
      if (preemptions <= SPARING_MAX || i % 2 === 0) return new Sparing(Math.min(preemptions, SPARING_MAX), places);
      return i % 4 === 1 ? new Pct({ depth: 3, steps }) : new RandomWalk();
    });
    return ways.some((way, i) => this.#tryOn(config, way(), `shrink/${String(i)}`, preemptions));
  }

  /** Is there a run on a record that fails with so many preemptions at most? Then it is the best one. */
  #tryOn(record: Config, strategy: Strategy, seed: string, preemptions: number): boolean {
    const setting = { ...this.#best.setting, config: this.#remembering(record) };
    const failing = this.#safely(() => this.#attempt(setting, strategy, seed));
    if (failing === null || failing.preemptions > preemptions) return false;
    this.#best = failing;
    return true;
  }

  /** Under the memory model of the run, which no draw and no scenario knows. */
  #remembering(config: Config): Config {
    return underMemory(config, this.#best.setting.config.memory);
  }

  /** Fewer preemptions on the same record, none first; `each`: runs with each number of them. True when that was found. */
  #fewer(end: number, each: number): boolean {
    const before = this.#best;
    const most = Math.min(before.preemptions, SPARING_MAX + 1);
    for (let bound = 0; bound < most; bound++) {
      const last = bound > 0 && bound === most - 1 ? each : Math.min(each, bound === 0 ? NONE : SPARING);
      for (let i = 0; i < last && this.#spent < end; i++)
        if (this.#tryOn(before.setting.config, calmer(before, bound, i), `fewer/${String(bound)}/${String(i)}`, bound)) return true;
    }
    return false;
  }

  /** Fewer preemptions on other records of the scenario, which may be somewhat larger. */
  #otherRecords(end: number): void {
    const { preemptions, places, setting } = this.#best;
    const heaviest = LARGER * weight(setting.config);
    for (let i = 0; i < RECORDS_DRAWN && this.#spent < end; i++) {
      const config = this.#engine.configOf(setting.scenario, DRAWN, `other/${String(i)}`);
      if (weight(config) > heaviest) continue;
      for (let bound = 0; bound < Math.min(preemptions, SPARING_MAX + 1); bound++)
        if (this.#tryOn(config, new Sparing(bound, places), `other/${String(i)}`, bound)) return;
    }
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

/** The schedule when a thread of the workload is gone: those behind it are called by one less. */
function without(failing: Failing, gone: number): Failing {
  const { guide, setting, stretches } = failing;
  const names = new Map<string, string | null>();
  setting.config.workload.forEach(({ kind }: Config["workload"][number], i) => {
    if (i >= gone) names.set(`${kind} ${String(i)}`, i === gone ? null : `${kind} ${String(i - 1)}`);
  });
  const now = (name: string): string | null => (names.has(name) ? (names.get(name) ?? null) : name);
  const moves = guide.moves.flatMap((move) => {
    const after = now(move.after);
    const to = now(move.to);
    return after === null || to === null ? [] : [{ ...move, after, to }];
  });
  const others = stretches.flatMap((stretch) => {
    const name = now(stretch.name);
    return name === null ? [] : [{ ...stretch, name }];
  });
  return { ...failing, guide: { draws: guide.draws, moves }, stretches: others };
}
