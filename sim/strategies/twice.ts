/**
 * Run-twice check, as a decorator: every run of a strategy is followed by one that repeats its choices, and the
 * two logs are compared entry by entry (a strategy that keeps time repeats itself). A difference is a `Divergence`: the simulator was not deterministic.
 */
import type { Context } from "../context.ts";
import { describeOp } from "../describe.ts";
import type { Execution } from "../execution.ts";
import type { Failure } from "../failure.ts";
import { entries, type Entry } from "../recording.ts";
import type { Strategy } from "../strategy.ts";
import { Replay } from "./replay.ts";

/** What the first run of a pair leaves for the second. */
interface First {
  readonly x: Execution;
  readonly log: Int32Array;
  readonly again: Strategy;
  readonly drawn: number;
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
    this.#acting = this.#first === null ? this.#inner : this.#first.again;
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
      const again = this.#inner.idle === undefined ? new Replay(choices) : this.#inner;
      this.#first = { x, log: log.slice(), again, drawn };
      return;
    }
    this.#first = null;
    this.divergence ??= difference(first, x);
  }
}

function difference(first: First, x: Execution): Failure | null {
  const second = x.recording.log;
  const length = Math.max(first.log.length, second.length);
  for (let at = 0; at < length; at++) {
    if (first.log[at] === second[at]) continue;
    return diverged(entryAt(first.x, first.log, at), entryAt(x, second, at), first.log.subarray(0, at));
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
