/**
 * Race traces: linear stories of what threads did, with the verdict a race detector is known to give, told to the
 * detector of `sim` event by event.
 *
 * What a trace leaves unsaid is filled in like this. Objects that synchronise have memory too: initialising one is a
 * write of it (`m(init)`), using one an atomic load, freeing one a write. A lock that is taken again by its holder
 * publishes when it is given up for the last time; giving up what one does not hold publishes nothing. A `wait` gives up
 * its mutex (`extra`, or else the one the thread took last) and has it again before the next event of its thread; when
 * somebody takes a mutex that is held, its holder must be in a wait that is told only when it returns. Everybody has
 * gone on from a barrier before his next event.
 */
import { RaceDetector, type Order } from "../sim/index.ts";

/** One event of a trace. */
export interface TraceEvent {
  readonly thread: string;
  readonly op: string;
  readonly obj: string;
  readonly extra: string | null;
}

/** What a trace came to. */
export type TraceVerdict =
  /** `at`: the first event that is the second access of a race, from 0 on; null: there is no race. */
  | { readonly at: number | null }
  /** The event that is not understood, and why. */
  | { readonly unsupported: string };

/** Tells a trace to a detector. Never throws. */
export function raceIn(events: readonly TraceEvent[]): TraceVerdict {
  const teller = new Teller();
  for (const [at, event] of events.entries()) {
    const why = teller.tell(event, at);
    if (why !== null) return { unsupported: `event ${String(at)}: ${why}` };
  }
  return { at: teller.firstRace };
}

interface Mutex {
  holder: number;
  depth: number;
}

const NOBODY = -1;
const RANGE = /^([0-9]{1,9}):([0-9]{1,9})$/;
const ORDERS: Readonly<Record<string, Order>> = {
  relaxed: "relaxed",
  consume: "acquire",
  acquire: "acquire",
  release: "release",
  acq_rel: "acq_rel",
  seq_cst: "seq_cst",
};

/** What an event does; answers why it is not understood, or null. */
type Action = (told: Teller, thread: number, obj: string, extra: string | null, at: number) => string | null;

class Teller {
  firstRace: number | null = null;
  readonly detector = new RaceDetector((_object, _first, second) => {
    this.firstRace ??= second.at;
  });
  readonly #numbers = new Map<string, number>();
  readonly #mutexes = new Map<number, Mutex>();
  /** By thread: mutexes it holds, in the order in which it took them, and those it has again before its next event. */
  readonly #held = new Map<number, number[]>();
  readonly #again = new Map<number, number>();

  tell({ thread, op, obj, extra }: TraceEvent, at: number): string | null {
    const action = Object.hasOwn(ACTIONS, op) ? ACTIONS[op] : undefined;
    if (action === undefined) return `there is no op ${JSON.stringify(op)}`;
    const context = this.thread(thread);
    this.#comeBack(context);
    return action(this, context, obj, extra, at);
  }

  /** Threads and objects have numbers of their own kind. */
  thread(name: string): number {
    return this.#number(`thread ${name}`);
  }

  object(name: string): number {
    return this.#number(`object ${name.replace(/\(init\)$/, "")}`);
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }

