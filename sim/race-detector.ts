/**
 * The race detector: told what contexts do, in an order in which it can have happened, it answers which accesses
 * nothing orders. It is precise for that execution: what it tells is a race, and the first race there is gets told
 * (Flanagan, Freund: "FastTrack", PLDI 2009). It knows nothing of logs or programs; whoever tells it what happened
 * numbers contexts and objects, and the places at which things happen.
 *
 * Atomic accesses follow C11 (5.1.2.4, 7.17.3, with the release sequences of C++20 [intro.races]): a store begins a
 * release sequence or, relaxed, ends the one there was, a read-modify-write continues it; a fence makes the relaxed
 * stores behind it release, and the relaxed loads before it acquire. Consume counts as acquire; the total order of
 * sequentially consistent accesses is that in which they are told, and makes no edge of its own.
 */
import { Clock } from "./clocks.ts";
import { Shadow, Touch, WHOLE, type Access } from "./shadow.ts";

/** How an atomic access or a fence orders. Of a load only the acquiring half counts, of a store the releasing one. */
export type Order = "relaxed" | "acquire" | "release" | "acq_rel" | "seq_cst";

/** Is told of a race: `second` is the access that was just told, `first` one before that nothing orders. */
export type OnRace = (object: number, first: Access, second: Access) => void;

/** One generation of a barrier. */
interface Generation {
  readonly clock: Clock;
  /** Somebody went on: whoever arrives now is of the next one. */
  left: boolean;
}

/**
 * One for each execution. Contexts and objects are small numbers of the caller's; a lock, a queue and an atomic word are
 * objects like any other. `at`: the place of an access, for reports only. Memory: a clock for each context and each
 * object that publishes.
 * @example
 * import { RaceDetector } from "interlock/sim";
 *
 * const races: string[] = [];
 * const detector = new RaceDetector((object, first, second) => races.push(`${object}: ${first.at} and ${second.at}`));
 * detector.fork(0, 1);
 * detector.fork(0, 2);
 * detector.write(1, 7, 2);
 * detector.release(1, 8);
 * detector.acquire(2, 8);
 * detector.write(2, 7, 5); // ordered: 2 took what 1 released
 * detector.read(0, 7, 6);
 * races; // => ["7: 5 and 6"]
 */
export class RaceDetector {
  readonly #onRace: OnRace;
  readonly #contexts: (Clock | undefined)[] = [];
  readonly #published: (Clock | undefined)[] = [];
  /** What was published by those that shared a lock: for who takes it alone. */
  readonly #shared: (Clock | undefined)[] = [];
  readonly #shadows: (Shadow | undefined)[] = [];
  readonly #generations: (Generation | undefined)[] = [];
  /** By context: the generation in which it arrived and has not gone on. */
  readonly #arrived: (Generation | undefined)[] = [];
  /** By context: what its relaxed loads read, for an acquiring fence. */
  readonly #loose: (Clock | undefined)[] = [];
  /** By context: what it knew at its last releasing fence. */
  readonly #fenced: (Clock | undefined)[] = [];

  constructor(onRace: OnRace) {
    this.#onRace = onRace;
  }

  // -- contexts -------------------------------------------------------------------------------------

  /** What `parent` has done is before everything `child` does. */
  fork(parent: number, child: number): void {
    const clock = this.#clockOf(parent);
    this.#clockOf(child).join(clock);
    clock.tick(parent);
  }

  /** What `child` has done is before everything `parent` does from now on. Detaching one makes no edge. */
  join(parent: number, child: number): void {
    const clock = this.#clockOf(child);
    this.#clockOf(parent).join(clock);
    clock.tick(child);
  }

  // -- locks, queues, barriers ----------------------------------------------------------------------

  /** Takes over what the object holds: a lock is taken alone, a message received. */
  acquire(context: number, object: number): void {
    const published = this.#published[object];
    const shared = this.#shared[object];
    if (published === undefined && shared === undefined) return;
    const clock = this.#clockOf(context);
    if (published !== undefined) clock.join(published);
    if (shared !== undefined) clock.join(shared);
  }

