/** Families of programs whose numbers of traces are known: the benchmarks of the literature on this reduction. */
import type { Execution } from "../../execution.ts";
import type { Program } from "../../explorer.ts";
import { Struct, atomic, type Atomic } from "../../memory.ts";
import type { Routine } from "../../point.ts";

class Words extends Struct {
  readonly cells: readonly Atomic<number>[];

  constructor(x: Execution, length: number) {
    super(x, "words");
    this.cells = Array.from({ length }, () => atomic(this, 0));
  }

  at(i: number): Atomic<number> {
    return this.cells[i] as Atomic<number>;
  }
}

const program = (words: number, threads: number, body: (w: Words, thread: number) => Routine<void>): Program => ({
  setup(x) {
    const w = new Words(x, words);
    for (let i = 0; i < threads; i++) x.spawn(`t${String(i)}`, () => body(w, i));
  },
});

/** One thread writes a word, `n` read it: 2^n traces. */
export const readers = (n: number): Program => program(1, n + 1, readerOrWriter);

function* readerOrWriter(w: Words, thread: number): Routine<void> {
  if (thread === 0) yield* w.at(0).store(1);
  else yield* w.at(0).load();
}

/** One thread looks for the last zero, `n` make their word one larger than the one before: (n + 3) 2^(n - 2) traces. */
export const lastZero = (n: number): Program => program(n + 1, n + 1, (w, thread) => (thread === 0 ? scan(w, n) : grow(w, thread)));

function* scan(w: Words, n: number): Routine<void> {
  let i = n;
  while ((yield* w.at(i).load()) !== 0) i--;
}

function* grow(w: Words, j: number): Routine<void> {
  const value = yield* w.at(j - 1).load();
  yield* w.at(j).store(value + 1);
}

/** Each of `n` threads writes its own word, then reads all: 3, 22, 349, 11106 traces. */
export const writeThenReadAll = (n: number): Program => program(n, n, writeAndRead);

function* writeAndRead(w: Words, thread: number): Routine<void> {
  yield* w.at(thread).store(1);
  for (let i = 0; i < w.cells.length; i++) yield* w.at(i).load();
}

const TABLE = 128;

/** `n` threads insert 4 messages each into a hash table: 8 traces for 12, 4096 for 15. */
export const indexer = (n: number): Program => program(TABLE, n, insertMessages);

function* insertMessages(w: Words, thread: number): Routine<void> {
  for (let i = 0; i < 4; i++) {
    const message = 11 * i + thread;
    let hash = (7 * message) % TABLE;
    while (!(yield* w.at(hash).cmpset(0, message))) hash = (hash + 1) % TABLE;
  }
}
