/**
 * Timed events in a total order: by time, then by the order in which they were scheduled. A binary heap; a
 * cancelled event stays in it, marked, until it comes up.
 */
import { misuse } from "./failure.ts";

/** A scheduled event; a handle for {@link EventQueue.cancel}. */
export class TimedEvent<T> {
  readonly time: number;
  readonly sequence: number;
  readonly payload: T;
  /** Neither executed nor cancelled. */
  pending = true;

  constructor(time: number, sequence: number, payload: T) {
    this.time = time;
    this.sequence = sequence;
    this.payload = payload;
  }
}

/** What became of everything that was ever scheduled. */
export interface Balance {
  readonly scheduled: number;
  readonly executed: number;
  readonly cancelled: number;
  readonly pending: number;
}

/** Events to come. */
export class EventQueue<T> {
  /** Time of the last event taken, ns; never goes back. */
  now = 0;
  readonly #heap: TimedEvent<T>[] = [];
  #scheduled = 0;
  #executed = 0;
  #cancelled = 0;

  /** Adds an event; `time` is an integer and not in the past. */
  schedule(time: number, payload: T): TimedEvent<T> {
    if (!(time >= this.now) || !Number.isSafeInteger(time)) this.#refuse(time);
    const event = new TimedEvent(time, this.#scheduled++, payload);
    this.#siftUp(event);
    return event;
  }

  /** Withdraws an event; false when it has come already, or was withdrawn. */
  cancel(event: TimedEvent<T>): boolean {
    if (!event.pending) return false;
    event.pending = false;
    this.#cancelled++;
    return true;
  }

  /** Time of the next event; Infinity when there is none. */
  get nextTime(): number {
    const next = this.#first();
    return next === undefined ? Number.POSITIVE_INFINITY : next.time;
  }

  /** Takes the next event and moves {@link now} to its time; null when there is none. */
  take(): T | null {
    const event = this.#first();
    if (event === undefined) return null;
    this.#dropFirst();
    event.pending = false;
    this.now = event.time;
    this.#executed++;
    return event.payload;
  }

  /** The books: scheduled = executed + cancelled + pending. */
  get balance(): Balance {
    const pending = this.#heap.reduce((sum, event) => sum + (event.pending ? 1 : 0), 0);
    return {
      scheduled: this.#scheduled,
      executed: this.#executed,
      cancelled: this.#cancelled,
      pending,
    };
  }

  #refuse(time: number): never {
    return misuse("event-in-the-past", "An event must lie at a whole nanosecond that is not over.", [
      ["expected", `an integer from ${String(this.now)}`],
      ["got", String(time)],
    ]);
  }

  #first(): TimedEvent<T> | undefined {
    let first = this.#heap[0];
    while (first !== undefined && !first.pending) {
      this.#dropFirst();
      first = this.#heap[0];
    }
    return first;
  }

  #siftUp(event: TimedEvent<T>): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as TimedEvent<T>;
      // A new event has the highest sequence number of all: among equals it stays behind.
      if (parent.time <= event.time) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const event = heap.pop() as TimedEvent<T>;
    const { length } = heap;
    if (length === 0) return;
    let at = 0;
    for (let below = 1; below < length; below = 2 * at + 1) {
      let child = heap[below] as TimedEvent<T>;
      if (below + 1 < length && isBefore(heap[below + 1] as TimedEvent<T>, child))
        child = heap[++below] as TimedEvent<T>;
      if (!isBefore(child, event)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = event;
  }
}

const isBefore = (a: TimedEvent<unknown>, b: TimedEvent<unknown>): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
