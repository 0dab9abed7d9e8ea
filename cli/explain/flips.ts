/**
 * The nearest passing run: the fewest pairs of dependent operations whose order must differ for a failing run to pass.
 * Every candidate is really run. Single reversals first, as partial-order reduction makes them (what does not happen after
 * the first operation, then the second one, then the rest of the recorded schedule by matching); then pairs.
 */
import { Following, Op, Replay, Traced, happenedIn, opKind, reversedIn, type Course, type Failure, type Happened, type TracedStep } from "../../sim/index.ts";
import type { Case, EngineSet, Ran } from "../engine-set.ts";
import { findTurning } from "./turning.ts";

/** Two steps, in the order in which a run fails: the one that was recorded, or what became of it by the flip before. */
export interface Flip {
  readonly of: Followed;
  readonly first: TracedStep;
  readonly second: TracedStep;
  /** The run that the second one is of, where that is another. */
  readonly secondOf?: Followed;
}

/** A run with its trace. */
export interface Followed {
  readonly traced: Traced;
  readonly what: Case;
  readonly run: Ran;
  readonly happened: readonly Happened[];
  readonly came: "passed" | "same" | "other";
}

/** What was found. */
export interface Found {
  /** The run that the flips are of: the recorded one, or one that goes on a little before it fails. */
  readonly base: Followed;
  /** Empty: none was found. */
  readonly flips: readonly Flip[];
  /** The run that passes with them; null: none was found. */
  readonly passing: Followed | null;
  /** How many ordered pairs of operations are the other way round there. */
  readonly reversed: number;
  /** Every flip that makes it pass by itself, the machine's apart. */
  readonly alone: readonly Flip[];
  readonly runs: number;
  /** Everything there was to try has been tried, within the budget. */
  readonly complete: boolean;
}

interface Passing {
  readonly flips: readonly Flip[];
  readonly followed: Followed;
  readonly base: Followed;
  readonly reversed: number;
}

/** A run that a flip does not make pass. */
interface Failing {
  readonly flip: Flip;
  readonly followed: Followed;
}

/** Says when something of the machine begins or ticks, which no routine decides. */
const isOfTheMachine = ({ first, second }: Flip): boolean => [first, second].some(({ word }) => word === 0 || MACHINE.has(opKind(word)));

const MACHINE: ReadonlySet<Op> = new Set([Op.Tick, Op.Device, Op.Yield]);

/** The same failure, wherever it shows. */
export const isSame = (run: Ran, { kind, id }: { readonly kind: string; readonly id: string }): boolean =>
  kind === "Race" ? run.races.some((race) => race.id === id) : run.failure?.kind === kind && run.failure.id === id;

/** Runs a case along a course, or as it was recorded. */
export function followed(engine: EngineSet, what: Case, failure: Failure, course: Course | null): Followed {
  return ended(engine, what, failure, new Traced(course === null ? new Replay(what.choices) : new Following(course)), "");
}

/** Runs a case under a strategy. */
export function ended(engine: EngineSet, what: Case, failure: Failure, traced: Traced, seed: string): Followed {
  const run = engine.runUnder(what, traced, seed);
  const came = isSame(run, failure) ? "same" : run.outcome === "passed" ? "passed" : "other";
  return { traced, what: { ...what, choices: run.choices }, run, happened: happenedIn(run.x), came };
}

/** Looks for it. Deterministic; `budget` in runs. */
export function findFlips(engine: EngineSet, what: Case, failure: Failure, budget: number): Found {
  return new FlipSearch(engine, what, failure, budget).run();
}

class FlipSearch {
  readonly #engine: EngineSet;
  readonly #failure: Failure;
  readonly #budget: number;
  readonly #base: Followed;
  #runs = 0;
  readonly #passing: Passing[] = [];
  #complete = true;

  constructor(engine: EngineSet, what: Case, failure: Failure, budget: number) {
    this.#engine = engine;
    this.#failure = failure;
    this.#budget = budget;
    this.#runs++;
    this.#base = followed(engine, what, failure, null);
  }

