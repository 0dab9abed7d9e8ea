/**
 * One run of one schedule: the step loop, the enabled set, the recording, quiescence.
 *
 * A primitive calls {@link Execution.point} *before* its effect. True: the same context goes on, the primitive
 * performs its effect and returns {@link Execution.ready}. False: another context was chosen, the primitive
 * returns a step that suspends first and performs the effect when it is resumed. The cost of a point does
 * not grow with idle CPUs or threads: the enabled set is maintained, not recomputed. A strategy may grant a
 * *lease*: the current context then goes on for so many points without being asked, unless the enabled set
 * changes.
 */
import { Context, Processor, type ContextOptions } from "./context.ts";
import { Inconclusive, RunFailure, misuse, type Failure, type FailureSite } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { CONTEXTS_MAX, DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Access, type Cell } from "./memory.ts";
import { OBJECT_MAX, Op, RESULT_BIT, packOp } from "./operation.ts";
import { PARKED, type Point, type Routine, type Step } from "./point.ts";
import type { Recording } from "./recording.ts";
import type { Strategy } from "./strategy.ts";

/** How a run ended. */
export type Outcome = "passed" | "failed" | "inconclusive";

/** What a run says of itself. */
export interface RunResult {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  readonly site: FailureSite | null;
  readonly bound: Inconclusive["bound"] | null;
  /** Operations announced. */
  readonly steps: number;
  /** Times another context was resumed. */
  readonly switches: number;
}

const NOTHING_OWED = 0;
const READY_OWED = 1;
const PARK_OWED = 2;

/** The step of a primitive whose effect has already happened. One per execution, reused. */
class Ready implements IterableIterator<Point, unknown, void> {
  readonly #x: Execution;
  readonly result: IteratorReturnResult<unknown> = { done: true, value: undefined };

