/** Cells whose accesses are points: words, atomic words, published fields, statistics. */
import { Cell, UNWRITTEN, cellName, guardViolation, type Grave, type Stored, type Struct } from "./cell.ts";
import type { Processor } from "./context.ts";
import { fail } from "./failure.ts";
import type { Guard } from "./gate.ts";
import { Op, packOp } from "./operation.ts";
import type { Step } from "./point.ts";
import type { Effect } from "./turn.ts";

/** Effects of a cell, by code. */
export const LOAD = 0;
export const STORE = 1;
const ADD = 2;
export const CMPSET = 3;
export const SWAP = 4;
const SET = 5;
const CLEAR = 6;

/** A cell with a number of its own in the recording. For subclasses here; not exported from `sim`. */
export abstract class Shared<T> extends Cell<T> implements Effect {
  readonly object: number;

  constructor(owner: Struct, initial: Stored<T>) {
    super(owner, initial);
    this.object = owner.x.register(this);
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.x.changeBeside(this.object);
  }

  protected access<R>(kind: Op, code: number, a?: unknown, b?: unknown): Step<R> {
    const x = this.x;
    if (x.point(packOp(kind, this.object))) return x.ready(this.perform(code, a, b) as R);
    return x.later<R>(this, code, a, b);
  }

  /** The effect, when its time has come. */
  perform(code: number, a: unknown, b: unknown): unknown {
    const before = this.value;
    if (code === ADD && this.grave === null && this.x.observer === null && typeof before === "number") {
      this.value = ((before + (a as number)) | 0) as T;
      return before;
    }
    if (this.grave !== null) this.gone();
    if (code === STORE) return this.#write(before, a as T);
    if (before === UNWRITTEN) this.unwritten();
    if (code === LOAD) return before;
    if (code === ADD) this.#write(before, (((before as number) + (a as number)) | 0) as T);
    else if (code === CMPSET) return this.#exchange(before, a, b as T);
    else if (code === SWAP) this.#write(before, a as T);
    else if (code === SET) this.#write(before, ((before as number) | (a as number)) as T);
    else this.#write(before, ((before as number) & ~(a as number)) as T);
    return before;
  }

  #exchange(before: T, expected: unknown, next: T): boolean {
    if (before !== expected) return false;
    this.x.succeeded();
    this.#write(before, next);
    return true;
  }

  #write(before: Stored<T>, value: T): void {
    this.writeCheck();
    const { observer } = this.x;
    if (observer !== null) observer.value(this, before, value);
    this.value = value;
  }

  protected writeCheck(): void {
    // Kinds that restrict writers override this.
  }
}

/** A plain word that CPUs touch without a common lock. Every access is a point; unordered conflicting ones race. */
export class Word<T> extends Shared<T> {
  constructor(owner: Struct, initial: Stored<T>) {
    super(owner, initial);
    owner.x.plainWords++;
  }

  load(): Step<T> {
    return this.access(Op.Load, LOAD);
  }
  store(value: T): Step<void> {
    return this.access(Op.Store, STORE, value);
  }

  /** What {@link store} announces, for primitives that announce a store of their own. */
  get storeOp(): Op {
    return Op.Store;
  }

  /** The effect of {@link store} without a point. */
  storeNow(value: T): void {
    this.perform(STORE, value, undefined);
  }

  /** {@link storeNow} inside an operation that fences behind it as well: visible at once. */
  settle(value: T): void {
    this.perform(STORE, value, undefined);
  }

  /** The effect of {@link load} without a point. */
  loadNow(): T {
    return this.perform(LOAD, undefined, undefined) as T;
  }
}

/**
 * `atomic_*`: every access is a point and indivisible. Loads acquire, stores release, everything else does both; those
 * whose names say so are weaker for the race check (C11: *relaxed* makes no edge but through a fence). What a load
 * returns does not depend on it.
 */
export class Atomic<T> extends Shared<T> {
  load(): Step<T> {
    return this.access(Op.AtomicLoad, LOAD);
  }
  loadRelaxed(): Step<T> {
    return this.access(Op.RelaxedLoad, LOAD);
  }
  store(value: T): Step<void> {
    return this.access(Op.AtomicStore, STORE, value);
  }
  storeRelaxed(value: T): Step<void> {
    return this.access(Op.RelaxedStore, STORE, value);
  }
  addRelaxed(value: number): Step<number> {
    return this.access(Op.RelaxedRmw, ADD, value);
  }
  addAcquire(value: number): Step<number> {
    return this.access(Op.AcquireRmw, ADD, value);
  }
  addRelease(value: number): Step<number> {
    return this.access(Op.ReleaseRmw, ADD, value);
  }
  /** Adds (32-bit wrap-around); returns the old value. */
  add(value: number): Step<number> {
    const x = this.x;
    return x.point(packOp(Op.Rmw, this.object)) ? x.ready(this.#addNow(value)) : x.later(this, ADD, value);
  }

  /** The commonest operation of all, small enough to be inlined everywhere. */
  #addNow(value: number): number {
    const before = this.value;
    if (this.grave !== null || this.x.observer !== null || typeof before !== "number")
      return this.perform(ADD, value, undefined) as number;
    this.value = ((before + value) | 0) as T;
    return before;
  }
  /** Stores `next` if the value is `expected`; true when it did. */
  cmpset(expected: T, next: T): Step<boolean> {
    this.x.current.expected = expected;
    return this.access(Op.Cmpset, CMPSET, expected, next);
  }
  /** Stores; returns the old value. */
  swap(value: T): Step<T> {
    return this.access(Op.Rmw, SWAP, value);
  }
  /** Sets bits; returns the old value. */
  set(bits: number): Step<number> {
    return this.access(Op.Rmw, SET, bits);
  }
  /** Clears bits; returns the old value. */
  clear(bits: number): Step<number> {
    return this.access(Op.Rmw, CLEAR, bits);
  }
}

/** Stored under its lock, loaded also without it. Stores and lockless loads are points. */
export class Published<T> extends Shared<T> {
  readonly guard: Guard;

  constructor(owner: Struct, guard: Guard, initial: Stored<T>) {
    super(owner, initial);
    this.guard = guard;
  }

  /** The value, under the lock. */
  get held(): T {
    if (this.guard.owner !== this.x.current) {
      if (this.grave !== null) this.gone();
      guardViolation(this, this.guard, "read");
    }
    return this.checked(this.value);
  }

  /** The value, without the lock: may be stale as soon as it is read. */
  load(): Step<T> {
    return this.access(Op.Peek, LOAD);
  }

  /** Stores, under the lock. */
  store(value: T): Step<void> {
    return this.access(Op.Publish, STORE, value);
  }

  protected override writeCheck(): void {
    if (this.guard.owner !== this.x.current) guardViolation(this, this.guard, "written");
  }
}

/** A statistic: written on its own CPU, read anywhere. Foreign loads are points. */
export class PerCpuCounter extends Shared<number> {
  readonly cpu: Processor;

  constructor(owner: Struct, cpu: Processor, initial: Stored<number> = 0) {
    super(owner, initial);
    this.cpu = cpu;
  }

  /** Adds, on the counter's own CPU. Not a point. */
  bump(value: number): void {
    if (this.x.current.cpu !== this.cpu) {
      fail("Discipline", "per-cpu", `${cellName(this)} written from another CPU`, [
        ["by", this.x.current.name],
      ]);
    }
    const before = this.checked(this.value);
    this.traced(before, before + value);
    this.value = before + value;
  }

  /** The value, from any CPU: no snapshot. */
  load(): Step<number> {
    return this.access(Op.Sample, LOAD);
  }
}
