/**
 * Who read from which write, and in which order writes became visible, in a finished run. The reads-from map (Abdulla, Atig, Jonsson, Lång, Ngo, Sagonas: "Optimal
 * stateless model checking for reads-from equivalence under sequential consistency", OOPSLA 2019), as a 64-bit hash.
 * Taking a mutex is a read of it too, and so is a compare or a try that fails. An event is named by its thread and its
 * number there. With the order of the writes to each object it is the trace of Shasha and Snir ("Efficient and correct
 * execution of parallel programs that share memory", TOPLAS 1988), which is what counts under TSO and PSO (Abdulla,
 * Aronis, Atig, Jonsson, Leonardsson, Sagonas: "Stateless model checking for TSO and PSO", TACAS 2015, section 3): a
 * buffered store is an event of its thread, and when it becomes visible is none.
 */
import {
  Hash64,
  LogReader,
  Op,
  opBuffered,
  opKind,
  opObject,
  opOnlyRead,
  opReads,
  type Execution,
  type LogVisitor,
} from "../sim/index.ts";

/** Events of one thread; a name is thread and number. */
const EVENTS_MAX = 1 << 16;
/** These store without looking. */
const WRITES: ReadonlySet<Op> = new Set<Op>([Op.Store, Op.AtomicStore, Op.Release]);

/** Hashes reads-from maps; used again from run to run. */
export class ReadsFromHasher implements LogVisitor {
  /** By object: the event that wrote it last; 0: none. */
  readonly #writer: number[] = [];
  /** By context: events so far, and the hash of what they read. */
  readonly #events: number[] = [];
  readonly #hashes: Hash64[] = [];
  /** By object: the hash of the order of its writes. */
  readonly #orders: (Hash64 | undefined)[] = [];
  /** Stores that are not visible, oldest first, by context and object. */
  readonly #buffered = new Map<number, number[]>();
  #event = 0;
  #x!: Execution;
  #map = 0n;

  /** The hash of the reads-from map of a finished run. Cost: linear in the log. */
  hash(x: Execution): bigint {
    this.#x = x;
    this.#writer.length = 0;
    this.#orders.length = 0;
    this.#buffered.clear();
    this.#events.length = 0;
    this.#hashes.length = 0;
    new LogReader(x.recording.log, this, x.enabled.length === 0).read();
    const all = new Hash64();
    for (let context = 0; context < x.contexts.length; context++) {
      const { low, high } = this.#hashOf(context);
      all.add(low);
      all.add(high);
    }
    this.#map = all.value;
    return all.value;
  }

  /** The hash of the trace of Shasha and Snir of the run that {@link hash} was asked of last. */
  get trace(): bigint {
    const all = new Hash64();
    all.add(Number(this.#map & 0xffff_ffffn) | 0);
    all.add(Number(this.#map >> 32n) | 0);
    for (let object = 0; object < this.#orders.length; object++) {
      const order = this.#orders[object];
      all.add(order?.low ?? 0);
      all.add(order?.high ?? 0);
    }
    return all.value;
  }

  performed(context: number, word: number): void {
    const object = opObject(word);
    const kind = opKind(word);
    if (kind === Op.Flush) return this.#write(object, this.#oldest(context, object));
    if (kind !== Op.Also) {
      const number = (this.#events[context] ?? 0) + 1;
      this.#events[context] = number;
      this.#event = context * EVENTS_MAX + number;
    }
    if (object === 0) return;
    if (opBuffered(kind)) return this.#own(context, object, opReads(kind));
    if (!WRITES.has(kind)) this.#read(context, this.#writer[object] ?? 0);
    if (!opOnlyRead(word)) this.#write(object, this.#event);
  }

  #read(context: number, from: number): void {
    const hash = this.#hashOf(context);
    hash.add(this.#event);
    hash.add(from);
  }

  #write(object: number, event: number): void {
    this.#writer[object] = event;
    (this.#orders[object] ??= new Hash64()).add(event);
  }

  /** A store into a store buffer, or a load from it. */
  #own(context: number, object: number, loads: boolean): void {
    const key = context * EVENTS_MAX + object;
    const stores = this.#buffered.get(key) ?? [];
    if (loads) return this.#read(context, stores.at(-1) ?? 0);
    stores.push(this.#event);
    this.#buffered.set(key, stores);
  }

  /** The store that a step of a store buffer makes visible. */
  #oldest(flusher: number, object: number): number {
    const owner = this.#x.contexts[flusher]?.flushes?.buffer.owners[0]?.id ?? 0;
    return this.#buffered.get(owner * EVENTS_MAX + object)?.shift() ?? 0;
  }

  started(): void {
    // Nothing is read or written by it.
  }

  #hashOf(context: number): Hash64 {
    while (this.#hashes.length <= context) this.#hashes.push(new Hash64());
    return this.#hashes[context] as Hash64;
  }
}