  constructor(x: Execution) {
    this.#x = x;
  }
  [Symbol.iterator](): this {
    return this;
  }
  next(): IteratorResult<Point, unknown> {
    this.#x.owed = NOTHING_OWED;
    return this.result;
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** The step of a point without an effect. One per execution, shared by all contexts. */
class Park implements IterableIterator<Point, undefined, void> {
  readonly #x: Execution;

  constructor(x: Execution) {
    this.#x = x;
  }
  [Symbol.iterator](): this {
    return this;
  }
  next(): IteratorResult<Point, undefined> {
    return this.#x.parked() ? PARKED : DONE;
  }
}

/** One run. Everything mutable hangs off it; it is made anew for each run and then dropped. */
export class Execution {
  readonly recording: Recording;
  readonly limits: Limits;
  readonly cpus: Processor[] = [];
  readonly contexts: Context[] = [];
  /** Contexts that may go next, by ascending id. Strategies read it, the engine alone writes it. */
  readonly enabled: Context[] = [];
  /** The context whose step is running. Outside a step: the one that ran last. */
  current: Context;
  /** Points the current context may pass without asking the strategy. */
  lease = 0;
  /** 0 nothing; 1 a ready step, 2 a parked one was handed out and not yet consumed by `yield*`. */
  owed = NOTHING_OWED;
  /** Virtual time, ns. Moves only by transitions of clock contexts (timed mode: by the strategy). */
  now = 0;
  /** Sees every value written to a cell; null outside replays for a report. */
  tracer: ((cell: Cell<unknown>, before: unknown, after: unknown) => void) | null = null;
  /** Registered objects by number, for names; index 0 is "no object". */
  readonly objects: object[] = [NO_OBJECT];

  #strategy: Strategy;
  #next: Context | null = null;
  #priming = false;
  readonly #ready = new Ready(this);
  readonly #park = new Park(this);

  constructor(strategy: Strategy, recording: Recording, limits: Limits = DEFAULT_LIMITS) {
    this.#strategy = strategy;
    this.recording = recording;
    this.limits = limits;
    recording.reset(limits);
    this.current = this.#context("setup", null, NO_BODY, { daemon: true });
  }

  // -- making things --------------------------------------------------------------------------------

  /** Gives an object its number in this run (allocation order). Throws `Misuse` past {@link OBJECT_MAX}. */
  register(object: object): number {
    const id = this.objects.push(object) - 1;
    if (id > OBJECT_MAX) misuse("too-many-objects", `more than ${String(OBJECT_MAX)} objects`);
    return id;
  }

  /** Adds a CPU. */
  processor(): Processor {
    const cpu = new Processor(this.cpus.length, 0);
    (cpu as { object: number }).object = this.register(cpu);
    this.cpus.push(cpu);
    return cpu;
  }

  /** A thread that does not run yet: {@link setThread} or a switch makes it current on its CPU. */
  thread(
    name: string,
    cpu: Processor,
    body: () => Routine<void>,
    options: ContextOptions = {},
  ): Context {
    return this.#context(name, cpu, body, options);
  }

  /** A context outside the CPUs (a device, the clock, a thread of a plain program); runs from now on. */
  spawn(name: string, body: () => Routine<void>, options: ContextOptions = {}): Context {
    const context = this.#context(name, null, body, options);
    this.#start(context);
    this.#refresh(context);
    return context;
  }

  /** An interrupt line of a CPU; `body` makes the handler of one activation. */
  line(name: string, cpu: Processor, body: () => Routine<void>): Context {
    const line = this.#context(name, cpu, body, { daemon: true });
    line.pending = packOp(Op.Begin, cpu.object);
    cpu.lines.push(line);
    return line;
  }

  #context(
    name: string,
    cpu: Processor | null,
    body: () => Routine<void>,
    options: ContextOptions,
  ): Context {
    const id = this.contexts.length;
    if (id >= CONTEXTS_MAX) misuse("too-many-contexts", `more than ${String(CONTEXTS_MAX)}`);
    const context = new Context(id, name, cpu, body, new Access(this), options.daemon ?? false);
    this.contexts.push(context);
    return context;
  }

  // -- points ---------------------------------------------------------------------------------------

  /**
   * Announces an operation of the current context. True: go on and perform it now. False: another context
   * was chosen; return a step that suspends before it performs the effect.
   */
  point(word: number): boolean {
    if (this.owed !== NOTHING_OWED) this.#missingYield();
    const context = this.current;
    context.pending = word;
    context.pendingAt = this.recording.append(word);
    if (this.lease > 0) {
      this.lease--;
      return true;
    }
    return this.#decide(context);
  }

  /** {@link point} for an acquisition that is enabled only while `gate` is free. */
  pointAtGate(word: number, gate: Gate): boolean {
    if (gate.owner === null) {
      if (this.point(word)) return true;
      this.current.gate = gate;
      gate.waiters.push(this.current);
      return false;
    }
    if (this.owed !== NOTHING_OWED) this.#missingYield();
    const context = this.current;
    context.pending = word;
    context.pendingAt = this.recording.append(word);
    context.gate = gate;
    gate.waiters.push(context);
    this.#disable(context);
    this.#park2(null);
    return false;
  }

  /** Names one more object of the operation just announced (a token set, an exit and its wakeup). */
  also(object: number): void {
    this.recording.append(packOp(Op.Also, object));
  }

  /** A point that touches `object` (0: nothing) and has no effect of its own. */
  pause(kind: Op, object = 0): Step<void> {
    return this.point(packOp(kind, object)) ? this.ready(undefined) : this.suspended();
  }

  /** The step to return when {@link point} said true and the effect is done. */
  ready<T>(value: T): Step<T> {
    this.owed = READY_OWED;
    this.#ready.result.value = value;
    return this.#ready as unknown as Step<T>;
  }

  /** The step to return when {@link point} said false and there is no effect to perform on resumption. */
  suspended(): Step<void> {
    return this.#park as unknown as Step<void>;
  }

  /** For reusable steps: true on their first `next` (suspend now), false on resumption. */
  parked(): boolean {
    if (this.owed !== PARK_OWED) return false;
    this.owed = NOTHING_OWED;
    return true;
  }

  /** Marks the operation that is taking effect as successful (a try that got the lock, a cmpset that swapped). */
  succeeded(): void {
    this.recording.mark(this.current.pendingAt, RESULT_BIT);
  }

  /** A data choice in `[0, n)`; 0 is the benign answer, which shrinking prefers. Not a point. */
  draw(n: number): number {
    const value = n > 1 ? this.#strategy.draw(this, n) : 0;
    this.recording.draw(value);
    return value;
  }

  /** Tells the no-progress bound that something useful happened. */
  progress(): void {
    this.recording.progress();
  }

  #decide(context: Context): boolean {
    if (this.#priming) {
      this.owed = PARK_OWED;
      return false;
    }
    const enabled = this.enabled;
    const next = enabled.length === 1 ? context : this.#strategy.choose(this, context);
    if (next === context) return true;
    this.recording.choice(next.id);
    this.#next = next;
    this.owed = PARK_OWED;
    return false;
  }

