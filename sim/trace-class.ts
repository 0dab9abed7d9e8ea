/**
 * The Mazurkiewicz trace of a finished run as a 64-bit hash: two runs have the same hash when one turns into the other
 * by swapping neighbouring steps that do not depend on each other (Mazurkiewicz: "Trace theory", 1987), up to
 * collisions.
 *
 * An event is hashed with the event before it in its context and, for each object it touches, with the last event that
 * changed the object, and with the looks at it since then if it changes the object itself. So the hash of the last event
 * of a context stands for everything that happened before, and those of all contexts for the trace. Neither objects nor
 * places in the run occur in it: which object an event touches follows from what happened before it.
 */
import type { Execution } from "./execution.ts";
import { Hash64 } from "./hash.ts";
import { LogReader, type LogVisitor } from "./log-reader.ts";
import { Op, RESULT_BIT, opBuffered, opKind, opObject, opOnlyRead } from "./operation.ts";

const FIRST_SIZE = 32;

/** A table of 64-bit values, in two halves. */
class Halves {
  low = new Int32Array(FIRST_SIZE);
  high = new Int32Array(FIRST_SIZE);

  /** Makes room for an index. */
  fit(index: number): void {
    if (index < this.low.length) return;
    const size = Math.max(index + 1, this.low.length * 2);
    this.low = grown(this.low, size);
    this.high = grown(this.high, size);
  }

  clear(): void {
    this.low.fill(0);
    this.high.fill(0);
  }

  set(index: number, low: number, high: number): void {
    this.low[index] = low;
    this.high[index] = high;
  }

  add(index: number, low: number, high: number): void {
    this.low[index] = (this.low[index] as number) + low;
    this.high[index] = (this.high[index] as number) + high;
  }
}

function grown(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size);
  to.set(from);
  return to;
}

/** Hashes traces; used again from run to run, so that it allocates next to nothing. */
export class TraceHasher implements LogVisitor {
  /** By context: the hash of its last event. */
  readonly #contexts = new Halves();
  readonly #known: boolean[] = [];
  /** By context: how many it has started. */
  readonly #children: number[] = [];
  /** By object: the hash of the last event that changed it, and the sum of those that looked at it since. */
  readonly #changed = new Halves();
  readonly #looked = new Halves();
  readonly #hash = new Hash64();
  /** The event that is being read: its context, -1: none, and its operations. */
  #context = -1;
  readonly #words: number[] = [];
  #drawPlaces: readonly number[] = [];
  #drawsTaken = 0;
  #from = 0;

  /** The hash of a finished run. Cost: linear in the log. */
  hash(x: Execution): bigint {
    this.#reset(x);
    new LogReader(x.recording.log, this, x.enabled.length === 0).read();
    this.#finish(Number.POSITIVE_INFINITY);
    let low = 0;
    let high = 0;
    for (let context = 0; context < this.#known.length; context++) {
      if (this.#known[context] !== true) continue;
      low = (low + (this.#contexts.low[context] as number)) | 0;
      high = (high + (this.#contexts.high[context] as number)) | 0;
    }
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }

  #reset(x: Execution): void {
    this.#contexts.clear();
    this.#changed.clear();
    this.#looked.clear();
    this.#known.length = 0;
    this.#children.length = 0;
    this.#words.length = 0;
    this.#context = -1;
    this.#drawPlaces = x.recording.drawPlaces;
    this.#drawsTaken = 0;
    this.#from = x.settledAt;
  }

  performed(context: number, word: number, _at: number, now: number): void {
    if (now < this.#from) return;
    if (opKind(word) === Op.Also) {
      if (this.#context >= 0) this.#words.push(word & ~RESULT_BIT);
      return;
    }
    this.#finish(now);
    this.#context = context;
    this.#words.push(word);
  }

  started(parent: number, child: number): void {
    const nth = this.#children[parent] ?? 0;
    this.#children[parent] = nth + 1;
    this.#name(child, parent, nth);
  }

  /** A context is who was started how-manieth by whom. */
  #name(context: number, parent: number, nth: number): void {
    const hash = this.#hash;
    this.#contexts.fit(context);
    hash.set(0, 0);
    if (parent >= 0) {
      hash.add(this.#contexts.low[parent] as number);
      hash.add(this.#contexts.high[parent] as number);
    }
    hash.add(nth);
    this.#contexts.set(context, hash.low, hash.high);
    while (this.#known.length <= context) this.#known.push(false);
    this.#known[context] = true;
  }

  /** The event that was read is complete: everything until `now` belongs to it. */
  #finish(now: number): void {
    const context = this.#context;
    const words = this.#words;
    if (context < 0) return;
    if (this.#known[context] !== true) this.#name(context, -1, context);
    const hash = this.#hash;
    hash.set(this.#contexts.low[context] as number, this.#contexts.high[context] as number);
    for (let i = 0; i < words.length; i++) this.#takeAccess(words[i] as number);
    this.#takeDraws(now);
    for (let i = 0; i < words.length; i++) this.#tell(words[i] as number, hash.low, hash.high);
    this.#contexts.set(context, hash.low, hash.high);
    this.#context = -1;
    words.length = 0;
  }

  #takeAccess(word: number): void {
    const hash = this.#hash;
    const object = opObject(word);
    hash.add(word - object);
    if (object === 0 || opBuffered(opKind(word))) return;
    this.#changed.fit(object);
    this.#looked.fit(object);
    hash.add(this.#changed.low[object] as number);
    hash.add(this.#changed.high[object] as number);
    if (opOnlyRead(word)) return;
    hash.add(this.#looked.low[object] as number);
    hash.add(this.#looked.high[object] as number);
  }

  #tell(word: number, low: number, high: number): void {
    const object = opObject(word);
    if (object === 0 || opBuffered(opKind(word))) return;
    if (opOnlyRead(word)) return this.#looked.add(object, low, high);
    this.#changed.set(object, low, high);
    this.#looked.set(object, 0, 0);
  }

  /** Data choices made in an event are part of it. */
  #takeDraws(now: number): void {
    const places = this.#drawPlaces;
    while (this.#drawsTaken < places.length && (places[this.#drawsTaken] as number) <= now) {
      this.#hash.add(places[this.#drawsTaken + 1] as number);
      this.#hash.add(places[this.#drawsTaken + 2] as number);
      this.#drawsTaken += 3;
    }
  }
}