  run(): Found {
    const base = this.#base;
    if (base.came !== "same") return this.#found(base);
    const last = base.traced.steps.length - 1;
    const cut = base.run.site !== null && base.run.site.context !== null;
    const bases = cut ? [base, ...this.#extended(base, last)] : [base];
    const failing = this.#singles(bases);
    if (this.#isTold()) return this.#found(base);
    const turning = findTurning(this.#engine, base, this.#failure, () => this.#mayRun(this.#budget));
    if (turning?.near !== true && this.#passing.length === 0) this.#pairs(failing);
    if (turning !== null && !this.#isTold()) this.#keep([turning.flip], turning.passing, base);
    return this.#found(base);
  }

  /** Does a flip help of which not the machine decides? */
  #isTold(): boolean {
    return this.#passing.some(({ flips }) => !flips.every(isOfTheMachine));
  }

  /** The reversals that do not help. */
  #singles(bases: readonly Followed[]): readonly Failing[] {
    const failing: Failing[] = [];
    const most = this.#budget - Math.min(FOR_TURNING, this.#budget >> 1);
    for (const each of bases) {
      for (const reversal of each.traced.reversals) {
        const flip = { of: each, first: reversal.first, second: reversal.second };
        const tried = this.#try(each, [flip], reversal.course, most);
        if (tried === null) return failing;
        if (tried.came === "same") failing.push({ flip, followed: tried });
      }
    }
    return failing;
  }

  /** Two of them, until one pair does. */
  #pairs(failing: readonly Failing[]): void {
    for (const { flip, followed: of } of failing) {
      for (const { first, second, course } of of.traced.reversals) {
        const tried = this.#try(flip.of, [flip, { of, first, second }], course, this.#budget);
        if (tried === null || tried.came === "passed") return;
      }
    }
  }

  /** One run; null: the budget is spent. */
  #try(base: Followed, flips: readonly Flip[], course: Course, most: number): Followed | null {
    if (!this.#mayRun(most)) {
      this.#complete = false;
      return null;
    }
    const tried = followed(this.#engine, base.what, this.#failure, course);
    if (tried.came === "passed") this.#keep(flips, tried, base);
    return tried;
  }

  #keep(flips: readonly Flip[], passing: Followed, base: Followed): void {
    this.#passing.push({ flips, followed: passing, base, reversed: reversedIn(base.happened, passing.happened).length });
  }

  /** Is there a run left? It is counted. */
  #mayRun(most: number): boolean {
    if (this.#runs >= most) return false;
    this.#runs++;
    return true;
  }

  /**
   * The step that fails waits while the others go on. Where the run then passes, one of their steps had to come first, and
   * the first such is told; where it fails all the same, there is more to be reversed.
   */
  #extended(base: Followed, last: number): readonly Followed[] {
    const { steps, course, draws } = base.traced;
    const fails = steps[last] as TracedStep;
    const actor = fails.context.name;
    const before = course.steps.slice(0, -1);
    const others = base.run.x.enabled.map(({ name }) => name).filter((name) => name !== actor);
    const longer: Followed[] = [];
    for (const preferred of others) {
      const after = (held: number): Course => ({ steps: before, draws, held: { actor, steps: held }, preferred });
      const whole = this.#attempt(base, after(FAR));
      if (whole === null) return longer;
      if (whole.came === "same") longer.push(whole);
      if (whole.came !== "passed") continue;
      this.#shortest(base, whole, fails, last, after);
    }
    return longer.slice(0, LONGER_MOST);
  }

  /** Halves how long the failing step has to wait. */
  #shortest(base: Followed, whole: Followed, fails: TracedStep, last: number, after: (held: number) => Course): void {
    let passes = whole;
    let few = 0;
    const behind = whole.traced.steps.slice(last);
    let many = behind.findIndex(({ context, at }) => context.name === fails.context.name && at === fails.at);
    if (many < 0) many = behind.findIndex(({ context }) => context.name === fails.context.name);
    if (many < 0) many = behind.length;
    while (many - few > 1) {
      const middle = (few + many) >> 1;
      const tried = this.#attempt(base, after(middle));
      if (tried === null) return;
      if (tried.came === "passed") {
        many = middle;
        passes = tried;
      } else few = middle;
    }
    const second = passes.traced.steps[last + many - 1];
    if (second === undefined) return;
    const reversed = Math.max(1, reversedIn(base.happened, passes.happened).length);
    this.#passing.push({ flips: [{ of: base, first: fails, second, secondOf: passes }], followed: passes, base, reversed });
  }

  #attempt(base: Followed, course: Course): Followed | null {
    return this.#mayRun(this.#budget) ? followed(this.#engine, base.what, this.#failure, course) : null;
  }

  #found(base: Followed): Found {
    const [best] = this.#passing.toSorted((a, b) => Number(a.flips.every(isOfTheMachine)) - Number(b.flips.every(isOfTheMachine)) || a.flips.length - b.flips.length || a.reversed - b.reversed);
    const alone = this.#passing.flatMap(({ flips: [flip, ...more] }) => (flip === undefined || more.length > 0 || isOfTheMachine(flip) ? [] : [flip]));
    const common = { alone, runs: this.#runs, complete: this.#complete };
    if (best === undefined) return { base, flips: [], passing: null, reversed: 0, ...common };
    return { base: best.base, flips: best.flips, passing: best.followed, reversed: best.reversed, ...common };
  }
}

/** Runs of the budget, at most half of it, that single reversals leave to the search for where the run turns. */
const FOR_TURNING = 150;
const FAR = 1_000_000;
/** So many longer runs are looked at. */
const LONGER_MOST = 2;
