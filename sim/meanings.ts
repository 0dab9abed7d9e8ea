/**
 * What contexts do, by meaning, while a run is being made: the names that {@link happenedIn} gives afterwards. An operation
 * is counted where it is announced; what was announced before exploration began and has not taken effect is the first.
 */
import type { Context } from "./context.ts";
import { objectName } from "./describe.ts";
import type { Execution } from "./execution.ts";
import { opKind, opName, opObject } from "./operation.ts";
import type { Happening } from "./orderings.ts";
import { Event, eventContext, eventKind, isAlso } from "./recording.ts";

/** A deviation from the default schedule: when `at` was the last operation of the context that ran last, `take` goes on. */
export interface NamedChoice {
  /** Announced: it has not taken effect if its context could go on. */
  readonly at: Happening;
  readonly take: Happening;
}

/** A data choice that is not benign: of the context's draws since it announced `at` the `nth`, from 0. */
export interface NamedDraw {
  readonly at: Happening;
  readonly nth: number;
  readonly value: number;
}

/** What decides a run, by meaning. */
export interface NamedChoices {
  readonly choices: readonly NamedChoice[];
  readonly draws: readonly NamedDraw[];
}

/** Follows one run; to be asked at its first choice, and as often as one likes from there on. */
export class Meanings {
  readonly #x: Execution;
  readonly #counts = new Map<string, number>();
  /** By number of the context: what it announced last. */
  readonly #last: (Happening | undefined)[] = [];
  readonly #outer: number[] = [];
  #at = 0;
  #context = 0;
  #begun = false;

  constructor(x: Execution) {
    this.#x = x;
  }

  /** What the context announced last; its start, if it has not yet. */
  lastOf(context: Context): Happening {
    this.#read();
    return this.#last[context.id] ?? { actor: context.name, operation: "start", object: "nothing", occurrence: 1 };
  }

  /** What an enabled context does when it goes on. */
  nextOf(context: Context): Happening {
    this.#read();
    if (context.flushes !== null) return { actor: context.name, operation: "flush", object: "nothing", occurrence: 1 };
    if (context.routine !== null) return this.lastOf(context);
    const happening = this.#named(context, context.pending, 1);
    return { ...happening, occurrence: (this.#counts.get(kindOf(happening)) ?? 0) + 1 };
  }

  /** Cost: linear in what is new. */
  #read(): void {
    const { recording: { words, length }, settledAt } = this.#x;
    if (!this.#begun) this.#begin(settledAt);
    for (; this.#at < length; this.#at++) {
      const word = words[this.#at] as number;
      if (word <= 0) this.#follow(word);
      else if (this.#at >= settledAt && !isAlso(word)) this.#count(this.#context, word);
    }
  }

  #begin(settledAt: number): void {
    this.#begun = true;
    for (const { id, life, routine, pending, pendingAt } of this.#x.contexts)
      if (life === "live" && routine !== null && pending !== 0 && pendingAt < settledAt) this.#count(id, pending);
  }

  #count(id: number, word: number): void {
    const happening = this.#named(this.#x.contexts[id] as Context, word, 0);
    const kind = kindOf(happening);
    const occurrence = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, occurrence);
    this.#last[id] = { ...happening, occurrence };
  }

  #named({ name }: Context, word: number, occurrence: number): Happening {
    return { actor: name, operation: opName(opKind(word)), object: objectName(this.#x, opObject(word)), occurrence };
  }

  #follow(word: number): void {
    const subject = eventContext(word);
    const kind = eventKind(word);
    if (kind === Event.Prime) {
      this.#outer.push(this.#context);
      this.#context = subject;
    } else if (kind === Event.Primed) this.#context = this.#outer.pop() ?? 0;
    else this.#context = subject;
  }
}

const kindOf = ({ actor, operation, object }: Happening): string => `${actor}\n${operation}\n${object}`;