  /** A thread has left the barrier it was at, and taken back the mutex it waited with. */
  #comeBack(thread: number): void {
    this.detector.goOn(thread);
    const mutex = this.#again.get(thread);
    if (mutex === undefined) return;
    this.#again.delete(thread);
    this.#take(thread, mutex);
  }

  lock(thread: number, mutex: number): void {
    const { holder = NOBODY } = this.#mutexes.get(mutex) ?? {};
    if (holder !== NOBODY && holder !== thread) {
      this.#giveUp(holder, mutex);
      this.#again.set(holder, mutex);
    }
    this.#take(thread, mutex);
  }

  #take(thread: number, mutex: number): void {
    const state = this.#mutexes.get(mutex);
    if (state?.holder === thread) {
      state.depth++;
      return;
    }
    this.#mutexes.set(mutex, { holder: thread, depth: 1 });
    this.#held.set(thread, [...(this.#held.get(thread) ?? []), mutex]);
    this.detector.acquire(thread, mutex);
  }

  unlock(thread: number, mutex: number): void {
    const state = this.#mutexes.get(mutex);
    if (state?.holder !== thread) return;
    if (--state.depth === 0) this.#giveUp(thread, mutex);
  }

  #giveUp(thread: number, mutex: number): void {
    this.#mutexes.set(mutex, { holder: NOBODY, depth: 0 });
    this.#held.set(thread, (this.#held.get(thread) ?? []).filter((held) => held !== mutex));
    this.detector.release(thread, mutex);
  }

  /** Waits on a condition variable; what it waits with is free until its next event. */
  wait(thread: number, named: number | null): void {
    const mutex = named ?? (this.#held.get(thread) ?? []).at(-1);
    if (mutex === undefined) return;
    if (this.#mutexes.get(mutex)?.holder === thread) this.#giveUp(thread, mutex);
    this.#again.set(thread, mutex);
  }
}

/** An access of bytes: all of the object, or `offset:size`. */
const access = (kind: "read" | "write"): Action => (told, thread, obj, extra, at) => {
  if (extra === null) {
    told.detector[kind](thread, told.object(obj), at);
    return null;
  }
  const [, offset, size] = RANGE.exec(extra) ?? [];
  if (offset === undefined || Number(size) === 0) return `${JSON.stringify(extra)} is no offset:size`;
  told.detector[kind](thread, told.object(obj), at, Number(offset), Number(offset) + Number(size));
  return null;
};

const atomic = (kind: "atomicLoad" | "atomicStore" | "atomicUpdate"): Action => (told, thread, obj, extra, at) => {
  const order = extra === null ? "acq_rel" : ORDERS[extra];
  if (order === undefined) return `${JSON.stringify(extra)} is no order`;
  told.detector[kind](thread, told.object(obj), order, at);
  return null;
};

/** A use of an object that synchronises: it touches its memory, and then does what it does. */
const use = (then: (told: Teller, thread: number, object: number, extra: string | null) => void): Action =>
  (told, thread, obj, extra, at) => {
    const object = told.object(obj);
    told.detector.atomicLoad(thread, object, "relaxed", at);
    then(told, thread, object, extra);
    return null;
  };

const between = (what: (told: Teller, thread: number, other: number) => void): Action => (told, thread, obj) => {
  what(told, thread, told.thread(obj));
  return null;
};

const ARRIVE = use((told, thread, barrier) => told.detector.arrive(thread, barrier));
const LOOK = use(() => undefined);

const ACTIONS: Readonly<Record<string, Action>> = {
  spawn: between((told, thread, child) => told.detector.fork(thread, child)),
  join: between((told, thread, child) => told.detector.join(thread, child)),
  detach: () => null,
  read: access("read"),
  write: access("write"),
  aload: atomic("atomicLoad"),
  astore: atomic("atomicStore"),
  rmw: atomic("atomicUpdate"),
  lock: use((told, thread, mutex) => told.lock(thread, mutex)),
  unlock: use((told, thread, mutex) => told.unlock(thread, mutex)),
  rdlock: use((told, thread, mutex) => told.detector.acquireShared(thread, mutex)),
  rdunlock: use((told, thread, mutex) => told.detector.releaseShared(thread, mutex)),
  wait: use((told, thread, _condition, mutex) => told.wait(thread, mutex === null ? null : told.object(mutex))),
  csignal: LOOK,
  // On its way out of the barrier a thread looks at it once more, which nobody waits for.
  barrier: (told, thread, obj, extra, at) => {
    ARRIVE(told, thread, obj, extra, at);
    return LOOK(told, thread, obj, extra, at);
  },
  alloc: (told, thread, obj, _extra, at) => {
    told.detector.allocate(thread, told.object(obj), at);
    return null;
  },
  free: (told, thread, obj, _extra, at) => {
    told.detector.free(thread, told.object(obj), at);
    return null;
  },
};
