/**
 * A recording: what replay, shrinking, reduction, coverage and every report read.
 *
 * One append for an announced operation, one for a switch. The log is a sequence of 32-bit entries: an
 * operation is positive ({@link packOp}), an event negative. Who announced what follows from the events; who
 * could have run is derived. An operation takes effect when its context goes on after announcing it, so in
 * the log it does so at once unless a switch stands directly behind it.
 */
import { Inconclusive } from "./failure.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Op, RESULT_BIT, opResult, packOp } from "./operation.ts";

/** A switch is *chosen* when it deviates from the default; those are the schedule choices of the run. */
export const Event = { Chosen: 0, Switch: 1, Prime: 2, Primed: 3 } as const;
/** Kind of an event. */
export type Event = (typeof Event)[keyof typeof Event];

const event = (kind: Event, context: number): number => -(context * 4 + kind);
const FIRST_ALSO = packOp(Op.Also, 0);
const AFTER_ALSO = packOp((Op.Also + 1) as Op, 0);
/** The kind of a negative entry. */
export const eventKind = (word: number): Event => (-word & 3) as Event;
/** Whom a negative entry is about. */
export const eventContext = (word: number): number => -word >> 2;
/** Is the entry one more object of an operation? */
export const isAlso = (word: number): boolean => word >= FIRST_ALSO && word < AFTER_ALSO;

/** Is the entry one more object of the operation before it, whose context has suspended meanwhile? */
export const isWaitingAlso = (word: number): boolean => isAlso(word) && opResult(word);

/** One decoded log entry. `context` is who announced, goes on, or is primed. */
export type Entry =
  | { readonly kind: "operation"; readonly context: number; readonly word: number; readonly at: number }
  | { readonly kind: "switch"; readonly context: number; readonly at: number };

/**
 * The choices that decide a run, as deviations from the default: at a point the current context goes on, at
 * a gap the enabled context with the lowest number, a draw is 0. Data, so it can be printed and shrunk.
 */
export interface Choices {
  /** Pairs (step, context): at that step, that context goes next. */
  readonly schedule: readonly number[];
  /** Pairs (n-th draw, value). */
  readonly draws: readonly number[];
}

/** The log of one run; reused from run to run, so memory stays flat. */
export class Recording {
  /** The raw entries; only the first {@link length} belong to this run. */
  words = new Int32Array(1 << 12);
  length = 0;
  /** Where the next append has to look closer: no room, or a bound. */
  limit = 0;
  /** Entries that are no operations. */
  #events = 0;
  /** Entries that are neither operations nor switches. */
  #marks = 0;
  #drawn = 0;
  #lastProgress = 0;
  #limits: Limits = DEFAULT_LIMITS;
  readonly #draws: number[] = [];
  /** For each draw that is not 0: the length of the log then, which draw it was since the log last grew, its value. */
  readonly drawPlaces: number[] = [];
  #drawnAt = 0;
  #drawnBefore = 0;

  /** Forgets the last run. */
  reset(limits: Limits): void {
    this.#limits = limits;
    this.length = 0;
    this.#events = 0;
    this.#marks = 0;
    this.#drawn = 0;
    this.#lastProgress = 0;
    this.#draws.length = 0;
    this.drawPlaces.length = 0;
    this.#drawnAt = 0;
    this.#drawnBefore = 0;
    this.#setLimit();
  }

  /** Operations announced so far. */
  get steps(): number {
    return this.length - this.#events;
  }
  /** Times another context went on. */
  get switches(): number {
    return this.#events - this.#marks;
  }
  /** The raw log; valid until the next {@link reset}. */
  get log(): Int32Array {
    return this.words.subarray(0, this.length);
  }
  /** The choices taken so far, as deviations from the default. Cost: linear. */
  get choices(): Choices {
    const schedule: number[] = [];
    const { words, length } = this;
    let step = 0;
    for (let at = 0; at < length; at++) {
      const word = words[at] as number;
      if (word > 0) step += isAlso(word) ? 0 : 1;
      else if (eventKind(word) === Event.Chosen) schedule.push(step, eventContext(word));
    }
    return { schedule, draws: [...this.#draws] };
  }

  /** Appends an operation; returns its place. Throws {@link Inconclusive} at a bound. */
  append(word: number): number {
    const at = this.length;
    if (at >= this.limit) this.makeRoom();
    this.words[at] = word;
    this.length = at + 1;
    return at;
  }

  /** Appends one more object of an operation: the one just announced that waits for its turn, or the current one. */
  also(object: number, waiting: boolean): void {
    this.#marks++;
    this.#event(packOp(Op.Also, object) | (waiting ? RESULT_BIT : 0));
  }

  /** Sets a bit of an operation already in the log. */
  mark(at: number, bit: number): void {
    this.words[at] = (this.words[at] as number) | bit;
  }

  /** Another context goes on; `chosen` when the default would have been somebody else. */
  switched(context: number, chosen: boolean): void {
    this.#event(event(chosen ? Event.Chosen : Event.Switch, context));
  }

  /** What follows until {@link primed} is announced by a context that is being started. */
  prime(context: number): void {
    this.#marks++;
    this.#event(event(Event.Prime, context));
  }

  /** The context that is being started has reached its first point. */
  primed(context: number): void {
    this.#marks++;
    this.#event(event(Event.Primed, context));
  }

  /** A data choice. */
  draw(value: number): void {
    if (this.#drawnAt !== this.length) {
      this.#drawnAt = this.length;
      this.#drawnBefore = this.#drawn;
    }
    if (value !== 0) {
      this.#draws.push(this.#drawn, value);
      this.drawPlaces.push(this.length, this.#drawn - this.#drawnBefore, value);
    }
    this.#drawn++;
  }

  /** Data choices so far. */
  get drawn(): number {
    return this.#drawn;
  }

  /** Something useful happened: the no-progress bound starts anew. */
  progress(): void {
    this.#lastProgress = this.steps;
    this.#setLimit();
  }

  /** Operations announced before the last progress. */
  get progressAt(): number {
    return this.#lastProgress;
  }

  /** Called where an append meets {@link limit}: grows, or throws {@link Inconclusive}. */
  makeRoom(): void {
    if (this.steps >= this.#limits.stepsMax) throw new Inconclusive("steps");
    if (this.steps >= this.#lastProgress + this.#limits.noProgressMax) throw new Inconclusive("progress");
    if (this.length >= this.words.length) this.#grow();
    this.#setLimit();
  }

  #event(word: number): void {
    const at = this.length;
    if (at >= this.words.length) this.#grow();
    this.words[at] = word;
    this.length = at + 1;
    this.#events++;
  }

  #setLimit(): void {
    const bound = Math.min(this.#limits.stepsMax, this.#lastProgress + this.#limits.noProgressMax);
    this.limit = Math.min(this.words.length, bound + this.#events);
  }

  #grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    this.#setLimit();
  }
}

/** Decodes a log. Cost: linear. */
export function* entries(log: Int32Array): Generator<Entry, void, void> {
  const outer: number[] = [];
  let context = 0;
  let announcer = 0;
  for (let at = 0; at < log.length; at++) {
    const word = log[at] as number;
    if (word > 0) {
      if (!isAlso(word)) announcer = context;
      yield { kind: "operation", context: isWaitingAlso(word) ? announcer : context, word, at };
      continue;
    }
    const kind = eventKind(word);
    const subject = eventContext(word);
    if (kind === Event.Prime) {
      outer.push(context);
      context = subject;
    } else if (kind === Event.Primed) {
      context = outer.pop() ?? 0;
    } else {
      context = subject;
      yield { kind: "switch", context, at };
    }
  }
}
