/** What runs are counted in while they are run: numbers instead of names, flushed once a run. */
import { pairName, type Met, type Runs } from "./coverage.ts";
import { VERBS, verbName } from "./verbs.ts";

/** How two operations met in one run, as bits. */
export const BEFORE = 1;
export const AFTER = 2;
export const OVERLAPPED = 4;
/** On this object they cannot overlap. Holds for the run only if it holds for every object of the class. */
export const GUARDED = 8;
/** A pair of operations came together on some object without a common lock. */
const UNGUARDED = 16;

/** Operations are below this: kinds of contexts are few. */
const OPERATIONS_MAX = 1 << 16;

/** Kinds of contexts by number. */
export class Kinds {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(kind: string): number {
    const known = this.#numbers.get(kind);
    if (known !== undefined) return known;
    const made = this.#names.push(kind) - 1;
    this.#numbers.set(kind, made);
    return made;
  }

  /** `netisr store`. */
  operationName(operation: number): string {
    return `${this.#names[Math.trunc(operation / VERBS)] ?? ""} ${verbName(operation % VERBS)}`;
  }
}

/** The number of an operation: a kind of context and a verb. */
export const operationOf = (kind: number, verb: number): number => kind * VERBS + verb;

/** One class of objects. */
export class ClassTally {
  readonly #operations = new Map<number, number>();
  readonly #pairs = new Map<number, { -readonly [K in keyof Met]: Met[K] }>();
  readonly #inRun = new Set<number>();
  readonly #metInRun = new Map<number, number>();

  /** The operation occurred in this run. */
  occurred(operation: number): void {
    this.#inRun.add(operation);
  }

  /** Two operations met in this run; `bits` says how, from the point of view of `a`. */
  met(a: number, b: number, bits: number): void {
    const swapped = a > b;
    const key = swapped ? b * OPERATIONS_MAX + a : a * OPERATIONS_MAX + b;
    const guard = (bits & (BEFORE | AFTER)) !== 0 && (bits & GUARDED) === 0 ? UNGUARDED : 0;
    const seen = (swapped ? mirror(bits) : bits) | guard;
    this.#metInRun.set(key, (this.#metInRun.get(key) ?? 0) | seen);
  }

  /** The run is over: it counts once. */
  flush(): void {
    for (const operation of this.#inRun) this.#operations.set(operation, (this.#operations.get(operation) ?? 0) + 1);
    for (const [key, bits] of this.#metInRun) {
      let met = this.#pairs.get(key);
      if (met === undefined) this.#pairs.set(key, (met = { before: 0, after: 0, overlapped: 0, unguarded: 0 }));
      if ((bits & BEFORE) !== 0) met.before++;
      if ((bits & AFTER) !== 0) met.after++;
      if ((bits & OVERLAPPED) !== 0) met.overlapped++;
      if ((bits & UNGUARDED) !== 0) met.unguarded++;
    }
    this.#inRun.clear();
    this.#metInRun.clear();
  }

  /** Runs in which each operation occurred. */
  operations(kinds: Kinds): Runs {
    return Object.fromEntries([...this.#operations].map(([operation, runs]) => [kinds.operationName(operation), runs]));
  }

  /** How pairs met. Two of the same operation have one order only, which is `before`. */
  orders(kinds: Kinds): Readonly<Record<string, Met>> {
    return Object.fromEntries([...this.#pairs].map(([key, met]) => {
      const a = kinds.operationName(Math.trunc(key / OPERATIONS_MAX));
      const b = kinds.operationName(key % OPERATIONS_MAX);
      if (a === b) return [pairName(a, b), { ...met, before: Math.max(met.before, met.after), after: 0 }];
      return a < b ? [pairName(a, b), met] : [pairName(b, a), { ...met, before: met.after, after: met.before }];
    }));
  }
}

const mirror = (bits: number): number =>
  (bits & (OVERLAPPED | GUARDED)) | ((bits & BEFORE) !== 0 ? AFTER : 0) | ((bits & AFTER) !== 0 ? BEFORE : 0);