  /** Suspends the current context, which is no longer enabled, unless a first point is being primed. */
  #park2(next: Context | null): void {
    this.owed = PARK_OWED;
    if (!this.#priming) this.#next = next ?? this.#pick();
  }

  #pick(): Context | null {
    const enabled = this.enabled;
    if (enabled.length === 0) return null;
    const first = enabled[0] as Context;
    if (enabled.length === 1) return first;
    const next = this.#strategy.choose(this, null);
    if (next !== first) this.recording.choice(next.id);
    return next;
  }

  #missingYield(): never {
    this.owed = NOTHING_OWED;
    return misuse(
      "missing-yield",
      `${this.current.name} dropped the result of a primitive: no other context was given its turn.`,
      [["remedy", "write `yield*` before the call"]],
    );
  }

  // -- blocking and switching -----------------------------------------------------------------------

  /**
   * Suspends the current agent until {@link unblock}. `word` is the operation it performs when it comes back.
   */
  block(word: number): Step<void> {
    if (this.owed !== NOTHING_OWED) this.#missingYield();
    const context = this.current;
    context.pending = word;
    context.pendingAt = this.recording.append(word);
    context.blocked = true;
    this.#disable(context);
    this.#park2(null);
    return this.suspended();
  }

  /** Ends a {@link block}; harmless when the context is not blocked. */
  unblock(context: Context): void {
    if (!context.blocked) return;
    context.blocked = false;
    this.#refresh(context);
  }

  /**
   * The current thread leaves its CPU to `next` (null: the CPU idles) and is suspended until it is made
   * current again. Announce the switch with a point before deciding on `next`.
   */
  switchTo(next: Context | null): Step<void> {
    if (this.owed !== NOTHING_OWED) this.#missingYield();
    const context = this.current;
    const cpu = context.cpu;
    if (cpu === null || cpu.thread !== context || cpu.nested !== null)
      return misuse("switch-off-cpu", `${context.name} switches but is not the current thread`);
    const word = packOp(Op.Resume, cpu.object);
    context.pending = word;
    context.pendingAt = this.recording.append(word);
    this.setThread(cpu, next);
    this.#park2(null);
    return this.suspended();
  }

  /** Makes `next` the current thread of an idle or yielding CPU, starting it if it never ran. */
  setThread(cpu: Processor, next: Context | null): void {
    const old = cpu.thread;
    if (old === next) return;
    cpu.thread = next;
    if (old !== null) this.#refresh(old);
    if (next === null) return;
    if (next.life === "new") this.#start(next);
    this.#refresh(next);
  }

  /** Runs a context up to its first point: a start is no step. */
  #start(context: Context): void {
    const outer = this.current;
    const outerPriming = this.#priming;
    const outerOwed = this.owed;
    this.owed = NOTHING_OWED;
    this.lease = 0;
    this.current = context;
    this.#priming = true;
    this.recording.prime(context.id);
    context.life = "live";
    context.routine = context.body();
    const first = context.routine.next();
    if (first.done === true) {
      context.life = "done";
      if (context.cpu !== null) context.cpu.thread = null;
    }
    this.#priming = outerPriming;
    this.owed = outerOwed;
    this.current = outer;
    this.recording.primed(context.id);
  }

  // -- interrupt lines ------------------------------------------------------------------------------

  /** Makes a line pending: its handler may begin when nothing is nested and the CPU is not masked. */
  raise(line: Context): void {
    const cpu = line.cpu;
    if (cpu === null) return;
    const bit = 1 << cpu.lines.indexOf(line);
    if ((cpu.raised & bit) !== 0) return;
    cpu.raised |= bit;
    line.readyAt = this.now;
    if (line.cpu?.nested !== line) this.#refresh(line);
  }

  /** Withdraws a pending line (its work was done by somebody else). */
  lower(line: Context): void {
    const cpu = line.cpu;
    if (cpu === null) return;
    cpu.raised &= ~(1 << cpu.lines.indexOf(line));
    if (cpu.nested !== line) this.#refresh(line);
  }

  /** Opens or closes the CPU for interrupts: the critical count left or reached 0. */
  mask(cpu: Processor, masked: boolean): void {
    if (cpu.masked === masked) return;
    cpu.masked = masked;
    if (cpu.raised !== 0) for (const line of cpu.lines) this.#refresh(line);
  }

  #begin(line: Context): void {
    const cpu = line.cpu as Processor;
    cpu.raised &= ~(1 << cpu.lines.indexOf(line));
    cpu.nested = line;
    line.life = "live";
    line.routine = line.body();
    for (const other of cpu.lines) this.#refresh(other);
    if (cpu.thread !== null) this.#refresh(cpu.thread);
  }

  #end(line: Context, cpu: Processor): void {
    this.recording.append(packOp(Op.End, cpu.object));
    cpu.nested = null;
    line.routine = null;
    line.life = "new";
    line.pending = packOp(Op.Begin, cpu.object);
    if (cpu.thread === null && cpu.dispatch !== null) this.setThread(cpu, cpu.dispatch());
    else if (cpu.thread !== null) this.#refresh(cpu.thread);
    for (const other of cpu.lines) this.#refresh(other);
  }

  // -- the enabled set ------------------------------------------------------------------------------

  #mayRun(context: Context): boolean {
    if (context.life === "done" || context.blocked) return false;
    if (context.gate !== null && context.gate.owner !== null) return false;
    const cpu = context.cpu;
    if (cpu === null) return true;
    if (cpu.nested !== null) return cpu.nested === context;
    if (cpu.thread === context) return true;
    if (cpu.masked || cpu.raised === 0) return false;
    const index = cpu.lines.indexOf(context);
    return index >= 0 && (cpu.raised & (1 << index)) !== 0;
  }

  #refresh(context: Context): void {
    const may = this.#mayRun(context);
    if (may === context.enabled) return;
    if (may) this.#enable(context);
    else this.#disable(context);
  }

  #enable(context: Context): void {
    if (context.enabled) return;
    context.enabled = true;
    this.lease = 0;
    const enabled = this.enabled;
    let i = enabled.length;
    enabled.push(context);
    while (i > 0) {
      const before = enabled[i - 1] as Context;
      if (before.id < context.id) break;
      enabled[i] = before;
      i--;
    }
    enabled[i] = context;
  }

  #disable(context: Context): void {
    if (!context.enabled) return;
    context.enabled = false;
    this.lease = 0;
    this.enabled.splice(this.enabled.indexOf(context), 1);
  }

  /** The gate was released: its waiters may go. Called by {@link Gate}. */
  openGate(gate: Gate): void {
    for (const waiter of gate.waiters) this.#refresh(waiter);
  }

  /** The gate was taken by the current context: the other waiters may not go. Called by {@link Gate}. */
  closeGate(gate: Gate): void {
    const at = gate.waiters.indexOf(this.current);
    if (at >= 0) {
      gate.waiters.splice(at, 1);
      this.current.gate = null;
    }
    for (const waiter of gate.waiters) this.#refresh(waiter);
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
      if (error instanceof RunFailure) return this.#result("failed", error.failure, null);
      if (error instanceof Inconclusive) return this.#result("inconclusive", null, error.bound);
      throw error;
    }
  }

  /** For `setup`: runs what there is until nothing is enabled, without a choice (a kernel boots). */
  settle(): void {
    const strategy = this.#strategy;
    const setup = this.current;
    this.#strategy = SETTLE;
    this.#loop();
    this.#strategy = strategy;
    this.current = setup;
  }

  #loop(): void {
    let next = this.#pick();
    while (next !== null) next = this.#step(next);
  }

  #step(context: Context): Context | null {
    this.recording.switched(context.id);
    this.current = context;
    if (context.routine === null) this.#begin(context);
    const { done } = (context.routine as Routine<void>).next();
    if (done !== true) {
      this.owed = NOTHING_OWED;
      return this.#next;
    }
    if (this.owed !== NOTHING_OWED) this.#missingYield();
    this.#finish(context);
    return this.#pick();
  }

  #finish(context: Context): void {
    const cpu = context.cpu;
    if (cpu !== null && cpu.nested === context) {
      this.#end(context, cpu);
      return;
    }
    this.recording.append(packOp(Op.Exit, cpu?.object ?? 0));
    context.life = "done";
    context.pending = 0;
    this.#disable(context);
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

const NOTHING = (): void => undefined;
const NO_OBJECT = { label: "nothing" };
const NO_BODY = (): Routine<void> => misuse("setup-context", "the setup context has no routine");

/** Before exploration begins nothing is chosen: the current context goes on, else the lowest. */
const SETTLE: Strategy = {
  name: "settle",
  begin: () => true,
  choose: (x, current) => current ?? (x.enabled[0] as Context),
  draw: () => 0,
};
