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
  readonly #quiet: boolean;
  /** Per context: where the operation stands that has not taken effect; -1: none. */
  readonly #pending: number[] = [];
  /** Per context: where further objects of that operation stand. */
  readonly #further: (number[] | undefined)[] = [];
  readonly #outer: number[] = [];

  /** `quiet`: the run ended with nothing enabled, so that an operation announced last has not taken effect. */
  constructor(log: Int32Array, visitor: LogVisitor, quiet = false) {
    this.#log = log;
    this.#visitor = visitor;
    this.#quiet = quiet;
  }

  /** Cost: linear. */
  read(): void {
    const log = this.#log;
    let context = 0;
    let announcer = 0;
    for (let at = 0; at < log.length; at++) {
      const word = log[at] as number;
      if (word > 0) {
        if (isAlso(word)) {
          if (isWaitingAlso(word)) (this.#further[announcer] ??= []).push(at);
          else this.#visitor.performed(context, word, at, at);
        } else if (this.#suspends(word, at + 1)) {
          this.#pending[context] = at;
          announcer = context;
        } else this.#visitor.performed(context, word, at, at);
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
        if (waiting >= 0) this.#goOn(context, waiting, at);
      }
    }
  }

  /** Does the context suspend before the effect of this operation, with `from` behind it? */
  #suspends(word: number, from: number): boolean {
    const log = this.#log;
    if (from >= log.length) return this.#quiet && !isEnding(word);
    const next = log[from] as number;
    if (next > 0 && !isAlso(next)) return false;
    return !isEnding(word) && (isSwitch(next) || this.#suspendsLater(from));
  }

  /** {@link #suspends}, where more objects or the start of a context stand behind the operation. */
  #suspendsLater(from: number): boolean {
    const log = this.#log;
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
    return this.#quiet;
  }

  /** The operation that waited takes effect. */
  #goOn(context: number, waiting: number, now: number): void {
    this.#pending[context] = -1;
    this.#perform(context, waiting, now);
    const further = this.#further[context];
    if (further === undefined || further.length === 0) return;
    for (const at of further) this.#perform(context, at, now);
    further.length = 0;
  }

  #perform(context: number, at: number, now: number): void {
    this.#visitor.performed(context, this.#log[at] as number, at, now);
  }
}

/** The end of a handler or of a context, and a flush, are written down when they have happened; a switch always follows. */
const isEnding = (word: number): boolean => {
  const kind = opKind(word);
  return kind === Op.End || kind === Op.Exit || kind === Op.Flush;
};

/** Another context goes on. */
const isSwitch = (word: number): boolean => word <= 0 && eventKind(word) <= Event.Switch;
