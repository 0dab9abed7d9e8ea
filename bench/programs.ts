/** The programs of the exploration benchmark, written against the engine alone. */
import {
  Gate,
  Op,
  Struct,
  atomic,
  guardedBy,
  packOp,
  word,
  type Atomic,
  type Context,
  type Execution,
  type Guarded,
  type Routine,
  type Word,
} from "../sim/index.ts";

/** P1: two threads, a counter behind one lock, 100 increments each; points before lock and unlock. */
export function lockedCounter(x: Execution): void {
  const counter = new Counter(x, "counter");
  x.spawn("a", () => increment(counter));
  x.spawn("b", () => increment(counter));
}

class Counter extends Struct {
  readonly lock = new Gate(this.x, "lock");
  readonly value: Guarded<number> = guardedBy(this, this.lock, 0);
}

function* increment(counter: Counter): Routine<void> {
  for (let i = 0; i < 100; i++) {
    yield* counter.lock.acquire();
    counter.value.held = counter.value.held + 1;
    yield* counter.lock.release();
  }
}

/** Four threads, 50 loads and stores of a plain word each, behind one lock: for the race check. */
export function lockedWords(x: Execution): void {
  const { lock, value } = new LockedWord(x, "locked");
  for (let i = 0; i < 4; i++) x.spawn("t", () => incrementWord(lock, value));
}

class LockedWord extends Struct {
  readonly lock = new Gate(this.x, "lock");
  readonly value: Word<number> = word(this, 0);
}

function* incrementWord(lock: Gate, value: Word<number>): Routine<void> {
  for (let i = 0; i < 50; i++) {
    yield* lock.acquire();
    yield* value.store((yield* value.load()) + 1);
    yield* lock.release();
  }
}

/** P2: four threads, 50 atomic operations each on one of four words; thread i, operation j: word (i + j) mod 4. */
export function atomicWords(x: Execution): void {
  const { words } = new Words(x, "words");
  for (let i = 0; i < 4; i++) x.spawn("t", () => addToWords(words, i));
}

class Words extends Struct {
  readonly words: readonly Atomic<number>[] = [0, 0, 0, 0].map(() => atomic(this, 0));
}

function* addToWords(words: readonly Atomic<number>[], i: number): Routine<void> {
  for (let j = 0; j < 50; j++) yield* (words[(i + j) & 3] as Atomic<number>).add(1);
}

/** P3: a bounded buffer of 4 behind a mutex and two conditions; two producers, two consumers, 10 items a producer. */
export function boundedBuffer(x: Execution): void {
  const buffer = new Buffer(x, "buffer");
  x.spawn("producer 0", () => produce(buffer, 10));
  x.spawn("producer 1", () => produce(buffer, 10));
  x.spawn("consumer 0", () => consume(buffer, 10));
  x.spawn("consumer 1", () => consume(buffer, 10));
}

const CAPACITY = 4;

class Buffer extends Struct {
  readonly mutex = new Gate(this.x, "mutex");
  readonly length: Guarded<number> = guardedBy(this, this.mutex, 0);
  readonly notFull = new Condition(this.x, this.mutex);
  readonly notEmpty = new Condition(this.x, this.mutex);
}

/** A condition variable on a sleep queue. */
class Condition {
  readonly x: Execution;
  readonly mutex: Gate;
  readonly object: number;
  readonly sleepers: Context[] = [];

  constructor(x: Execution, mutex: Gate) {
    this.x = x;
    this.mutex = mutex;
    this.object = x.register(this);
  }
}

/** Queues itself before the mutex is free, so that no wakeup is lost. */
function* wait(condition: Condition): Routine<void> {
  const { x, mutex, object, sleepers } = condition;
  yield* x.pause(Op.Interlock, object);
  sleepers.push(x.current);
  yield* mutex.release();
  if (sleepers.includes(x.current)) yield* x.block(packOp(Op.Sleep, object));
  yield* mutex.acquire();
}

function* wakeAll(condition: Condition): Routine<void> {
  const { x, object, sleepers } = condition;
  yield* x.pause(Op.Wakeup, object);
  for (const sleeper of sleepers) x.unblock(sleeper);
  sleepers.length = 0;
}

function* produce(buffer: Buffer, items: number): Routine<void> {
  for (let i = 0; i < items; i++) {
    yield* buffer.mutex.acquire();
    while (buffer.length.held === CAPACITY) yield* wait(buffer.notFull);
    buffer.length.held = buffer.length.held + 1;
    yield* wakeAll(buffer.notEmpty);
    yield* buffer.mutex.release();
  }
}

function* consume(buffer: Buffer, items: number): Routine<void> {
  for (let i = 0; i < items; i++) {
    yield* buffer.mutex.acquire();
    while (buffer.length.held === 0) yield* wait(buffer.notEmpty);
    buffer.length.held = buffer.length.held - 1;
    yield* wakeAll(buffer.notFull);
    yield* buffer.mutex.release();
  }
}
