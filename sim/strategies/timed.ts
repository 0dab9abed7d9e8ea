/**
 * Timed mode: every operation has a cost, every CPU a clock, and whoever's clock is least goes next. Agents wait
 * for their deadlines in an event queue. The schedule is decided by the cost table, so that throughput, latency
 * and contention mean something.
 */
import type { Context } from "../context.ts";
import { EventQueue } from "../event-queue.ts";
import type { Execution } from "../execution.ts";
import { opKind } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";

/** The schedule of the cost table; data choices from the run's seed. */
export class Timed implements Strategy {
  readonly name = "timed";
  readonly everyPoint = true;
  #draws!: Draws;
  #deadlines = new EventQueue<Context>();

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    return true;
  }

  attach(x: Execution): void {
    const deadlines = new EventQueue<Context>();
    this.#deadlines = deadlines;
    x.alarm = (context, at) => deadlines.schedule(at, context);
  }

  choose(x: Execution): Context {
    let next = earliest(x.enabled);
    while (this.#deadlines.nextTime <= clockOf(next)) {
      this.#wake(x);
      next = earliest(x.enabled);
    }
    const start = Math.max(x.now, clockOf(next));
    const done = start + (x.costs[opKind(next.pending)] ?? 0);
    x.now = start;
    if (next.cpu === null) next.readyAt = done;
    else next.cpu.busyUntil = done;
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#draws.below(n);
  }

  idle(x: Execution): boolean {
    while (x.enabled.length === 0) if (!this.#wake(x)) return false;
    return true;
  }

  /** Time moves to the next deadline; false when there is none. */
  #wake(x: Execution): boolean {
    const context = this.#deadlines.take();
    if (context === null) return false;
    x.now = Math.max(x.now, this.#deadlines.now);
    x.unblock(context);
    return true;
  }
}

/** When a context could go on. */
const clockOf = ({ cpu, readyAt }: Context): number =>
  cpu === null ? readyAt : Math.max(cpu.busyUntil, readyAt);

/** Least clock first; then an interrupt before the thread it interrupts; then the lowest number. */
function earliest(enabled: readonly Context[]): Context {
  let first = enabled[0] as Context;
  for (const context of enabled) {
    const ahead = clockOf(context) - clockOf(first);
    if (ahead < 0 || (ahead === 0 && context.cpu === first.cpu && context.isLine && !first.isLine))
      first = context;
  }
  return first;
}
