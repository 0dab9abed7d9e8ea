/**
 * Run-twice check, as a decorator: every run of a strategy is followed by one that repeats its choices, and the
 * two logs are compared entry by entry (a strategy that keeps time repeats itself). A difference is a `Divergence`: the simulator was not deterministic.
 */
import type { Context } from "../context.ts";
import { describeOp } from "../describe.ts";
import type { Execution } from "../execution.ts";
import type { Failure } from "../failure.ts";
import { entries, type Choices, type Entry } from "../recording.ts";
import type { Strategy } from "../strategy.ts";
import { Replay } from "./replay.ts";

/** What the first run of a pair leaves for the second; plain data. */
interface First {
  readonly log: Int32Array;
  /** Null: the strategy repeats itself. */
  readonly choices: Choices | null;
  readonly drawn: number;
}

/** Where the pairs stand between two runs. */
interface Position {
  readonly first: First | null;
  readonly inner: unknown;
}

/** Runs come in pairs with the seed of the first one. */
export class Twice implements Strategy {
  readonly name: string;
  readonly everyPoint: boolean;
  /** The first difference ever seen; null: none. */
  divergence: Failure | null = null;
  readonly #inner: Strategy;
  #first: First | null = null;
  #acting: Strategy;

  /** `name`: another name than that of the strategy that is repeated. */
  constructor(inner: Strategy, name: string = inner.name) {
    this.name = name;
    this.everyPoint = inner.everyPoint ?? false;
    this.#inner = inner;
    this.#acting = inner;
  }

  prepare(run: (strategy: Strategy, seed: string) => void): void {
    this.#inner.prepare?.(run);
  }

  begin(seed: string): boolean {
    const choices = this.#first?.choices ?? null;
    this.#acting = choices === null ? this.#inner : new Replay(choices);
    return this.#acting.begin(seed);
  }

  attach(x: Execution): void {
    this.#inner.attach?.(x);
  }

  choose(x: Execution, current: Context | null): Context {
    return this.#acting.choose(x, current);
  }

  draw(x: Execution, n: number): number {
    return this.#acting.draw(x, n);
  }

  idle(x: Execution): boolean {
    return this.#inner.idle?.(x) === true;
  }

  end(x: Execution): void {
    this.#acting.end?.(x);
    const first = this.#first;
    if (first === null) {
      const { choices, drawn, log } = x.recording;
      this.#first = { log: log.slice(), choices: this.#inner.idle === undefined ? choices : null, drawn };
      return;
    }
    this.#first = null;
    this.divergence ??= difference(first, x);
  }

  checkpoint(): Position {
    return { first: this.#first, inner: this.#inner.checkpoint?.() ?? null };
  }

  resume(checkpoint: unknown): void {
    const { first, inner } = checkpoint as Position; // made by checkpoint()
    this.#first = first;
    if (inner !== null) this.#inner.resume?.(inner);
  }
}

function difference(first: First, x: Execution): Failure | null {
  const second = x.recording.log;
  const length = Math.max(first.log.length, second.length);
  for (let at = 0; at < length; at++) {
    if (first.log[at] === second[at]) continue;
    return diverged(entryAt(x, first.log, at), entryAt(x, second, at), first.log.subarray(0, at));
  }
  if (first.drawn === x.recording.drawn) return null;
  return diverged(`${String(first.drawn)} draws`, `${String(x.recording.drawn)} draws`, second);
}

function diverged(expected: string, got: string, common: Int32Array): Failure {
  const steps = [...entries(common)].filter(({ kind }) => kind === "operation").length;
  return {
    kind: "Divergence",
    id: "run-twice",
    message: `The same choices ran differently after ${String(steps)} operations.`,
    facts: [["expected", expected], ["got", got]],
  };
}

function entryAt(x: Execution, log: Int32Array, at: number): string {
  for (const entry of entries(log)) if (entry.at >= at) return describeEntry(x, entry);
  return "the end of the run";
}

function describeEntry(x: Execution, entry: Entry): string {
  const name = x.contexts[entry.context]?.name ?? `context ${String(entry.context)}`;
  return entry.kind === "switch" ? `${name} goes on` : `${name}: ${describeOp(x, entry.word)}`;
}
