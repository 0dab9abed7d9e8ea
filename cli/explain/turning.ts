/**
 * Where a failing run can no longer pass: the first of its steps behind which no other continuation was seen to pass. Before
 * it one was, and there that step comes after another one, or never. For failures that the reversal of two neighbouring
 * steps does not undo: a whole section has to come first.
 */
import {
  Following, Op, Pct, RandomWalk, Traced, conflicting, happeningKey, opKind,
  type Context, type Course, type Execution, type Failure, type Happened, type Strategy, type TracedStep,
} from "../../sim/index.ts";
import type { EngineSet } from "../engine-set.ts";
import { ended, type Flip, type Followed } from "./flips.ts";

/** A run that passes, and what it has the other way round. */
export interface Turning {
  readonly flip: Flip;
  readonly passing: Followed;
  /** It is the failing run but for the second step, with what has to happen before that, which comes before the first. */
  readonly near: boolean;
}

/** Looks for it by halving; null: none, or there is no run left. `mayRun` is asked once for each run. */
export function findTurning(engine: EngineSet, base: Followed, failure: Failure, mayRun: () => boolean): Turning | null {
  const { steps, course } = base.traced;
  const attempt = (strategy: Strategy, seed: string): Followed | null =>
    mayRun() ? ended(engine, base.what, failure, new Traced(strategy), seed) : null;
  const passes = (many: number): Followed | null => {
    for (const [i, strategy] of continuations(base, many).entries()) {
      const ran = attempt(strategy, `turn/${String(i)}`);
      if (ran?.came === "passed") return ran;
    }
    return null;
  };
  let few = 0;
  let many = steps.length - 1;
  let passing = passes(few);
  if (passing === null) return null;
  while (many - few > 1) {
    const middle = (few + many) >> 1;
    const found = passes(middle);
    if (found === null) many = middle;
    else {
      few = middle;
      passing = found;
    }
  }
  const others = flipsBetween(base, passing, few + 1);
  for (const flip of others.slice(0, NEAR)) {
    const near = attempt(new Following(nearestTo(course, passing, flip.second, few)), "");
    if (near?.came === "passed") return { flip, passing: near, near: true };
  }
  const flip = others.at(-1) ?? beginFlip(base, passing, few + 1);
  return flip === null ? null : { flip, passing, near: false };
}

/** Random continuations that are tried behind a beginning; and how many of those where somebody goes first. */
const WALKS = 8;
const FIRST = 5;
/** So many pairs are tried by themselves. */
const NEAR = 6;
const FAR = 1_000_000;

/** Ways to go on behind the first steps: the next one waits, others go first, random ones. */
function continuations({ traced: { course, steps } }: Followed, many: number): readonly Strategy[] {
  const begin = { ...course, steps: course.steps.slice(0, many) };
  const rest = [...new Set(course.steps.slice(many))];
  const [actor = ""] = rest;
  const first = [undefined, ...rest.slice(1, FIRST)].map((preferred) => new Following({ ...begin, held: { actor, steps: FAR }, preferred }));
  const walks = Array.from({ length: WALKS }, (_, i) =>
    new Onward(begin, i % 2 === 0 ? new RandomWalk() : new Pct({ depth: 2 + (i % 3), steps: Math.max(2, steps.length) })));
  return [...first, ...walks];
}

/**
 * The first step of the failing run, from `turn` on, before which the passing run has something that depends on it and
 * comes later in the failing run, or not at all; with all of these, in their order. Critical sections are of a CPU's every
 * step: they are told only where there is nothing else.
 */
function flipsBetween(base: Followed, passing: Followed, turn: number): readonly Flip[] {
  const from = (base.traced.steps[turn] as TracedStep).at;
  const mine = new Map(base.happened.map(({ what }, place) => [happeningKey(what), place]));
  const theirs = new Map(passing.happened.map(({ what }, place) => [happeningKey(what), place]));
  for (const critical of [false, true]) {
    for (const [place, one] of base.happened.entries()) {
      const until = theirs.get(happeningKey(one.what));
      if (one.at < from || until === undefined || ofTheCpu(one) !== critical) continue;
      const before = passing.happened.slice(0, until).filter((other) =>
        other.what.actor !== one.what.actor && conflicting(one.word, other.word) && (mine.get(happeningKey(other.what)) ?? FAR) > place);
      const first = stepOf(base, one);
      const seconds = before.flatMap((other) => stepOf(passing, other) ?? []);
      if (first !== undefined && seconds.length > 0) return seconds.map((second) => ({ of: base, first, second, secondOf: passing }));
    }
  }
  return [];
}

/** Nothing in the passing run depends on the step: something begins before it that did not. */
function beginFlip(base: Followed, passing: Followed, turn: number): Flip | null {
  const first = base.traced.steps[turn] as TracedStep;
  const second = passing.traced.steps[turn];
  return second === undefined || second.context.name === first.context.name ? null : { of: base, first, second, secondOf: passing };
}

const ofTheCpu = ({ word }: Happened): boolean => [Op.CritEnter, Op.CritExit].some((kind) => kind === opKind(word));

const stepOf = ({ traced: { steps } }: Followed, { context, at }: Happened): TracedStep | undefined =>
  steps.find((step) => step.context.id === context && step.at === at);

/** The failing run, but that the second step comes before the first, with what it needs. */
function nearestTo(course: Course, passing: Followed, second: TracedStep, few: number): Course {
  const { steps } = passing.traced;
  const at = steps.indexOf(second);
  const needed = [...steps.keys()].slice(few + 1, at + 1).filter((step) => passing.traced.isBefore(step, at));
  const names = needed.map((step) => (steps[step] as TracedStep).context.name);
  return { ...course, steps: [...course.steps.slice(0, few), ...names, ...course.steps.slice(few)] };
}

/** A course, then another strategy; data choices are those of the course throughout. */
export class Onward implements Strategy {
  readonly name = "onward";
  readonly everyPoint = true;
  readonly #following: Following;
  readonly #then: Strategy;
  #left: number;

  constructor(course: Course, then: Strategy) {
    this.#following = new Following(course);
    this.#then = then;
    this.#left = course.steps.length;
  }

  begin(seed: string): boolean {
    return this.#then.begin(seed);
  }

  attach(x: Execution): void {
    this.#then.attach?.(x);
  }

  choose(x: Execution, current: Context | null): Context {
    if (this.#left-- > 0) return this.#following.choose(x, current);
    const next = this.#then.choose(x, current);
    x.grant(0);
    return next;
  }

  draw(x: Execution, n: number): number {
    return this.#following.draw(x, n);
  }
}
