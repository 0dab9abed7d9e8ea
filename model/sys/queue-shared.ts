/**
 * TAILQ of plain words: a list that is changed and walked by who likes, without a lock. Links, head and tail are words
 * of their own, so that what C loads and stores, and in which order, is what happens here: two insertions at once
 * may lose an element, and a walker may step onto one that was freed.
 *
 * Mirrors: sys/sys/queue.h TAILQ_*. As in C, `tqh_last` and `tqe_prev` are the address of the word that points to the
 * element behind.
 */
import { Struct, UNWRITTEN, word, type Routine, type Step, type Word } from "../../sim/index.ts";

/** The word of a head or an element that points to the next element. */
export type Link<T> = Word<T | null>;

/** `TAILQ_ENTRY`: the links of an element, uninitialised until it is inserted. The element's `bury` buries them too. */
export class SharedEntry<T> extends Struct {
  readonly tqe_next: Link<T>;
  readonly tqe_prev: Word<Link<T>>;

  constructor(owner: Struct) {
    super(owner.x, owner.label);
    this.tqe_next = word<T | null>(this, UNWRITTEN);
    this.tqe_prev = word<Link<T>>(this, UNWRITTEN);
  }
}

/** `TAILQ_HEAD`, as `TAILQ_INIT` leaves it. `entry` says which field of an element holds its links. */
export class SharedTailq<T> extends Struct {
  readonly tqh_first: Link<T>;
  readonly tqh_last: Word<Link<T>>;
  readonly entry: (elm: T) => SharedEntry<T>;

  constructor(owner: Struct, label: string, entry: (elm: T) => SharedEntry<T>) {
    super(owner.x, label);
    this.tqh_first = word<T | null>(this, null);
    this.tqh_last = word<Link<T>>(this, this.tqh_first);
    this.entry = entry;
  }

  /** From first to last, for properties: no points, no checks. At most `most` of them: the list may be broken. */
  peek(most = 1000): readonly T[] {
    const all: T[] = [];
    for (let elm = this.tqh_first.peek(); elm !== null && all.length < most; elm = this.entry(elm).tqe_next.peek()) {
      all.push(elm);
    }
    return all;
  }
}

/** `TAILQ_FIRST`. Context: any. Holds: nothing. Blocks: no. */
export function* tailq_first<T>(head: SharedTailq<T>): Routine<T | null> {
  return yield* head.tqh_first.load();
}

/** `TAILQ_NEXT`. Context: any. Holds: nothing. Blocks: no. */
export function* tailq_next<T>(head: SharedTailq<T>, elm: T): Routine<T | null> {
  return yield* head.entry(elm).tqe_next.load();
}

/** `TAILQ_INSERT_TAIL`. Context: any. Holds: nothing. Blocks: no. */
export function* tailq_insert_tail<T>(head: SharedTailq<T>, elm: T): Routine<void> {
  const { tqe_next, tqe_prev } = head.entry(elm);
  yield* tqe_next.store(null);
  yield* tqe_prev.store(yield* head.tqh_last.load());
  yield* storeThrough(yield* head.tqh_last.load(), elm);
  yield* head.tqh_last.store(tqe_next);
}

/** `TAILQ_REMOVE`. The removed element keeps its own links. Context: any. Holds: nothing. Blocks: no. */
export function* tailq_remove<T>(head: SharedTailq<T>, elm: T): Routine<void> {
  const { tqe_next, tqe_prev } = head.entry(elm);
  const next = yield* tqe_next.load();
  if (next !== null) yield* head.entry(next).tqe_prev.store(yield* tqe_prev.load());
  else yield* head.tqh_last.store(yield* tqe_prev.load());
  yield* storeThrough(yield* tqe_prev.load(), yield* tqe_next.load());
}

/** `*link = elm`. */
const storeThrough = <T>(link: Link<T>, elm: T | null): Step<void> => link.store(elm);
