/**
 * Timed mode: every operation has a cost, every CPU a clock, and whoever's clock is least goes next. Agents wait
 * for their deadlines in an event queue. The schedule is decided by the cost table, so that throughput, latency
 * and contention mean something.
 *
 * An operation takes effect when it begins and costs its CPU what the table says for its kind, and `x.transferCost`
 * more when the object is not in this CPU's cache: a store leaves it with the CPU that stored, a load adds a copy.
 */
import type { Context, Processor } from "../context.ts";
import { EventQueue } from "../event-queue.ts";
import type { Execution } from "../execution.ts";
import { Op, opKind, opObject, opReads } from "../operation.ts";
import { Draws, rng } from "../rng.ts";
import type { Strategy } from "../strategy.ts";

/** The schedule of the cost table; data choices from the run's seed. */
export class Timed implements Strategy {
  readonly name = "timed";
  readonly everyPoint = true;
  #draws!: Draws;
  #deadlines = new EventQueue<Context>();
  /** Which CPUs have an object in their cache, a bit each, by object number. */
  #copies: number[] = [];

  begin(seed: string): boolean {
    this.#draws = new Draws(rng(seed));
    return true;
  }

  attach(x: Execution): void {
    const deadlines = new EventQueue<Context>();
    this.#deadlines = deadlines;
    this.#copies = [];
    const schedule = (context: Context, at: number): void => {
      deadlines.schedule(at, context);
    };
    x.alarm = schedule;
  }

  choose(x: Execution): Context {
    let next = earliest(x.enabled);
    while (this.#deadlines.nextTime <= clockOf(next)) {
      this.#wake(x);
      next = earliest(x.enabled);
    }
    const start = Math.max(x.now, clockOf(next));
    const cost = x.costs[opKind(next.pending)] ?? 0;
    x.now = start;
    if (next.cpu === null) next.readyAt = start + cost;
    else this.#charge(x, next, next.cpu, start, cost);
    return next;
  }

  #charge(x: Execution, next: Context, cpu: Processor, start: number, cost: number): void {
    if (spins(next) || (cpu.thread !== null && spins(cpu.thread))) {
      cpu.spun += start - cpu.busyUntil;
      cpu.busy += start - cpu.busyUntil;
    }
    const fetches = x.transferCost > 0 && this.#fetches(next.pending, 1 << cpu.id);
    const all = fetches ? cost + x.transferCost : cost;
    cpu.busyUntil = start + all;
    cpu.busy += all;
  }

  /** Accounts for an access to the object of an operation; true when it was in other caches only. */
  #fetches(word: number, cpu: number): boolean {
    const object = opObject(word);
    const kind = opKind(word);
    if (object === 0 || !SHARES_MEMORY.has(kind)) return false;
    const copies = this.#copies[object] ?? 0;
    const reads = opReads(kind);
    this.#copies[object] = reads ? copies | cpu : cpu;
    return copies !== 0 && (reads ? (copies & cpu) === 0 : copies !== cpu);
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
    context.delayed = false;
    x.unblock(context);
    return true;
  }
}

/** Operations on memory that several CPUs use; what else has an object belongs to one CPU, or to a device. */
const SHARES_MEMORY: ReadonlySet<Op> = new Set<Op>([
  Op.Load, Op.Store, Op.Peek, Op.Publish, Op.AtomicLoad, Op.AtomicStore, Op.Rmw, Op.Cmpset,
  Op.RelaxedLoad, Op.RelaxedStore, Op.RelaxedRmw, Op.AcquireRmw, Op.ReleaseRmw,
  Op.Acquire, Op.Try, Op.Release, Op.Send, Op.Receive, Op.Interlock, Op.Sleep, Op.Wakeup,
]);

/** Does it keep its CPU while it waits? */
const spins = ({ gate, spinning }: Context): boolean => gate !== null || spinning;

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
