/**
 * Reads a log in the order of effects. An operation is announced before its effect; when a switch stands directly
 * behind the announcement, the effect comes when its context goes on, otherwise at once.
 */
import { Op, opKind } from "./operation.ts";
import { Event, eventContext, eventKind, isAlso } from "./recording.ts";

/** Sees effects and starts in order. */
export interface LogVisitor {
  /** An operation took effect, or one more object of it. `at`: where it was announced. */
  performed(context: number, word: number, at: number): void;
  /** A context ran to its first point, by the hand of another. */
  started(parent: number, child: number): void;
}

/** One pass over a log. */
export class LogReader {
  readonly #log: Int32Array;
  readonly #visitor: LogVisitor;
  /** Per context: where the operation stands that has not taken effect; -1: none. */
  readonly #pending: number[] = [];
  readonly #outer: number[] = [];

  constructor(log: Int32Array, visitor: LogVisitor) {
    this.#log = log;
    this.#visitor = visitor;
  }

  /** Cost: linear. */
  read(): void {
    const log = this.#log;
    let context = 0;
    for (let at = 0; at < log.length; at++) {
      const word = log[at] as number;
      if (word > 0) {
        if (isAlso(word)) continue;
        if (this.#suspends(at + 1)) this.#pending[context] = at;
        else this.#perform(context, at);
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
        const waiting = this.#pending[context] ?? -1;
        this.#pending[context] = -1;
        if (waiting >= 0) this.#perform(context, waiting);
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

  #perform(context: number, at: number): void {
    const log = this.#log;
    this.#visitor.performed(context, log[at] as number, at);
    let next = at + 1;
    if (next < log.length && isSwitch(log[next] as number)) next++;
    for (; next < log.length && isAlso(log[next] as number); next++)
      this.#visitor.performed(context, log[next] as number, at);
  }
}

/** The end of a handler or of a context is written down when it has happened; a switch always follows. */
const isEnding = (word: number): boolean => {
  const kind = opKind(word);
  return kind === Op.End || kind === Op.Exit;
};

const isSwitch = (word: number): boolean => word <= 0 && eventKind(word) <= Event.Switch;
