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

const Event = { Switch: 1, Prime: 2, Primed: 3 } as const;
type Event = (typeof Event)[keyof typeof Event];

const event = (kind: Event, context: number): number => -(context * 4 + kind);

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
  #log = new Int32Array(1 << 12);
  #limit = 0;
  #length = 0;
  #events = 0;
  #switches = 0;
  #drawn = 0;
  #lastProgress = 0;
  #limits: Limits = DEFAULT_LIMITS;
  #schedule: number[] = [];
  #draws: number[] = [];

  /** Forgets the last run. */
  reset(limits: Limits): void {
    this.#limits = limits;
    this.#length = 0;
    this.#events = 0;
    this.#switches = 0;
    this.#drawn = 0;
    this.#lastProgress = 0;
    this.#schedule = [];
    this.#draws = [];
    this.#setLimit();
  }

  /** Operations announced so far. */
  get steps(): number {
    return this.#length - this.#events;
  }
  /** Times another context went on. */
  get switches(): number {
    return this.#switches;
  }
  /** The raw log; valid until the next {@link reset}. */
  get log(): Int32Array {
    return this.#log.subarray(0, this.#length);
  }
  /** The choices taken so far, as deviations from the default. */
  get choices(): Choices {
    return { schedule: [...this.#schedule], draws: [...this.#draws] };
  }

  /** Appends an operation; returns its place. Throws {@link Inconclusive} at a bound. */
  append(word: number): number {
    const at = this.#length;
    if (at >= this.#limit) this.#makeRoom();
    this.#log[at] = word;
    this.#length = at + 1;
    return at;
  }

  /** Sets a bit of an operation already in the log. */
  mark(at: number, bit: number): void {
    this.#log[at] = (this.#log[at] as number) | bit;
  }

  /** Another context goes on. */
  switched(context: number): void {
    this.#switches++;
    this.#event(Event.Switch, context);
  }

  /** What follows until {@link primed} is announced by a context that is being started. */
  prime(context: number): void {
    this.#event(Event.Prime, context);
  }

  /** The context that is being started has reached its first point. */
  primed(context: number): void {
    this.#event(Event.Primed, context);
  }

  /** A schedule choice that deviates from the default. */
  choice(context: number): void {
    this.#schedule.push(this.steps, context);
  }

  /** A data choice. */
  draw(value: number): void {
    if (value !== 0) this.#draws.push(this.#drawn, value);
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

  #event(kind: Event, context: number): void {
    const at = this.#length;
    if (at >= this.#log.length) this.#grow();
    this.#log[at] = event(kind, context);
    this.#length = at + 1;
    this.#events++;
  }

  #setLimit(): void {
    const bound = Math.min(this.#limits.stepsMax, this.#lastProgress + this.#limits.noProgressMax);
    this.#limit = Math.min(this.#log.length, bound + this.#events);
  }

  #makeRoom(): void {
    if (this.steps >= this.#limits.stepsMax) throw new Inconclusive("steps");
    if (this.steps >= this.#lastProgress + this.#limits.noProgressMax) throw new Inconclusive("progress");
    if (this.#length >= this.#log.length) this.#grow();
    this.#setLimit();
  }

  #grow(): void {
    const log = new Int32Array(this.#log.length * 2);
    log.set(this.#log);
    this.#log = log;
    this.#setLimit();
  }
}

/** Decodes a log. Cost: linear. */
export function* entries(log: Int32Array): Generator<Entry, void, void> {
  const outer: number[] = [];
  let context = 0;
  for (let at = 0; at < log.length; at++) {
    const word = log[at] as number;
    if (word > 0) {
      yield { kind: "operation", context, word, at };
      continue;
    }
    const kind = -word & 3;
    const subject = -word >> 2;
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

/** A 64-bit hash of the choices: two runs with the same hash took the same choices (up to collisions). */
export function choicesHash(choices: Choices): bigint {
  let low = 0x9e3779b9 | 0;
  let high = 0x85ebca6b | 0;
  const mix = (value: number): void => {
    low = Math.imul(low ^ value, 0xcc9e2d51);
    low ^= low >>> 15;
    high = Math.imul(high ^ (value + 0x165667b1), 0x1b873593);
    high ^= high >>> 13;
    low = (low + Math.imul(high, 5)) | 0;
  };
  for (const value of choices.schedule) mix(value);
  mix(-1);
  for (const value of choices.draws) mix(value);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
