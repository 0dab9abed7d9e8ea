/**
 * How often each mark of the lines of the C was passed, and by which kinds of contexts. The counting build calls {@link hit};
 * the usual one has nobody who does.
 *
 * The counters belong to the process, not to a run: a mark is a plain statement that has no execution at hand. Nothing that a
 * run does depends on them.
 */
import type { Context, Execution } from "../sim/index.ts";
import { MARK_KEYS } from "./mark-keys.ts";
import { kindOf } from "./names.ts";

/** Numbers by kind of context. */
type Kinds = Readonly<Record<string, number>>;

/** By key of a mark ({@link markKey}): how often it was passed. Marks that were not are left out. */
export type LineHits = Readonly<Record<string, Kinds>>;

/** Nothing was passed. */
export const NO_HITS: LineHits = {};

/** Kinds of contexts there may be. */
const KINDS_MOST = 32;

/** Sees which context passes the marks of a key. */
export type MarkWatcher = (key: string, context: Context) => void;

class Counters {
  readonly counts = new Float64Array(MARK_KEYS.length * KINDS_MOST);
  readonly kinds: string[] = [];
  x: Execution | null = null;
  /** Of the contexts of this run. */
  kindOfContext: number[] = [];
  /** Is told of every mark as it is passed. */
  watcher: MarkWatcher | null = null;

  numberOf(kind: string): number {
    const known = this.kinds.indexOf(kind);
    if (known >= 0) return known;
    return this.kinds.length < KINDS_MOST ? this.kinds.push(kind) - 1 : KINDS_MOST - 1;
  }
}

const COUNTERS = new Counters();

/** Is this the counting build? */
export const COUNTING = MARK_KEYS.length > 0;

/** A mark is passed. */
export function hit(id: number): void {
  const { x, counts, kindOfContext } = COUNTERS;
  if (x === null) return;
  const { current } = x;
  const kind = (kindOfContext[current.id] ??= COUNTERS.numberOf(kindOf(current)));
  const at = id * KINDS_MOST + kind;
  counts[at] = (counts[at] ?? 0) + 1;
  COUNTERS.watcher?.(MARK_KEYS[id] ?? "", current);
}

/** Runs something while a watcher is told of every mark that the run of `x` passes, and counts nothing of it. */
export function watchingMarks<T>(watcher: MarkWatcher, what: () => T): T {
  const { counts } = COUNTERS;
  const before = counts.slice();
  COUNTERS.watcher = watcher;
  try {
    return what();
  } finally {
    COUNTERS.watcher = null;
    endHits();
    counts.set(before);
  }
}

/** A run begins that counts. */
export function beginHits(x: Execution): void {
  COUNTERS.x = x;
  COUNTERS.kindOfContext = [];
}

/** It is over: what is replayed does not count. */
export function endHits(): void {
  COUNTERS.x = null;
}

/** What was counted since this was last called. */
export function takeHits(): LineHits {
  const { counts, kinds } = COUNTERS;
  const taken = MARK_KEYS.flatMap((key, id) => {
    const found = kinds.flatMap((kind, i) => {
      const count = counts[id * KINDS_MOST + i] ?? 0;
      return count === 0 ? [] : [[kind, count] as const];
    });
    return found.length === 0 ? [] : [[key, Object.fromEntries(found)] as const];
  });
  counts.fill(0);
  return Object.fromEntries(taken);
}

/** Both. */
export function addHits(a: LineHits, b: LineHits): LineHits {
  const sum = new Map(Object.entries(a));
  for (const [key, kinds] of Object.entries(b)) sum.set(key, addKinds(sum.get(key) ?? {}, kinds));
  return Object.fromEntries(sum);
}

function addKinds(a: Kinds, b: Kinds): Kinds {
  const sum = new Map(Object.entries(a));
  for (const [kind, count] of Object.entries(b)) sum.set(kind, (sum.get(kind) ?? 0) + count);
  return Object.fromEntries(sum);
}
