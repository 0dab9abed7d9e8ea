/**
 * The orders of one run: for every object, which operations of different contexts came before which, and which fell
 * into one another. An operation overlaps another when
 *
 *   it was announced and waited for its turn while the other took effect,
 *   it found a lock held, or waited for it, that the other had entered,
 *   it stored a word between the load and the store of the other's update,
 *   it is an interrupt that was sent while the thread it interrupts was in the other, a critical section.
 *
 * Two operations that are always performed under a common lock are guarded: they cannot overlap.
 */
import { Op, opKind, opObject, type Context, type Execution } from "../sim/index.ts";
import { classOf } from "./names.ts";
import { AFTER, BEFORE, ClassTally, GUARDED, OVERLAPPED, operationOf } from "./tally.ts";
import { Verb, makePair, verbOf } from "./verbs.ts";

/** What one context did to an object in one way: its first and its last time, as places in the log. */
interface Touch {
  readonly context: number;
  readonly verb: number;
  readonly operation: number;
  first: number;
  last: number;
  /** Locks the context held every time. */
  locks: readonly number[];
}

/** A lock or critical section that was left: by whom it had been entered, and when. */
interface Closed {
  readonly by: Touch;
  readonly from: number;
  readonly to: number;
}

class Touched {
  readonly tally: ClassTally;
  readonly touches: Touch[] = [];
  /** What took effect on it, in order; the end of a section counts for the touch that began it. */
  readonly events: Touch[] = [];
  readonly times: number[] = [];
  holder: Touch | null = null;
  heldSince = 0;
  closed: Closed | null = null;
  /** When what nobody has received yet was sent. */
  readonly sent: number[] = [];

  constructor(tally: ClassTally) {
    this.tally = tally;
  }

  /** The touches that took effect after `time`, latest first. */
  *since(time: number): Generator<Touch, void, void> {
    for (let i = this.times.length - 1; i >= 0 && (this.times[i] as number) > time; i--) yield this.events[i] as Touch;
  }

  happened(touch: Touch, now: number): void {
    this.events.push(touch);
    this.times.push(now);
  }

  /** What the context did last here. */
  lastOf(context: number): Touch | null {
    let last: Touch | null = null;
    for (const touch of this.touches) {
      if (touch.context === context && (last === null || touch.last > last.last)) last = touch;
    }
    return last;
  }
}

/** Counts the orders of one run into the tallies of their classes. Made for each run. */
export class OrderPass {
  readonly #x: Execution;
  readonly #tallies: Map<string, ClassTally>;
  /** By number of a context: its kind. */
  readonly #kinds: readonly number[];
  readonly #touched = new Map<number, Touched>();
  /** By context: the locks it holds. */
  readonly #held = new Map<number, number[]>();

  constructor(x: Execution, tallies: Map<string, ClassTally>, kinds: readonly number[]) {
    this.#x = x;
    this.#tallies = tallies;
    this.#kinds = kinds;
  }

  /** An operation announced at `at` took effect at `now`. */
  performed(context: number, word: number, at: number, now: number): void {
    const verb = verbOf(word);
    if (verb === Verb.None) return;
    const object = opObject(word);
    const touched = this.#touchedBy(object);
    if (verb === Verb.Exit) return this.#leave(touched, context, object, now);
    if (verb === Verb.Receive) this.#received(touched, context);
    const before = isPlainStore(word) ? touched.lastOf(context) : null;
    const touch = this.#touch(touched, context, verb, now);
    if (at < now) for (const other of touched.since(at)) overlap(touched, other, touch);
    if (verb === Verb.FindsHeld && touched.holder !== null) overlap(touched, touched.holder, touch);
    if (before !== null && before.verb === Verb.Load) this.#updated(touched, touch, before.last);
    touched.happened(touch, now);
    if (verb === Verb.Enter || verb === Verb.CritEnter) {
      touched.holder = touch;
      touched.heldSince = now;
      if (verb === Verb.Enter) this.#heldBy(context).push(object);
    } else if (verb === Verb.Send) {
      touched.sent.push(now);
    }
  }

