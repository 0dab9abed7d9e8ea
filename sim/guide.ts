/**
 * Choices told by meaning: not "at step 57 context 3" but "when this context has announced its 12th operation, that
 * one goes on". Leaving one out, or changing the machine, leaves the others where they belong.
 */
import type { Context } from "./context.ts";
import { Event, eventContext, eventKind, isAlso } from "./recording.ts";

/** One deviation from the default schedule. Contexts by name. */
export interface Move {
  /** Who ran last. */
  readonly after: string;
  /** How many operations it had announced since exploration began, and how often it had been left since the last. */
  readonly nth: number;
  readonly left: number;
  /** Who goes on instead of whom the default would take. */
  readonly to: string;
}

/** What decides a run, by meaning. */
export interface Guide {
  readonly moves: readonly Move[];
  /** Pairs (n-th draw, value), as in the choices of a recording. */
  readonly draws: readonly number[];
}

/** The default schedule. */
export const NO_GUIDE: Guide = { moves: [], draws: [] };

/** Follows a log as it grows: who ran last, and how far that context is. */
export class Whereabouts {
  /** Number of the context that ran last. */
  context = 0;
  /** Per context. */
  readonly announced: number[] = [];
  readonly left: number[] = [];
  readonly #outer: number[] = [];
  #at = 0;

  /** Reads on to `end`, calling back before each deviation. */
  readTo(words: Int32Array, end: number, settledAt: number, onChosen?: (to: number) => void): void {
    for (; this.#at < end; this.#at++) {
      const word = words[this.#at] as number;
      if (this.#at === settledAt) this.announced.length = this.left.length = 0;
      if (word > 0) this.#announce(word);
      else this.#follow(word, onChosen);
    }
  }

  #announce(word: number): void {
    if (isAlso(word)) return;
    this.announced[this.context] = (this.announced[this.context] ?? 0) + 1;
    this.left[this.context] = 0;
  }

  #follow(word: number, onChosen: ((to: number) => void) | undefined): void {
    const subject = eventContext(word);
    const kind = eventKind(word);
    if (kind === Event.Prime) {
      this.#outer.push(this.context);
      this.context = subject;
    } else if (kind === Event.Primed) {
      this.context = this.#outer.pop() ?? 0;
    } else {
      if (kind === Event.Chosen) onChosen?.(subject);
      this.left[this.context] = (this.left[this.context] ?? 0) + 1;
      this.context = subject;
    }
  }
}

/** Who took part in a run, and how many operations each announced since exploration began. */
export interface Part {
  readonly name: string;
  readonly operations: number;
}

/** The choices of a finished run by meaning, and who took part, the one included after whom the first choice is made. Cost: linear in the log. */
export function guideOf(
  log: Int32Array,
  settledAt: number,
  contexts: readonly Context[],
  draws: readonly number[],
): { readonly guide: Guide; readonly parts: readonly Part[] } {
  const moves: Move[] = [];
  const where = new Whereabouts();
  const name = (id: number): string => contexts[id]?.name ?? "";
  where.readTo(log, settledAt, settledAt);
  const first = where.context;
  where.readTo(log, log.length, settledAt, (to) => {
    const { context, announced, left } = where;
    moves.push({ after: name(context), nth: announced[context] ?? 0, left: left[context] ?? 0, to: name(to) });
  });
  const parts = contexts.map((_, id): Part => ({ name: name(id), operations: where.announced[id] ?? 0 }));
  return { guide: { moves, draws }, parts: parts.filter(({ operations }, id) => operations > 0 || id === first) };
}
