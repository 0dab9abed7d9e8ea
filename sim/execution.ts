/**
 * One run of one schedule: starting and blocking contexts, switching CPUs, the step loop, quiescence.
 */
import type { Context, ContextOptions, Processor } from "./context.ts";
import { disable, refresh } from "./enabled.ts";
import { NO_COSTS, type Costs } from "./costs.ts";
import { Inconclusive, RunFailure, misuse, type Failure, type FailureSite } from "./failure.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { beginLine, endLine, lowerLine, maskCpu, raiseLine } from "./lines.ts";
import { Op, packOp } from "./operation.ts";
import { SWITCH, type Routine, type Step } from "./point.ts";
import { Points } from "./points.ts";
import type { Recording } from "./recording.ts";
import type { Outcome, RunResult } from "./run-result.ts";
import type { Strategy } from "./strategy.ts";
import { flushOldest } from "./store-buffer.ts";
import { NOTHING_OWED } from "./turn.ts";

/** One run. Everything mutable hangs off it; it is made anew for each run and then dropped. */
export class Execution extends Points {
  readonly limits: Limits;
  /** Timed mode: wakes agents at their deadlines. Null in adversarial mode. */
  alarm: ((context: Context, at: number) => void) | null = null;
  /** Timed mode: what an operation costs, ns by kind. Filled by the model. */
  costs: Costs = NO_COSTS;
  /** Timed mode: what an operation costs more when its object has to come from the cache of another CPU, ns. */
  transferCost = 0;
  /** Where exploration begins in the log: what stands before {@link settle} is before everything behind it. */
  settledAt = 0;
  /** What ended the run, with the stack it was thrown from; null when nothing did. */
  thrown: RunFailure | null = null;
  #strategy: Strategy;
  #leasing = false;

  constructor(strategy: Strategy, recording: Recording, limits: Limits = DEFAULT_LIMITS) {
    super(recording);
    recording.reset(limits);
    this.limits = limits;
    this.#strategy = strategy;
    this.#obey(strategy);
    strategy.attach?.(this);
  }

