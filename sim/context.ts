/**
 * Contexts and processors: what can run, and where.
 *
 * A *context* is anything that can run: a thread, an interrupt line of a CPU while its handler is active, or
 * an agent outside the CPUs (a device, the clock). A *processor* has one thread at most that is current, and
 * one interrupt line at most nested on it. Enabled are, per CPU, the top of that stack, and the pending lines
 * when nothing is nested and the CPU is not masked.
 */
import type { Gate } from "./gate.ts";
import type { Routine } from "./point.ts";
import type { FlushQueue, StoreBuffer } from "./store-buffer.ts";
import type { Turn } from "./turn.ts";

/** Life of a context: never started, started, finished. Nothing returns to an earlier state. */
export type Life = "new" | "live" | "done";

/** How a context is made. */
export interface ContextOptions {
  /** Waiting for ever is its job: it is not counted as stuck at quiescence. Default false. */
  readonly daemon?: boolean;
  /**
   * An agent that stores like a CPU: under TSO and PSO it has a store buffer of its own, in which so many words are
   * expected at a time. Default: none, its stores are visible at once (a device).
   */
  readonly buffered?: number;
}

/** What a context waits for, and who could end that. */
export interface Waiting {
  readonly for: string;
  readonly heldBy: Context | null;
  /** Something outside could end it (a device, a user, a later tick): whoever waits so is not stuck. Default: nothing could. */
  readonly environment?: boolean;
}

/** Anything that can run. Created by {@link Execution}. */
export class Context {
  /** Creation order in this run; the tie-break wherever one is needed. */
  readonly id: number;
  /** Stable name: the spawn path. */
  readonly name: string;
  readonly cpu: Processor | null;
  readonly daemon: boolean;
  readonly body: () => Routine<void>;
  routine: Routine<void> | null = null;
  life: Life = "new";
  /** The announced operation that has not taken effect, packed. */
  pending = 0;
  /** Where it stands in the log. */
  pendingAt = 0;
  /** In the enabled set? Kept by the engine. */
  enabled = false;
  /** The gate this context waits at; null when it does not. */
  gate: Gate | null = null;
  /** The last gate at which it announced an operation, and where that stands in the log, for {@link needed}. */
  gatedBy: Gate | null = null;
  gatedAt = -1;
  /** Where its stores wait until they become visible; null: they are visible at once. */
  buffer: StoreBuffer | null = null;
  /** Its pending operation waits until the {@link buffer} is empty. */
  drains = false;
  /** The stores it makes visible, one a step; null: it is not a part of a store buffer. */
  flushes: FlushQueue | null = null;
  /** Blocked by {@link Execution.block} until {@link Execution.unblock}. */
  blocked = false;
  /** What it waits for, in words, and who could end that: for the report of a stuck run. */
  waitsFor: (() => Waiting) | null = null;
  /** Scratch of the strategy: the priority of the context or of its pending event. */
  priority = 0;
  /** When it last became enabled, ns: in timed mode it does not go on before. */
  readyAt = 0;
  /** Timed mode: in a delay, which nothing ends before its time. */
  delayed = false;
  /** Timed mode: keeps its CPU busy until it goes on. */
  spinning = false;
  /** The reusable step of what this context suspends at. */
  readonly turn: Turn;

  constructor(
    id: number,
    name: string,
    cpu: Processor | null,
    body: () => Routine<void>,
    turn: Turn,
    daemon: boolean,
  ) {
    this.id = id;
    this.name = name;
    this.cpu = cpu;
    this.body = body;
    this.turn = turn;
    this.daemon = daemon;
  }

  /** What its last comparison (`Op.Cmpset`) looked for, or looks for. */
  expected: unknown = undefined;

  /** The gate its pending operation needs to be open, whether it is or not; null: none. */
  get needed(): Gate | null {
    return this.gatedAt === this.pendingAt ? this.gatedBy : null;
  }

  /** True for an interrupt line of a CPU. */
  get isLine(): boolean {
    return this.cpu !== null && this.cpu.lines.includes(this);
  }
}

/** A simulated CPU. */
export class Processor {
  readonly id: number;
  /** The object of critical sections, interrupt begin and end, and thread switches of this CPU. */
  readonly object: number;
  /** The current thread; null when the CPU idles. */
  thread: Context | null = null;
  /** The interrupt line that runs on top of the thread; null when none does. */
  nested: Context | null = null;
  /** Interrupt lines, in begin order of nothing: the strategy picks among the pending ones. */
  readonly lines: Context[] = [];
  /** Pending lines, as a bit per index in {@link lines}. */
  raised = 0;
  /** True while the current thread's critical count is above 0: no line begins. */
  masked = false;
  /** Where the stores of everything that runs on it wait until they become visible; null: they are visible at once. */
  buffer: StoreBuffer | null = null;
  /** Asked for the next thread when the CPU idles and a nested handler has ended. */
  dispatch: (() => Context | null) | null = null;
  /** Timed mode: this CPU is busy until then, ns. */
  busyUntil = 0;
  /** Timed mode: how long it has been busy, ns, spinning included; and how long it has been spinning. */
  busy = 0;
  spun = 0;

  constructor(id: number, object: number) {
    this.id = id;
    this.object = object;
  }

  /** May an interrupt line begin? */
  get value(): boolean {
    return this.nested === null && !this.masked;
  }

  /** What was spent before `now` counts for nothing. */
  begin(now: number): void {
    this.busyUntil = now;
    this.busy = 0;
    this.spun = 0;
  }
}
