/**
 * Runs under another strategy and writes down the trace of the run, with its reversible races: what partial-order
 * reduction would explore from there, for whoever asks about one run.
 */
import { opFences } from "../../buffered-execution.ts";
import type { Context } from "../../context.ts";
import type { Execution } from "../../execution.ts";
import { Op, opKind, opObject, packOp } from "../../operation.ts";
import type { Strategy } from "../../strategy.ts";
import type { Course } from "../following.ts";
import { NONE } from "./arrays.ts";
import { Step, pendingDeed, waitingOf } from "./reading.ts";
import { Trace, type Race } from "./trace.ts";
import type { Waiting } from "./waiting.ts";

/** One step of a run. */
export interface TracedStep {
  readonly context: Context;
  /** The operation it performs, packed; 0: an interrupt begins, or the set-up. */
  readonly word: number;
  /** Where that was announced in the log, or the store that it makes visible was; -1: nowhere. */
  readonly at: number;
}

/** Two steps that a run could have had the other way round. */
export interface Reversal {
  readonly first: TracedStep;
  readonly second: TracedStep;
  /** The run with the second one first, then as it was. */
  readonly course: Course;
}

/** What a context does next. */
function stepOf(context: Context): TracedStep {
  const store = context.flushes?.stores[0];
  if (store !== undefined) return { context, word: packOp(Op.Flush, store.cell.object), at: store.at };
  return context.routine === null ? { context, word: 0, at: -1 } : { context, word: context.pending, at: context.pendingAt };
}

/** One run; made anew for each. */
export class Traced implements Strategy {
  readonly name = "traced";
  readonly everyPoint = true;
  /** Step 0 is the set-up. */
  readonly steps: TracedStep[] = [];
  readonly draws = new Map<string, number[]>();
  readonly #inner: Strategy;
  readonly #trace = new Trace();
  readonly #step = new Step();
  readonly #drawn: number[] = [];
  #waiting: Waiting | null = null;

  constructor(inner: Strategy) {
    this.#inner = inner;
  }

  begin(seed: string): boolean {
    return this.#inner.begin(seed);
  }

  attach(x: Execution): void {
    this.#step.listen(x);
    this.#inner.attach?.(x);
    this.#step.begin(x, x.current, false);
    this.steps.push({ context: x.current, word: 0, at: -1 });
  }

  choose(x: Execution, current: Context | null): Context {
    this.#finish(x);
    const next = this.#inner.choose(x, current);
    x.grant(0);
    this.steps.push(stepOf(next));
    this.#step.begin(x, next, true);
    const { value } = x.objects[opObject(next.pending)] as { readonly value?: unknown };
    const trace = this.#trace;
    trace.begin(x.recording.length, opObject(next.pending), value, next.expected);
    if (next.flushes !== null) trace.beginFlush(next.flushes.issuedAt);
    else if (next.buffer !== null && opFences(opKind(next.pending))) trace.beginDrained(next.buffer.flushers);
    this.#waiting = waitingOf(trace, next);
    return next;
  }

  draw(x: Execution, n: number): number {
    const value = this.#inner.draw(x, n);
    const { name } = x.current;
    const all = this.draws.get(name) ?? [];
    this.draws.set(name, all);
    all.push(value);
    this.#drawn.push(value);
    return value;
  }

  #finish(x: Execution): void {
    const draws = this.#drawn.length === 0 ? null : this.#drawn.slice();
    this.#drawn.length = 0;
    const done = this.#step.deed(x, draws);
    const changes = this.#step.changes(x, done);
    this.#trace.add(changes === null ? done : this.#step.stopping(done, changes), changes, this.#waiting);
  }

  end(x: Execution): void {
    this.#finish(x);
    this.#inner.end?.(x);
    const trace = this.#trace;
    for (const context of x.contexts) {
      const away = context.cpu !== null && context.cpu.thread !== context && context.cpu.nested !== context;
      if (context.id === 0 || context.life !== "live" || context.blocked || context.enabled || away) continue;
      trace.addPending(pendingDeed(x, context), waitingOf(trace, context));
    }
  }

  /** Does one step happen before another, or is it the same? */
  isBefore(first: number, second: number): boolean {
    return first === second || (first < second && this.#trace.isBefore(first, second));
  }

  /** The steps as they were. */
  get course(): Course {
    return { steps: this.steps.slice(1).map(({ context }) => context.name), draws: this.draws };
  }

  /** The other orders of two steps each, the nearest to the end first. */
  get reversals(): readonly Reversal[] {
    const races = this.#trace.races.filter(({ first }) => first > 0);
    return races.toSorted((a, b) => b.first - a.first || b.second - a.second).map((race) => this.#reversal(race));
  }

  #reversal({ first, second, deed }: Race): Reversal {
    const { steps } = this;
    const moved = new Set<number>();
    for (let event = first + 1; event < Math.min(second, steps.length); event++)
      if (!this.#trace.isBefore(first, event)) moved.add(event);
    const context = (steps.find(({ context: { id } }) => id === deed.context) as TracedStep).context;
    const never = { context, word: context.pending, at: context.pendingAt };
    if (second < steps.length) moved.add(second);
    const all = [...steps.keys()];
    const rest = all.slice(first).filter((event) => !moved.has(event));
    const events = [...all.slice(1, first), ...moved, ...(second < steps.length ? [] : [NONE]), ...rest];
    const names = events.map((event) => (steps[event] ?? never).context.name);
    return { first: steps[first] as TracedStep, second: steps[second] ?? never, course: { steps: names, draws: this.draws } };
  }
}