  /** Adds to what the object holds: a lock is given up, a message sent. */
  release(context: number, object: number): void {
    const clock = this.#clockOf(context);
    (this.#published[object] ??= new Clock()).join(clock);
    clock.tick(context);
  }

  /** A lock is taken with others: after those that had it alone only. */
  acquireShared(context: number, object: number): void {
    const published = this.#published[object];
    if (published !== undefined) this.#clockOf(context).join(published);
  }

  /** A lock that was shared is given up: before whoever has it alone later. */
  releaseShared(context: number, object: number): void {
    const clock = this.#clockOf(context);
    (this.#shared[object] ??= new Clock()).join(clock);
    clock.tick(context);
  }

  /** Arrives at a barrier, and waits there. */
  arrive(context: number, barrier: number): void {
    let generation = this.#generations[barrier];
    if (generation === undefined || generation.left) {
      generation = this.#generations[barrier] = { clock: new Clock(), left: false };
    }
    const clock = this.#clockOf(context);
    generation.clock.join(clock);
    clock.tick(context);
    this.#arrived[context] = generation;
  }

  /** Goes on behind the barrier it arrived at: after everybody who arrived in its generation. */
  goOn(context: number): void {
    const generation = this.#arrived[context];
    if (generation === undefined) return;
    this.#arrived[context] = undefined;
    generation.left = true;
    this.#clockOf(context).join(generation.clock);
  }

  // -- atomic accesses ------------------------------------------------------------------------------

  /** An atomic load, also one of a compare-and-set that failed. */
  atomicLoad(context: number, object: number, order: Order, at: number, from = 0, to = WHOLE): void {
    // What it synchronises with is before itself too.
    this.#takeOver(context, object, order);
    this.#touch(Touch.AtomicLoad, context, object, at, from, to);
  }

  /** An atomic store: it replaces what the word held. */
  atomicStore(context: number, object: number, order: Order, at: number, from = 0, to = WHOLE): void {
    this.#touch(Touch.AtomicStore, context, object, at, from, to);
    this.replace(context, object, order);
  }

  /** What {@link atomicStore} publishes, for words that nobody accesses plainly. */
  replace(context: number, object: number, order: Order): void {
    const published = this.#published[object];
    if (published !== undefined) published.clear();
    this.#publish(context, object, order);
  }

  /** An atomic read-modify-write: it adds to what the word held. */
  atomicUpdate(context: number, object: number, order: Order, at: number, from = 0, to = WHOLE): void {
    this.#takeOver(context, object, order);
    this.#touch(Touch.AtomicStore, context, object, at, from, to);
    this.#publish(context, object, order);
  }

  /** A memory fence. */
  fence(context: number, order: Order): void {
    const clock = this.#clockOf(context);
    const loose = this.#loose[context];
    if (acquires(order) && loose !== undefined) {
      clock.join(loose);
      loose.clear();
    }
    if (!releases(order)) return;
    (this.#fenced[context] ??= new Clock()).assign(clock);
    clock.tick(context);
  }

  #takeOver(context: number, object: number, order: Order): void {
    const published = this.#published[object];
    if (published === undefined) return;
    if (acquires(order)) this.#clockOf(context).join(published);
    else (this.#loose[context] ??= new Clock()).join(published);
  }

  #publish(context: number, object: number, order: Order): void {
    if (releases(order)) return this.release(context, object);
    const fenced = this.#fenced[context];
    if (fenced !== undefined) (this.#published[object] ??= new Clock()).join(fenced);
  }

  // -- plain accesses -------------------------------------------------------------------------------

  /** A plain load of the whole object, or of its bytes `from` to `to` (the end not included). */
  read(context: number, object: number, at: number, from = 0, to = WHOLE): void {
    this.#touch(Touch.Load, context, object, at, from, to);
  }

  /** A plain store of the whole object, or of its bytes `from` to `to` (the end not included). */
  write(context: number, object: number, at: number, from = 0, to = WHOLE): void {
    this.#touch(Touch.Store, context, object, at, from, to);
  }

  /** The object comes into being, with memory that nobody has touched: a write to the whole of it. */
  allocate(context: number, object: number, at: number): void {
    this.#shadows[object] = undefined;
    this.write(context, object, at);
  }

  /** The object is freed: a write to the whole of it. */
  free(context: number, object: number, at: number): void {
    this.write(context, object, at);
  }

  #touch(touch: Touch, context: number, object: number, at: number, from: number, to: number): void {
    const clock = this.#clockOf(context);
    const shadow = (this.#shadows[object] ??= new Shadow());
    const racing = shadow.take(touch, context, clock, at, from, to);
    if (racing !== null) this.#tell(object, racing, { context, count: clock.of(context), at });
  }

  #tell(object: number, racing: readonly Access[], second: Access): void {
    for (const first of racing) this.#onRace(object, first, second);
  }

  #clockOf(context: number): Clock {
    return this.#contexts[context] ?? this.#newClock(context);
  }

  #newClock(context: number): Clock {
    const clock = new Clock();
    clock.tick(context);
    this.#contexts[context] = clock;
    return clock;
  }
}

const acquires = (order: Order): boolean => order !== "relaxed" && order !== "release";
const releases = (order: Order): boolean => order !== "relaxed" && order !== "acquire";
