/**
 * Mutation of recorded choices, guided by feedback, as greybox fuzzing does with inputs and Wolff, Shi, Duck, Mathur,
 * Roychoudhury ("Greybox fuzzing for concurrency testing", ASPLOS 2024, section 4) with schedules; what is new is judged
 * by happens-before classes instead of reads-from pairs.
 *
 * The choices of a run that showed a new class are kept, told by meaning, so that a change in one place leaves the
 * others where they belong. A run follows kept choices with one change, or up to some step and then at random; every
 * fourth run is a random walk, so that nothing is out of reach.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { guideOf, type Guide, type Move, type Part } from "../guide.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";
import { ClassSet } from "./class-set.ts";
import { Guided } from "./guided.ts";

/** Choices worth changing. */
interface Kept {
  readonly guide: Guide;
  readonly parts: readonly Part[];
  readonly steps: number;
}

/** Where the strategy stands between two runs. */
interface Position {
  readonly runs: number;
  readonly kept: readonly Kept[];
  readonly classes: readonly bigint[];
}

/** At most so many are kept; the oldest goes. */
const KEPT_MAX = 256;
/** Half the changes are made to one of so many of the latest. */
const LATEST = 8;
/** One run in so many is a random walk. */
const FRESH = 4;
const NEVER = Number.POSITIVE_INFINITY;
/** Values tried for a data choice. */
const DRAWN_MOST = 4;

/** Runs that follow from those before, and from the seeds. */
export class Mutate implements Strategy {
  readonly name = "mutate";
  readonly #classes = new ClassSet();
  #kept: Kept[] = [];
  #runs = 0;
  #draws!: Draws;
  #guided: Guided | null = null;
  /** The step from which the run goes on at random. */
  #until = 0;
  #before = -1;

  /** Happens-before classes seen so far. */
  get classes(): number {
    return this.#classes.size;
  }

  begin(seed: string): boolean {
    const draws = new Draws(rng(seed));
    this.#draws = draws;
    this.#before = -1;
    this.#guided = null;
    this.#until = 0;
    if (this.#runs++ % FRESH === 0 || this.#kept.length === 0) return true;
    const base = this.#pick();
    const cut = draws.below(2) === 0;
    this.#until = cut ? draws.below(base.steps + 1) : NEVER;
    this.#guided = new Guided(cut ? base.guide : changed(base, draws));
    return this.#guided.begin();
  }

  #pick(): Kept {
    const kept = this.#kept;
    const among = this.#draws.below(2) === 0 ? Math.min(LATEST, kept.length) : kept.length;
    return kept[kept.length - 1 - this.#draws.below(among)] as Kept;
  }

  choose(x: Execution, current: Context | null): Context {
    if (this.#before < 0) this.#before = x.recording.steps;
    const guided = this.#guidedAt(x);
    if (guided !== null) return guided.choose(x, current);
    return x.enabled[this.#draws.below(x.enabled.length)] as Context;
  }

  draw(x: Execution, n: number): number {
    return this.#guidedAt(x)?.draw(x, n) ?? this.#draws.below(n);
  }

  #guidedAt(x: Execution): Guided | null {
    return this.#before < 0 || x.recording.steps - this.#before < this.#until ? this.#guided : null;
  }

  end(x: Execution): void {
    if (!this.#classes.add(x)) return;
    const { log, choices, steps } = x.recording;
    const kept = { ...guideOf(log, x.settledAt, x.contexts, choices.draws), steps: steps - Math.max(0, this.#before) };
    this.#kept.push(kept);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
  }

  checkpoint(): Position {
    return { runs: this.#runs, kept: [...this.#kept], classes: this.#classes.checkpoint() };
  }

  resume(checkpoint: unknown): void {
    const { runs, kept, classes } = checkpoint as Position; // made by checkpoint()
    this.#runs = runs;
    this.#kept = [...kept];
    this.#classes.resume(classes);
  }
}

/** The choices with one change: one left out, one aimed at somebody else, one more, or another value drawn. */
function changed({ guide, parts }: Kept, draws: Draws): Guide {
  const { moves } = guide;
  const somebody = (): Part => parts[draws.below(parts.length)] as Part;
  const kind = draws.below(4);
  if (kind === 0) return { moves, draws: redrawn(guide.draws, draws) };
  if (kind === 1 || moves.length === 0) {
    const { name, operations } = somebody();
    const more: Move = { after: name, nth: draws.below(operations + 1), left: 0, to: somebody().name };
    return { ...guide, moves: [...moves, more] };
  }
  const at = draws.below(moves.length);
  const before = moves.slice(0, at);
  const behind = moves.slice(at + 1);
  if (kind === 2) return { ...guide, moves: [...before, ...behind] };
  return { ...guide, moves: [...before, { ...(moves[at] as Move), to: somebody().name }, ...behind] };
}

/** Another value for one of the first data choices; pairs stay in their order. */
function redrawn(pairs: readonly number[], draws: Draws): readonly number[] {
  const nth = draws.below((pairs.at(-2) ?? 0) + DRAWN_MOST);
  const values = new Map<number, number>();
  for (let i = 0; i < pairs.length; i += 2) values.set(pairs[i] as number, pairs[i + 1] as number);
  values.set(nth, draws.below(DRAWN_MOST));
  return [...values].sort(([a], [b]) => a - b).flat();
}
