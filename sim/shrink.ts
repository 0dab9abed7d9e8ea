/**
 * Shrinking a schedule: delta debugging (Zeller, Hildebrandt: "Simplifying and isolating failure-inducing input",
 * TSE 2002) over the deviations from the default, told by meaning, and the draws that are not benign. A candidate is
 * one more run; it counts when it fails the same way and is simpler: fewer preemptions, then fewer switches, deviations,
 * draws, steps. Preemptions go by stretches: one runs on, or waits until its context has its next turn (the reductions
 * of Jalbert and Sen: "A trace simplification technique for effective debugging of concurrent programs", FSE 2010,
 * section 4); where that ends, schedules with fewer are drawn.
 */
import { executionUnder } from "./buffered-execution.ts";
import { runProgram, type Program } from "./explorer.ts";
import type { Execution } from "./execution.ts";
import type { Failure } from "./failure.ts";
import { guideOf, type Guide, type Move, type Part } from "./guide.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Recording, type Choices } from "./recording.ts";
import { Draws, rng } from "./rng.ts";
import type { Strategy } from "./strategy.ts";
import { Counted } from "./strategies/counted.ts";
import { Guided } from "./strategies/guided.ts";
import { Replay } from "./strategies/replay.ts";
import { Sparing, type Places } from "./strategies/sparing.ts";
import { Stretched } from "./strategies/stretched.ts";
import { respaced, runsOn, sharedIn, spared, stretchesOf, waits, type Stretch } from "./stretches.ts";

/** What is shrunk, and with what effort. */
export interface ShrinkRequest<A extends Attempt = Attempt> {
  /** A run that failed. */
  readonly first: A;
  /** Makes a run under a strategy; null: it does not fail the same way. */
  readonly attempt: (strategy: Strategy, seed: string) => A | null;
  /** Runs that may be spent. */
  readonly budget: number;
}

/** A run that failed in the way that is looked for. */
export interface Attempt {
  /** The choices it really took, and what they mean. */
  readonly choices: Choices;
  readonly guide: Guide;
  /** Who took part. */
  readonly parts: readonly Part[];
  readonly stretches: readonly Stretch[];
  readonly places: Places;
  /** Switches away from a context that could have gone on. */
  readonly preemptions: number;
  readonly switches: number;
  readonly steps: number;
}

/** The simplest failing run that was found. */
export interface Shrunk<A extends Attempt = Attempt> {
  readonly best: A;
  /** Runs spent. */
  readonly runs: number;
}

/** Shrinks; deterministic. */
export function shrink<A extends Attempt>(request: ShrinkRequest<A>): Shrunk<A> {
  return new Search(request).run();
}

/** How far a deviation is moved, in operations of the context it stands behind. */
const FARTHEST = 12;
/** Up to so many deviations are tried one by one and in pairs. */
const SINGLES_MAX = 64;
const PAIRS_MAX = 16;
/** With fewer than so many, one more is tried. */
const ADD_MAX = 4;
/** Schedules with fewer preemptions that are drawn. */
const DRAWN = 100;

class Search<A extends Attempt> {
  #best: A;
  #runs = 0;
  readonly #request: ShrinkRequest<A>;

  constructor(request: ShrinkRequest<A>) {
    this.#best = request.first;
    this.#request = request;
  }

  run(): Shrunk<A> {
    this.#keepFew();
    do this.#spare();
    while (this.#leaveOutPasses() || this.#drawFewer() || this.#moveOne() || this.#addOne());
    return { best: this.#best, runs: this.#runs };
  }

  get #spent(): boolean {
    return this.#runs >= this.#request.budget;
  }

  #try(guide: Guide): boolean {
    return this.#under(new Guided(guide), "");
  }