  /** The run is over. Cost: for each object, the square of the ways it was touched in. */
  finish(): void {
    const tallies = new Set<ClassTally>();
    for (const { tally, touches } of this.#touched.values()) {
      tallies.add(tally);
      for (let i = 0; i < touches.length; i++) {
        const a = touches[i] as Touch;
        tally.occurred(a.operation);
        for (let j = i + 1; j < touches.length; j++) order(tally, a, touches[j] as Touch);
      }
    }
    for (const tally of tallies) tally.flush();
  }

  /** What stored between the load and the store of an update fell into it. */
  #updated(touched: Touched, touch: Touch, from: number): void {
    for (const other of touched.since(from)) if (other.verb !== Verb.Load) overlap(touched, other, touch);
  }

  /** An interrupt runs what was sent to its CPU: was that while a critical section of the CPU was open? */
  #received(touched: Touched, number: number): void {
    const sent = touched.sent.shift();
    const context = this.#x.contexts[number] as Context;
    if (sent === undefined || context.cpu === null || !context.isLine) return;
    const cpu = this.#touchedBy(context.cpu.object);
    const begun = cpu.lastOf(number);
    if (cpu.closed === null || begun === null) return;
    if (cpu.closed.from < sent && sent < cpu.closed.to) overlap(cpu, cpu.closed.by, begun);
  }

  #touch(touched: Touched, context: number, verb: Verb, now: number): Touch {
    for (const touch of touched.touches) {
      if (touch.context !== context || touch.verb !== verb) continue;
      touch.last = now;
      if (touch.locks.length > 0) touch.locks = common(touch.locks, this.#heldBy(context));
      return touch;
    }
    const operation = operationOf(this.#kinds[context] ?? 0, verb);
    const made: Touch = { context, verb, operation, first: now, last: now, locks: [...this.#heldBy(context)] };
    touched.touches.push(made);
    return made;
  }

  #leave(touched: Touched, context: number, object: number, now: number): void {
    const held = this.#heldBy(context);
    const at = held.lastIndexOf(object);
    if (at >= 0) held.splice(at, 1);
    const { holder } = touched;
    if (holder === null || holder.context !== context) return;
    touched.closed = { by: holder, from: touched.heldSince, to: now };
    touched.happened(holder, now);
    touched.holder = null;
  }

  #heldBy(context: number): number[] {
    const known = this.#held.get(context);
    if (known !== undefined) return known;
    const made: number[] = [];
    this.#held.set(context, made);
    return made;
  }

  #touchedBy(object: number): Touched {
    const known = this.#touched.get(object);
    if (known !== undefined) return known;
    const name = classOf(this.#x.objects[object] as object);
    let tally = this.#tallies.get(name);
    if (tally === undefined) this.#tallies.set(name, (tally = new ClassTally()));
    const made = new Touched(tally);
    this.#touched.set(object, made);
    return made;
  }
}

/** A store of a word whose load, if there was one just before, was the other half of an update. */
function isPlainStore(word: number): boolean {
  const kind = opKind(word);
  return kind === Op.Store || kind === Op.AtomicStore;
}

const common = (a: readonly number[], b: readonly number[]): readonly number[] => a.filter((lock) => b.includes(lock));

function overlap({ tally }: Touched, a: Touch, b: Touch): void {
  if (a.context !== b.context && makePair(a.verb, b.verb)) tally.met(a.operation, b.operation, OVERLAPPED);
}

function order(tally: ClassTally, a: Touch, b: Touch): void {
  if (a.context === b.context || !makePair(a.verb, b.verb)) return;
  const guarded = a.locks.length > 0 && common(a.locks, b.locks).length > 0;
  const orders = (a.first < b.last ? BEFORE : 0) | (b.first < a.last ? AFTER : 0);
  tally.met(a.operation, b.operation, orders | (guarded ? GUARDED : 0));
}