  #obey(strategy: Strategy): void {
    this.#strategy = strategy;
    this.#leasing = strategy.leasing === true;
    this.unaskedPlain = strategy.everyPoint === true ? 0 : 1;
    this.arrange();
  }

  protected override choose(current: Context | null): Context {
    return this.#leasing ? this.#chooseRarely(current) : this.#strategy.choose(this, current);
  }

  #chooseRarely(current: Context | null): Context {
    return this.#strategy.choose(this, current);
  }

  protected override idle(): boolean {
    return this.#strategy.idle?.(this) === true;
  }

  /** A data choice in `[0, n)`; 0 is the benign answer, which shrinking prefers. Not a point. */
  draw(n: number): number {
    const value = n > 1 ? this.#strategy.draw(this, n) : 0;
    this.recording.draw(value);
    return value;
  }

  // -- blocking and switching -----------------------------------------------------------------------

  /** A context outside the CPUs (a device, the clock, a thread of a plain program); runs from now on. */
  spawn(name: string, body: () => Routine<void>, options: ContextOptions = {}): Context {
    const context = this.context(name, null, body, options.daemon ?? false, options.buffered ?? 0);
    this.#start(context);
    refresh(this, context);
    return context;
  }

  /**
   * Suspends the current agent until {@link unblock}. `word` is the operation it performs when it comes back.
   */
  block(word: number): Step<void> {
    const context = this.announce(word);
    context.blocked = true;
    this.leave(context);
    return this.suspended();
  }

  /** Ends a {@link block}; harmless when the context is not blocked. */
  unblock(context: Context): void {
    if (!context.blocked || context.delayed) return;
    context.blocked = false;
    refresh(this, context);
  }

  /** Time passes for an agent. Adversarial mode: a point. Timed mode: it goes on `ns` from now. */
  delay(ns: number): Step<void> {
    const { alarm, current } = this;
    if (alarm === null) return this.pause(Op.Tick);
    if (current.cpu !== null) misuse("delay-on-cpu", `${current.name} delays but is no agent`);
    alarm(current, this.now + ns);
    current.delayed = true;
    return this.block(packOp(Op.Tick, 0));
  }

  /** The current thread has nothing to do before `at`, ns; an interrupt may end that early. Timed mode only. */
  idleUntil(at: number): Step<void> {
    this.current.readyAt = at;
    return this.pause(Op.Tick);
  }

  /** Keeps the current CPU busy for `ns` more, with work that is no operation. Timed mode only. Not a point. */
  spend(ns: number): void {
    const { cpu } = this.current;
    if (cpu === null) return;
    cpu.busyUntil = Math.max(cpu.busyUntil, this.now) + ns;
    cpu.busy += ns;
  }

  /** Timed mode: when the current context is done with what it does now, ns. */
  get here(): number {
    const { cpu } = this.current;
    return cpu === null ? this.now : Math.max(cpu.busyUntil, this.now);
  }

  /**
   * The current thread leaves its CPU to `next` (null: the CPU idles) and is suspended until it is made
   * current again. Announce the switch with a point before deciding on `next`.
   */
  switchTo(next: Context | null): Step<void> {
    const cpu = this.current.cpu;
    if (cpu === null || cpu.thread !== this.current || cpu.nested !== null)
      return misuse("switch-off-cpu", `${this.current.name} switches but is not the current thread`);
    const context = this.announce(packOp(Op.Resume, cpu.object));
    this.setThread(cpu, next);
    this.leave(context);
    return this.suspended();
  }

  /** Makes `next` the current thread of an idle or yielding CPU, starting it if it never ran. */
  setThread(cpu: Processor, next: Context | null): void {
    const old = cpu.thread;
    if (old === next) return;
    cpu.thread = next;
    if (old !== null) refresh(this, old);
    if (next === null) return;
    if (next.life === "new") this.#start(next);
    refresh(this, next);
  }

  /** Runs a context up to its first point: a start is no step. */
  #start(context: Context): void {
    const outer = this.current;
    const outerPriming = this.priming;
    const outerOwed = this.owed;
    this.owed = NOTHING_OWED;
    this.current = context;
    this.priming = true;
    this.arrange();
    this.recording.prime(context.id);
    context.life = "live";
    context.routine = context.body();
    const first = context.routine.next();
    if (first.done === true) context.life = "done";
    this.priming = outerPriming;
    this.arrange();
    this.owed = outerOwed;
    this.current = outer;
    this.recording.primed(context.id);
    const { cpu } = context;
    if (first.done !== true || cpu === null) return;
    // It announced nothing: the CPU goes on to the next thread.
    cpu.thread = null;
    if (cpu.dispatch !== null) this.setThread(cpu, cpu.dispatch());
  }

  // -- interrupt lines ------------------------------------------------------------------------------

  /** Makes a line pending: its handler may begin when nothing is nested and the CPU is not masked. */
  raise(line: Context): void {
    raiseLine(this, line);
  }

  /** Withdraws a pending line (its work was done by somebody else). */
  lower(line: Context): void {
    lowerLine(this, line);
  }

  /** Opens or closes the CPU for interrupts: the critical count left or reached 0. */
  mask(cpu: Processor, masked: boolean): void {
    maskCpu(this, cpu, masked);
  }

  // -- the loop -------------------------------------------------------------------------------------

  /**
   * Sets up, then runs until nothing is enabled, a failure, or a bound; `atEnd` is judged at quiescence.
   * Called once.
   */
  run(setup: () => void, atEnd: () => void = NOTHING): RunResult {
    try {
      setup();
      this.#loop();
      atEnd();
      return this.#result("passed", null, null);
    } catch (error) {
      if (error instanceof RunFailure) {
        this.thrown = error;
        return this.#result("failed", error.failure, null);
      }
      if (error instanceof Inconclusive) return this.#result("inconclusive", null, error.bound);
      throw error;
    }
  }

  /** For `setup`: runs what there is until nothing is enabled, without a choice (a kernel boots). */
  settle(): void {
    const strategy = this.#strategy;
    const setup = this.current;
    this.#obey(SETTLE);
    this.#loop();
    this.#obey(strategy);
    this.current = setup;
    for (const cpu of this.cpus) cpu.begin(this.now);
    this.settledAt = this.recording.length;
  }

  #loop(): void {
    this.pick();
    while (this.next !== null) this.#step(this.next);
  }

  #step(context: Context): void {
    this.current = context;
    if (context.routine === null) {
      if (context.flushes !== null) {
        flushOldest(this, context, context.flushes);
        return this.pick();
      }
      beginLine(this, context);
    }
    if (resume.call(context.routine as Routine<void>).done !== true) {
      this.owed = NOTHING_OWED;
      return;
    }
    if (this.owed !== NOTHING_OWED) this.missingYield();
    this.#finish(context);
    this.pick();
  }

  #finish(context: Context): void {
    const cpu = context.cpu;
    if (cpu !== null && cpu.nested === context) {
      endLine(this, context, cpu);
      return;
    }
    this.recording.append(packOp(Op.Exit, cpu?.object ?? 0));
    context.life = "done";
    context.pending = 0;
    this.progress();
    disable(this, context);
    if (cpu === null || cpu.thread !== context) return;
    this.setThread(cpu, cpu.dispatch === null ? null : cpu.dispatch());
  }

  #result(outcome: Outcome, failure: Failure | null, bound: Inconclusive["bound"] | null): RunResult {
    const quiet = this.enabled.length === 0;
    const { steps, switches } = this.recording;
    const site: FailureSite | null =
      failure === null
        ? null
        : { step: steps, now: this.now, context: quiet ? null : this.current.name };
    return { outcome, failure, site, bound, steps, switches };
  }
}

/**
 * `next` of every generator. Each generator function has a prototype of its own, so that looking `next` up on a
 * routine is slow as soon as a program has a handful of them.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- it is bound at each call
const resume: Routine<void>["next"] = (function* (): Routine<void> {
  yield SWITCH;
})().next;

const NOTHING = (): void => undefined;

/** Before exploration begins nothing is chosen: the current context goes on, else the lowest. */
const SETTLE: Strategy = {
  name: "settle",
  leasing: true,
  begin: () => true,
  choose: (x, current) => current ?? (x.enabled[0] as Context),
  draw: () => 0,
};
