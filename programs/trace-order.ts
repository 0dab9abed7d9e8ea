/** The events of a finished run with what has to come before each: a trace as a partial order. */
import { LogReader, Op, opKind, opObject, opOnlyRead, type Execution, type LogVisitor } from "../sim/index.ts";

/** One event of one thread. */
export interface OrderedEvent {
  /** Its operation. */
  readonly word: number;
  /** By thread: how many events of it come before this one in every linearization. */
  readonly after: readonly number[];
}

/** Reads the order of a run of threads that are contexts 1, 2, …; thread i is context i + 1. */
export class TraceOrder implements LogVisitor {
  /** By thread, in program order. */
  readonly threads: OrderedEvent[][];
  readonly #changed: (readonly number[] | undefined)[] = [];
  readonly #looked: (number[][] | undefined)[] = [];
  /** The event that is being read, its thread and its objects. */
  #thread = -1;
  #clock: number[] = [];
  #words: number[] = [];

  constructor(x: Execution, threads: number) {
    this.threads = Array.from({ length: threads }, () => []);
    new LogReader(x.recording.log, this, x.enabled.length === 0).read();
    this.#finish();
  }

  performed(context: number, word: number): void {
    const kind = opKind(word);
    if (kind !== Op.Also) {
      this.#finish();
      // The end of a thread is no step.
      if (kind === Op.Exit || context === 0 || context > this.threads.length) return;
      this.#begin(context - 1);
    }
    if (this.#thread >= 0) this.#touch(word);
  }

  started(): void {
    // A start is no step.
  }

  #begin(thread: number): void {
    const events = this.threads[thread] as OrderedEvent[];
    const last = events.at(-1);
    this.#thread = thread;
    this.#clock = last === undefined ? this.threads.map(() => 0) : [...last.after];
    this.#clock[thread] = events.length;
    this.#words = [];
  }

  #touch(word: number): void {
    this.#words.push(word);
    const object = opObject(word);
    if (object === 0) return;
    const changed = this.#changed[object];
    if (changed !== undefined) this.#join(changed);
    if (!opOnlyRead(word)) for (const clock of this.#looked[object] ?? []) this.#join(clock);
  }

  #join(clock: readonly number[]): void {
    for (let thread = 0; thread < clock.length; thread++)
      this.#clock[thread] = Math.max(this.#clock[thread] as number, clock[thread] as number);
  }

  #finish(): void {
    const thread = this.#thread;
    if (thread < 0) return;
    this.#thread = -1;
    const events = this.threads[thread] as OrderedEvent[];
    events.push({ word: this.#words[0] as number, after: this.#clock });
    const own = [...this.#clock];
    own[thread] = events.length;
    for (const word of this.#words) this.#tell(word, own);
  }

  #tell(word: number, clock: number[]): void {
    const object = opObject(word);
    if (object === 0) return;
    if (opOnlyRead(word)) {
      (this.#looked[object] ??= []).push(clock);
      return;
    }
    this.#changed[object] = clock;
    this.#looked[object] = [];
  }
}
