/**
 * Traces in which two stores of the same value into a word commute, as inserts of equal rows do in Concuerror: coarser than
 * Mazurkiewicz traces. As a 64-bit hash, made like that of `sim/trace-class.ts`: a store depends on everything before it but
 * the stores of its value that stand directly before it on the word, with no look at the word between.
 */
import { Hash64, LogReader, Op, opKind, opObject, opOnlyRead, type Execution, type LogVisitor } from "../sim/index.ts";
import type { Compiled } from "./compile.ts";

/** What an event on an object depends on. */
class ObjectState {
  /** Everything before the open stores. */
  readonly before = new Hash64();
  /** The open stores: their value, and the sum of their hashes; null: none are open. */
  value: number | null = null;
  low = 0;
  high = 0;
  /** The sum of the hashes of looks after the open stores. */
  lookedLow = 0;
  lookedHigh = 0;
  looked = false;

  /** From now on nothing commutes with what was open. */
  close(): void {
    for (const half of [this.low, this.high, this.lookedLow, this.lookedHigh]) this.before.add(half);
    this.value = null;
    this.low = 0;
    this.high = 0;
    this.lookedLow = 0;
    this.lookedHigh = 0;
    this.looked = false;
  }
}

/** Hashes one run after the other. */
export class EqualWritesHasher implements LogVisitor {
  readonly #program: Compiled;
  #contexts: Hash64[] = [];
  #objects: (ObjectState | undefined)[] = [];
  /** By context: stores so far. */
  #stores: number[] = [];

  constructor(program: Compiled) {
    this.#program = program;
  }

  /** The hash of a finished run of the program. Cost: linear in the log. */
  hash(x: Execution): bigint {
    this.#contexts = x.contexts.map(() => new Hash64());
    this.#objects = [];
    this.#stores = x.contexts.map(() => 0);
    new LogReader(x.recording.log, this, x.enabled.length === 0).read();
    const all = new Hash64();
    for (const { low, high } of this.#contexts) {
      all.add(low);
      all.add(high);
    }
    return all.value;
  }

  performed(context: number, word: number): void {
    const hash = this.#contexts[context] as Hash64;
    const object = opObject(word);
    const kind = opKind(word);
    hash.add(word - object);
    if (object === 0) return;
    const state = (this.#objects[object] ??= new ObjectState());
    if (opOnlyRead(word)) return look(state, hash);
    const nth = this.#stores[context] as number;
    if (kind === Op.Store) this.#stores[context] = nth + 1;
    store(state, hash, kind === Op.Store ? this.#program.stored(context - 1, nth) : null);
  }

  started(): void {
    // A start is no step.
  }
}

function look(state: ObjectState, hash: Hash64): void {
  for (const half of [state.before.low, state.before.high, state.low, state.high]) hash.add(half);
  state.lookedLow = (state.lookedLow + hash.low) | 0;
  state.lookedHigh = (state.lookedHigh + hash.high) | 0;
  state.looked = true;
}

/** `value` null: it commutes with nothing. */
function store(state: ObjectState, hash: Hash64, value: number | null): void {
  if (value === null || state.looked || value !== state.value) state.close();
  hash.add(state.before.low);
  hash.add(state.before.high);
  state.value = value;
  state.low = (state.low + hash.low) | 0;
  state.high = (state.high + hash.high) | 0;
}
