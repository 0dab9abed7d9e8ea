/**
 * Store buffers. Under TSO a CPU has one queue of stores that nobody else sees yet (Sewell, Sarkar, Owens, Zappa
 * Nardelli, Myreen: "x86-TSO: a rigorous and usable programmer's model for x86 multiprocessors", CACM 2010, section
 * 3.2); under PSO it has one for each word ("The SPARC Architecture Manual, version 8", appendix K.2). That the oldest
 * store of a queue becomes visible is a step of a context of its own, so that every strategy chooses when, and every
 * recording says so.
 *
 * Which context flushes which word under PSO follows from what the CPU did since its buffer was last drained, in this
 * order, and not from what the others did meanwhile: contexts keep their meaning from one schedule to the next.
 */
import type { Context } from "./context.ts";
import { refresh } from "./enabled.ts";
import type { Execution } from "./execution.ts";
import type { MemoryModel } from "./memory-model.ts";
import { Op, opKind, opObject, packOp } from "./operation.ts";

/** A cell that can be stored into from a buffer. */
export interface Storable {
  /** Its number in the recording. */
  readonly object: number;
  /** A buffered store becomes visible. */
  arrive(value: unknown): void;
}

/** A store that is not visible yet. */
export interface Store {
  readonly cell: Storable;
  readonly value: unknown;
  /** Store fences before it. */
  readonly fences: number;
  /** How long the log was when it was made. */
  readonly at: number;
}

/** Stores that become visible in this order, by the steps of one context. */
export class FlushQueue {
  readonly buffer: StoreBuffer;
  readonly context: Context;
  /** The word it is for; null: for none, or for all. */
  cell: Storable | null = null;
  readonly stores: Store[] = [];

  constructor(buffer: StoreBuffer, context: Context) {
    this.buffer = buffer;
    this.context = context;
    context.flushes = this;
    context.life = "live";
    context.blocked = true;
  }

  /** How long the log was when the store was made that is flushed next; -1: there is none. */
  get issuedAt(): number {
    return this.stores[0]?.at ?? -1;
  }
}

/** The stores of one CPU, or of an agent, that nobody else sees yet. */
export class StoreBuffer {
  readonly label: string;
  /** Whose stores go into it: the threads and lines of a CPU, or an agent. */
  readonly owners: Context[] = [];
  /** Numbers of the contexts that flush it. */
  readonly flushers: number[] = [];
  readonly #x: Execution;
  readonly #perWord: boolean;
  readonly #newContext: (name: string) => Context;
  /** Everything in it, oldest first. */
  readonly #stores: Store[] = [];
  readonly #queues: FlushQueue[] = [];
  /** Under PSO: queues given to a word since the buffer was drained. */
  #used = 0;
  #fences = 0;

  /** `words`: how many words are expected in it at a time, which contexts are made for at once. */
  constructor(x: Execution, memory: MemoryModel, label: string, words: number, newContext: (name: string) => Context) {
    this.label = label;
    this.#x = x;
    this.#perWord = memory === "pso";
    this.#newContext = newContext;
    for (let i = this.#perWord ? words : 1; i > 0; i--) this.#addQueue();
  }

  get isEmpty(): boolean {
    return this.#stores.length === 0;
  }

  /** The last store into a cell that is not visible yet; null: there is none. Cost: linear in the stores. */
  newest(cell: object): Store | null {
    for (let i = this.#stores.length - 1; i >= 0; i--) {
      const store = this.#stores[i] as Store;
      if (store.cell === cell) return store;
    }
    return null;
  }

  /** The current context stores. */
  push(cell: Storable, value: unknown): void {
    const store = { cell, value, fences: this.#fences, at: this.#x.recording.length };
    this.#stores.push(store);
    const queue = this.#queueOf(cell);
    queue.stores.push(store);
    if (queue.stores.length === 1) this.#announce(queue);
    this.#tellInterrupted(cell);
  }

  /** What is in it becomes visible before what is stored from now on. */
  fence(): void {
    this.#fences++;
  }

  /** It is empty, and the order in which words get their queues starts anew. */
  drained(): void {
    for (let i = 0; i < this.#used; i++) (this.#queues[i] as FlushQueue).cell = null;
    this.#used = 0;
  }

  /** The oldest store of a queue becomes visible. */
  flush(queue: FlushQueue): void {
    const store = queue.stores.shift() as Store; // its context is enabled only while there is one
    this.#stores.splice(this.#stores.indexOf(store), 1);
    store.cell.arrive(store.value);
    for (let i = 0; i < this.#queues.length; i++) this.#announce(this.#queues[i] as FlushQueue);
    this.#tellOwners(store.cell);
  }

  #queueOf(cell: Storable): FlushQueue {
    if (!this.#perWord) return this.#queues[0] as FlushQueue;
    for (let i = 0; i < this.#used; i++) {
      const queue = this.#queues[i] as FlushQueue;
      if (queue.cell === cell) return queue;
    }
    const queue = this.#queues[this.#used] ?? this.#addQueue();
    this.#used++;
    queue.cell = cell;
    return queue;
  }

  #addQueue(): FlushQueue {
    const number = this.#perWord ? ` ${String(this.#queues.length)}` : "";
    const queue = new FlushQueue(this, this.#newContext(`${this.label} store buffer${number}`));
    this.#queues.push(queue);
    this.flushers.push(queue.context.id);
    return queue;
  }

  /** A queue whose first store is behind no fence may be flushed. */
  #announce({ context, stores }: FlushQueue): void {
    const first = stores[0];
    context.blocked = first === undefined || first.fences !== this.#stores[0]?.fences;
    if (first !== undefined) context.pending = packOp(Op.Flush, first.cell.object);
    refresh(this.#x, context);
  }

  /** After a store by what runs on top of a thread: the thread's pending load takes it, its pending fence waits. */
  #tellInterrupted({ object }: Storable): void {
    for (const context of this.owners) {
      if (context === this.#x.current) continue;
      this.#rename(context, object, FORWARDED);
      if (context.drains) refresh(this.#x, context);
    }
  }

  /** After a flush: a pending load that took the store takes what is visible; a pending fence may go. */
  #tellOwners(cell: Storable): void {
    const visible = this.newest(cell) === null;
    for (const context of this.owners) {
      if (visible) this.#rename(context, cell.object, DIRECT);
      if (context.drains) refresh(this.#x, context);
    }
  }

  /** A pending load turns into another kind of load. */
  #rename(context: Context, object: number, kinds: ReadonlyMap<Op, Op>): void {
    if (context.life !== "live" || opObject(context.pending) !== object) return;
    const kind = kinds.get(opKind(context.pending));
    if (kind === undefined) return;
    context.pending = packOp(kind, object);
    this.#x.recording.words[context.pendingAt] = context.pending;
  }

}

const FORWARDED: ReadonlyMap<Op, Op> = new Map<Op, Op>([[Op.Load, Op.Forward], [Op.Peek, Op.ForwardPeek]]);
const DIRECT: ReadonlyMap<Op, Op> = new Map<Op, Op>([[Op.Forward, Op.Load], [Op.ForwardPeek, Op.Peek]]);

/** A step of a store buffer. */
export function flushOldest(x: Execution, context: Context, queue: FlushQueue): void {
  context.pendingAt = x.recording.append(context.pending);
  x.observer?.announced(context, context.pending, context.pendingAt);
  queue.buffer.flush(queue);
}
