/** Follows a log as it grows, for the further objects of operations: those that have been made, and pending ones. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { RESULT_BIT } from "../operation.ts";
import { Event, eventContext, eventKind, isAlso, isWaitingAlso } from "../recording.ts";

const NOTHING: readonly number[] = [];

/** Further objects since exploration began. What was pending before then has none here. */
export class FurtherObjects {
  /** Those that were touched since the last but one call of {@link readOn}, packed. */
  readonly touched: number[] = [];
  /** Pending operations that have some. */
  waits = 0;
  /** Per context: those of its pending operation. */
  readonly #waiting: (number[] | undefined)[] = [];
  readonly #outer: number[] = [];
  #at = -1;
  #context = 0;
  #announcer = 0;

  /** A run begins. */
  reset(): void {
    this.#at = -1;
    this.#context = 0;
    this.#announcer = 0;
    this.waits = 0;
    this.#waiting.length = 0;
    this.#outer.length = 0;
    this.touched.length = 0;
  }

  /** Reads the log on to its end; true when pending operations have got some. Cost: linear in what is new. */
  readOn(x: Execution): boolean {
    const { words, length } = x.recording;
    let waited = false;
    if (this.touched.length > 0) this.touched.length = 0;
    if (this.#at < 0) this.#at = x.settledAt;
    for (; this.#at < length; this.#at++) {
      const word = words[this.#at] as number;
      if (word <= 0) this.#follow(word);
      else if (!isAlso(word)) this.#announcer = this.#context;
      else if (isWaitingAlso(word)) {
        this.#wait(word & ~RESULT_BIT);
        waited = true;
      } else this.touched.push(word);
    }
    return waited;
  }

  #follow(word: number): void {
    const subject = eventContext(word);
    const kind = eventKind(word);
    if (kind === Event.Prime) {
      this.#outer.push(this.#context);
      this.#context = subject;
    } else this.#context = kind === Event.Primed ? (this.#outer.pop() ?? 0) : subject;
  }

  #wait(word: number): void {
    const waiting = this.#waiting[this.#announcer];
    if (waiting === undefined) {
      this.#waiting[this.#announcer] = [word];
      this.waits++;
    } else waiting.push(word);
  }

  /** Those of the pending operation of a context. */
  of({ id }: Context): readonly number[] {
    return this.#waiting[id] ?? NOTHING;
  }

  /** Those of the operation that a context makes now; from here on it has none. */
  take({ id }: Context): readonly number[] {
    const taken = this.#waiting[id];
    if (taken === undefined) return NOTHING;
    this.#waiting[id] = undefined;
    this.waits--;
    return taken;
  }
}
