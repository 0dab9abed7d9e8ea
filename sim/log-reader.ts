/**
 * Reads a log in the order of effects. An operation is announced before its effect; when a switch stands directly
 * behind the announcement, the effect comes when its context goes on, otherwise at once.
 */
import { Op, opKind } from "./operation.ts";
import { Event, eventContext, eventKind, isAlso, isWaitingAlso } from "./recording.ts";

/** Sees effects and starts in order. */
export interface LogVisitor {
  /** An operation took effect at `now`, or one more object of it. `at`: where it was announced; places in the log, both. */
  performed(context: number, word: number, at: number, now: number): void;
  /** A context ran to its first point, by the hand of another. */
  started(parent: number, child: number): void;
}

/** One pass over a log. */
export class LogReader {
  readonly #log: Int32Array;
  readonly #visitor: LogVisitor;
  /** Per context: where the operation stands that has not taken effect; -1: none. */
  readonly #pending: number[] = [];
  /** Per context: where further objects of that operation stand. */
  readonly #further: (number[] | undefined)[] = [];
  readonly #outer: number[] = [];

  constructor(log: Int32Array, visitor: LogVisitor) {
    this.#log = log;
    this.#visitor = visitor;
  }

  /** Cost: linear. */
  read(): void {
    const log = this.#log;
    let context = 0;
    let announcer = 0;
    for (let at = 0; at < log.length; at++) {
      const word = log[at] as number;
      if (isWaitingAlso(word)) {
        (this.#further[announcer] ??= []).push(at);
        continue;
      }
      if (word > 0) {
        if (isAlso(word)) this.#perform(context, at, at);
        else if (this.#announced(context, at)) announcer = context;
        continue;
      }
      const subject = eventContext(word);
      const kind = eventKind(word);
      if (kind === Event.Prime) {
        this.#visitor.started(context, subject);
        this.#outer.push(context);
        context = subject;
      } else if (kind === Event.Primed) {
        context = this.#outer.pop() ?? 0;
      } else {
        context = subject;
        this.#goOn(context, at);
      }
    }
  }

  /** Does the context suspend before the effect of the operation announced before `from`? */
  #suspends(from: number): boolean {
    const log = this.#log;
    if (isEnding(log[from - 1] as number)) return false;
    let at = from;
    for (let depth = 0; at < log.length; at++) {
      const word = log[at] as number;
      if (word > 0) {
        if (depth === 0 && !isAlso(word)) return false;
        continue;
      }
      const kind = eventKind(word);
      if (kind === Event.Prime) depth++;
      else if (kind !== Event.Primed) return true;
      else if (depth-- === 0) return true;
    }
    return false;
  }

  /** True when the operation has to wait for its turn. */
  #announced(context: number, at: number): boolean {
    const waits = this.#suspends(at + 1);
    if (waits) this.#pending[context] = at;
    else this.#perform(context, at, at);
    return waits;
  }

  /** The operation that waited takes effect. */
  #goOn(context: number, now: number): void {
    const waiting = this.#pending[context] ?? -1;
    if (waiting < 0) return;
    this.#pending[context] = -1;
    this.#perform(context, waiting, now);
    const further = this.#further[context];
    if (further === undefined) return;
    for (const at of further) this.#perform(context, at, now);
    further.length = 0;
  }

  #perform(context: number, at: number, now: number): void {
    this.#visitor.performed(context, this.#log[at] as number, at, now);
  }
}

/** The end of a handler or of a context is written down when it has happened; a switch always follows. */
const isEnding = (word: number): boolean => {
  const kind = opKind(word);
  return kind === Op.End || kind === Op.Exit;
};
