/**
 * Who read from which write, in a finished run: the reads-from map (Abdulla, Atig, Jonsson, Lång, Ngo, Sagonas: "Optimal
 * stateless model checking for reads-from equivalence under sequential consistency", OOPSLA 2019), as a 64-bit hash.
 * Taking a mutex is a read of it too, and so is a compare or a try that fails. An event is named by its thread and its
 * number there.
 */
import { Hash64, LogReader, Op, opKind, opObject, opOnlyRead, type Execution, type LogVisitor } from "../sim/index.ts";

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
  #event = 0;

  /** The hash of a finished run. Cost: linear in the log. */
  hash(x: Execution): bigint {
    this.#writer.length = 0;
    this.#events.length = 0;
    this.#hashes.length = 0;
    new LogReader(x.recording.log, this, x.enabled.length === 0).read();
    const all = new Hash64();
    for (let context = 0; context < x.contexts.length; context++) {
      const { low, high } = this.#hashOf(context);
      all.add(low);
      all.add(high);
    }
    return all.value;
  }

  performed(context: number, word: number): void {
    const object = opObject(word);
    const kind = opKind(word);
    if (kind !== Op.Also) {
      const number = (this.#events[context] ?? 0) + 1;
      this.#events[context] = number;
      this.#event = context * EVENTS_MAX + number;
    }
    if (object === 0) return;
    if (!WRITES.has(kind)) {
      const hash = this.#hashOf(context);
      hash.add(this.#event);
      hash.add(this.#writer[object] ?? 0);
    }
    if (!opOnlyRead(word)) this.#writer[object] = this.#event;
  }

  started(): void {
    // Nothing is read or written by it.
  }

  #hashOf(context: number): Hash64 {
    while (this.#hashes.length <= context) this.#hashes.push(new Hash64());
    return this.#hashes[context] as Hash64;
  }
}