  #tryStretches(stretches: readonly Stretch[]): boolean {
    return this.#under(new Stretched(stretches, this.#best.guide.draws), "");
  }

  #under(strategy: Strategy, seed: string): boolean {
    if (this.#spent) return false;
    this.#runs++;
    const found = this.#request.attempt(strategy, seed);
    if (found === null || !isSimpler(found, this.#best)) return false;
    this.#best = found;
    return true;
  }

  /** The default schedule, and each deviation alone: most of what is found needs no more. */
  #keepFew(): void {
    const { moves, draws } = this.#best.guide;
    if (moves.length > 0 && (this.#try({ moves: [], draws: [] }) || this.#try({ moves: [], draws }))) return;
    if (moves.length > SINGLES_MAX) return;
    for (const move of moves) if (this.#try({ moves: [move], draws })) return;
    if (moves.length > PAIRS_MAX) return;
    for (const [i, one] of moves.entries())
      for (const other of moves.slice(i + 1)) if (this.#try({ moves: [one, other], draws })) return;
  }

  /** Fewer preemptions: many at once first, then one by one, as long as that helps. */
  #spare(): void {
    for (let before = -1; before !== this.#best.preemptions && this.#best.preemptions > 0; ) {
      before = this.#best.preemptions;
      for (const instead of [runsOn, waits]) {
        for (let size = halfOf(before); size >= 1; size = size === 1 ? 0 : halfOf(size)) {
          for (let from = 0; from < this.#best.preemptions && !this.#spent; )
            if (!this.#tryStretches(spared(this.#best.stretches, from, size, instead))) from += size;
        }
      }
    }
  }

  /** Another schedule with fewer preemptions. */
  #drawFewer(): boolean {
    const { preemptions } = this.#best;
    if (preemptions === 0) return false;
    for (let i = 0; i < DRAWN && !this.#spent; i++)
      if (this.#under(calmer(this.#best, preemptions - 1, i), `fewer/${String(i)}`)) return true;
    return false;
  }

  /** Leaves out half of the deviations, a quarter, … one. True when that helped. */
  #leaveOutPasses(): boolean {
    const before = this.#best;
    for (let size = halfOf(choicesIn(before.guide)); size >= 1; size = size === 1 ? 0 : halfOf(size)) {
      for (let from = 0; from < choicesIn(this.#best.guide) && !this.#spent; )
        if (!this.#try(leaveOut(this.#best.guide, from, size))) from += size;
    }
    return this.#best !== before;
  }

  /** Moves a deviation a little; then puts one anywhere, nearest first, for two that are left out: out of a dead end. */
  #moveOne(): boolean {
    const { guide, parts } = this.#best;
    const { moves, draws } = guide;
    for (const home of moves) {
      const others = moves.filter((move) => move !== home);
      for (const move of around(home)) if (this.#try({ moves: [...others, move], draws })) return true;
    }
    for (const home of moves) {
      for (const gone of moves.filter((move) => move !== home)) {
        const others = moves.filter((move) => move !== home && move !== gone);
        for (const move of everywhere(home, parts)) {
          if (this.#spent) return false;
          if (this.#try({ moves: [...others, move], draws })) return true;
        }
      }
    }
    return false;
  }

  /** One deviation more may save switches: earliest first, since whoever begins decides most. */
  #addOne(): boolean {
    const { guide, parts } = this.#best;
    const { moves, draws } = guide;
    if (moves.length === 0 || moves.length >= ADD_MAX) return false;
    return everywhere(START, parts).some((move) => this.#try({ moves: [...moves, move], draws }));
  }
}

const START: Move = { after: "", nth: 0, left: 0, to: "" };

/** The places near a deviation. */
function around(home: Move): readonly Move[] {
  const distances = Array.from({ length: FARTHEST }, (_, i) => i + 1);
  return distances.flatMap((d) => [{ ...home, nth: home.nth - d, left: 0 }, { ...home, nth: home.nth + d, left: 0 }]);
}

/** Every switch to anybody, nearest to a deviation first. */
function everywhere(home: Move, parts: readonly Part[]): readonly Move[] {
  const places = parts.flatMap(({ name, operations }) =>
    Array.from({ length: operations + 1 }, (_, nth) => ({ after: name, nth, left: 0 })));
  const distance = (place: { readonly after: string; readonly nth: number }): number =>
    Math.abs(place.nth - home.nth) + (place.after === home.after ? 0 : 1);
  return places.sort((a, b) => distance(a) - distance(b)).flatMap((place) =>
    parts.filter(({ name }) => name !== place.after).map(({ name }) => ({ ...place, to: name })));
}

/** For a program: runs it under a strategy that has begun, and looks for the same failure kind and id. */
function attemptOf(
  program: Program,
  failure: Pick<Failure, "kind" | "id">,
  strategy: Counted,
  limits: Limits = DEFAULT_LIMITS,
): Attempt | null {
  const x = executionUnder(program.memory ?? "sc", strategy, new Recording(), limits);
  const { failure: again, switches, steps } = runProgram(x, program);
  if (again?.kind !== failure.kind || again.id !== failure.id) return null;
  return { ...scheduleOf(x, strategy), switches, steps };
}

/** What the run came to that has just ended: its choices, and what they mean. Cost: linear in the log. */
export function scheduleOf(x: Execution, { places }: Counted): Omit<Attempt, "switches" | "steps"> {
  const { choices, log } = x.recording;
  const { settledAt, contexts } = x;
  const told = guideOf(log, settledAt, contexts, choices.draws);
  const stretches = stretchesOf(log, settledAt, contexts, places);
  return { ...told, choices, stretches, places: sharedIn(log, settledAt, choices.draws), preemptions: places.length };
}

/** {@link ShrinkRequest} for choices of a program; null when they do not fail that way at all. */
export function shrinkRequest(
  program: Program,
  failure: Pick<Failure, "kind" | "id">,
  choices: Choices,
  budget: number,
): ShrinkRequest | null {
  const attempt = (chosen: Strategy, seed: string): Attempt | null => {
    const strategy = new Counted(chosen);
    strategy.begin(seed);
    return attemptOf(program, failure, strategy);
  };
  const first = attempt(new Replay(choices), "");
  return first === null ? null : { first, attempt, budget };
}

/** Another schedule with so many preemptions at most, the i-th: like that of a run, or any. */
export function calmer({ stretches, places }: Attempt, preemptions: number, i: number): Strategy {
  if (i % 2 === 0) return new Sparing(preemptions, places);
  return new Stretched(respaced(stretches, preemptions, new Draws(rng(`respaced/${String(i)}`))), places.draws);
}

const halfOf = (count: number): number => Math.ceil(count / 2);

const choicesIn = ({ moves, draws }: Guide): number => moves.length + draws.length / 2;

/** Draws stand behind the moves. */
function leaveOut({ moves, draws }: Guide, from: number, count: number): Guide {
  const outside = (at: number): boolean => at < from || at >= from + count;
  return {
    moves: moves.filter((_, i) => outside(i)),
    draws: draws.filter((_, i) => outside(moves.length + (i >> 1))),
  };
}

/** Is a run simpler than another? */
function isSimpler(a: Attempt, b: Attempt): boolean {
  const difference = [
    a.preemptions - b.preemptions,
    a.switches - b.switches,
    a.choices.schedule.length - b.choices.schedule.length,
    a.choices.draws.length - b.choices.draws.length,
    a.steps - b.steps,
  ].find((each) => each !== 0);
  return difference !== undefined && difference < 0;
}
