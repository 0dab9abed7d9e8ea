/**
 * Shared memory, declared and never implied. Each field of a modelled struct is a cell of one kind; the way it
 * is read says what the reader claims, and the claim is checked on every access, on every schedule:
 *
 *   `.held`             the guard is held by this context (guarded, published)
 *   `yield* .load()`    no lock: a point (published, word, atomic)
 *   `.mine`             this CPU's own data, in a critical section or by its one thread
 *   `.fixed`            written before publication only
 *
 * Accessors exist once per kind, not per field: they are monomorphic and cost 1 to 2 ns, with no code
 * generated at run time (docs/decisions/0001-cells.md).
 */
import type { Context, Processor } from "./context.ts";
import type { Execution } from "./execution.ts";
import { fail, type Fact } from "./failure.ts";
import type { Guard } from "./gate.ts";
import { Op, packOp } from "./operation.ts";
import { PARKED, type Point, type Step } from "./point.ts";

/** The content of a field never written after an allocation that does not clear. */
export const UNWRITTEN = Symbol("unwritten");
type Stored<T> = T | typeof UNWRITTEN;

/** What is said of memory that is gone. */
export interface Grave {
  readonly label: string;
  readonly facts: readonly Fact[];
}

/** A modelled struct: cells belong to one, and die with it. */
export class Struct {
  readonly x: Execution;
  /** Stable short name, as reports print it. */
  readonly label: string;

  constructor(x: Execution, label: string) {
    this.x = x;
    this.label = label;
  }

  /** Every access to a cell of this struct fails from now on. Nested structs die with it when listed as own fields. */
  bury(grave: Grave): void {
    for (const value of Object.values(this)) buryValue(value, grave);
  }
}

function buryValue(value: unknown, grave: Grave): void {
  if (value instanceof Cell) value.bury(grave);
  else if (Array.isArray(value)) for (const item of value) if (item instanceof Cell) item.bury(grave);
}

/** Name of a cell: its struct's label and the field that holds it. Cost: linear in the fields; for reports. */
export function cellName(cell: Cell<unknown>): string {
  for (const [key, value] of Object.entries(cell.owner)) {
    if (value === cell) return `${cell.owner.label} ${key}`;
    if (Array.isArray(value)) {
      const index = value.indexOf(cell);
      if (index >= 0) return `${cell.owner.label} ${key}[${String(index)}]`;
    }
  }
  return cell.owner.label;
}

/** What all kinds share: the value, the struct, the grave. */
export abstract class Cell<T> {
  readonly owner: Struct;
  readonly x: Execution;
  /** The content. Model code never touches it; reports and properties at quiescence may read it through {@link peek}. */
  value: Stored<T>;
  grave: Grave | null = null;

  constructor(owner: Struct, initial: Stored<T>) {
    this.owner = owner;
    this.x = owner.x;
    this.value = initial;
  }

  /** The content for properties and reports: no check, no point. */
  peek(): T {
    return this.value as T;
  }

  bury(grave: Grave): void {
    this.grave = grave;
  }

  protected gone(): never {
    const { label, facts } = this.grave as Grave;
    return fail("Memory", "use-after-free", `${cellName(this)} used after free`, [
      ["object", label],
      ["by", this.x.current.name],
      ...facts,
    ]);
  }

  protected unwritten(): never {
    return fail("Memory", "uninitialised-read", `${cellName(this)} read before it was written`, [
      ["by", this.x.current.name],
    ]);
  }

  protected checked(value: Stored<T>): T {
    if (this.grave !== null) this.gone();
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  protected traced(before: Stored<T>, after: T): void {
    const { tracer } = this.x;
    if (tracer !== null) tracer(this, before, after);
  }
}

/** Read and written only while its lock is held by this context. Not a point. */
export class Guarded<T> extends Cell<T> {
  readonly guard: Guard;

  constructor(owner: Struct, guard: Guard, initial: Stored<T>) {
    super(owner, initial);
    this.guard = guard;
  }

  get held(): T {
    if (this.guard.owner !== this.x.current || this.grave !== null) this.#refuse("read");
    const value = this.value;
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  set held(value: T) {
    if (this.guard.owner !== this.x.current || this.grave !== null) this.#refuse("written");
    this.traced(this.value, value);
    this.value = value;
  }

  #refuse(verb: string): void {
    if (this.grave !== null) this.gone();
    guardViolation(this, this.guard, verb);
  }
}

function guardViolation(cell: Cell<unknown>, guard: Guard, verb: string): never {
  return fail("Discipline", "guard", `${cellName(cell)} ${verb} without ${guard.label}`, [
    ["by", cell.x.current.name],
    ["held by", guard.owner?.name ?? "nobody"],
  ]);
}

/** The reusable step of an access that suspends: performs it when its context goes on. One per context. */
export class Access implements IterableIterator<Point, unknown, void> {
  readonly #x: Execution;
  readonly #result: IteratorReturnResult<unknown> = { done: true, value: undefined };
  #cell: Accessible | null = null;
  #code = 0;
  #a: unknown = undefined;
  #b: unknown = undefined;

  constructor(x: Execution) {
    this.#x = x;
  }

  /** Prepares the step; `code` is the cell's own business. */
  of(cell: Accessible, code: number, a: unknown, b: unknown): this {
    this.#cell = cell;
    this.#code = code;
    this.#a = a;
    this.#b = b;
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Point, unknown> {
    if (this.#x.parked()) return PARKED;
    this.#result.value = (this.#cell as Accessible).perform(this.#code, this.#a, this.#b);
    return this.#result;
  }
}

/** A cell whose accesses are points. */
export interface Accessible {
  perform(code: number, a: unknown, b: unknown): unknown;
}

const LOAD = 0;
const STORE = 1;
const ADD = 2;
const CMPSET = 3;
const SWAP = 4;
const SET = 5;
const CLEAR = 6;

/** A cell with a number of its own in the recording. */
abstract class Shared<T> extends Cell<T> implements Accessible {
  readonly object: number;

  constructor(owner: Struct, initial: Stored<T>) {
    super(owner, initial);
    this.object = owner.x.register(this);
  }

  protected access<R>(kind: Op, code: number, a?: unknown, b?: unknown): Step<R> {
    const x = this.x;
    if (x.point(packOp(kind, this.object))) return x.ready(this.perform(code, a, b) as R);
    return x.current.access.of(this, code, a, b) as unknown as Step<R>;
  }

  /** The effect, when its time has come. */
  perform(code: number, a: unknown, b: unknown): unknown {
    const before = this.value;
    if (code === STORE) return this.#write(before, a as T);
    const value = this.checked(before);
    if (code === LOAD) return value;
    return this.#modify(code, value, a, b);
  }

  #modify(code: number, value: T, a: unknown, b: unknown): unknown {
    const number = value as number;
    if (code === CMPSET) {
      if (value !== a) return false;
      this.x.succeeded();
      this.#write(value, b as T);
      return true;
    }
    if (code === SWAP) this.#write(value, a as T);
    else if (code === ADD) this.#write(value, ((number + (a as number)) | 0) as T);
    else if (code === SET) this.#write(value, (number | (a as number)) as T);
    else if (code === CLEAR) this.#write(value, (number & ~(a as number)) as T);
    return value;
  }

  #write(before: Stored<T>, value: T): void {
    if (this.grave !== null) this.gone();
    this.writeCheck();
    this.traced(before, value);
    this.value = value;
  }

  protected writeCheck(): void {
    // Kinds that restrict writers override this.
  }
}

/** A plain word that CPUs touch without a common lock. Every access is a point; unordered conflicting ones race. */
export class Word<T> extends Shared<T> {
  load(): Step<T> {
    return this.access(Op.Load, LOAD);
  }
  store(value: T): Step<void> {
    return this.access(Op.Store, STORE, value);
  }
}

/** `atomic_*`: every access is a point and indivisible. */
export class Atomic<T> extends Shared<T> {
  load(): Step<T> {
    return this.access(Op.AtomicLoad, LOAD);
  }
  store(value: T): Step<void> {
    return this.access(Op.AtomicStore, STORE, value);
  }
  /** Adds (32-bit wrap-around); returns the old value. */
  add(value: number): Step<number> {
    return this.access(Op.Rmw, ADD, value);
  }
  /** Stores `next` if the value is `expected`; true when it did. */
  cmpset(expected: T, next: T): Step<boolean> {
    return this.access(Op.Rmw, CMPSET, expected, next);
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

/** Own data of one CPU: every access in a critical section or nested context of it, or all by one thread. */
export class PerCpu<T> extends Cell<T> {
  readonly cpu: Processor;
  #sole: Context | null = null;
  #shared = false;
  #exposed = false;

  constructor(owner: Struct, cpu: Processor, initial: Stored<T>) {
    super(owner, initial);
    this.cpu = cpu;
  }

  get mine(): T {
    this.#check("read");
    return this.checked(this.value);
  }

  set mine(value: T) {
    this.#check("written");
    if (this.grave !== null) this.gone();
    this.traced(this.value, value);
    this.value = value;
  }

  #check(verb: string): void {
    const context = this.x.current;
    const cpu = this.cpu;
    if (context !== this.#sole) {
      if (this.#sole === null) this.#sole = context;
      else this.#shared = true;
    }
    if (!cpu.masked && cpu.nested !== context) this.#exposed = true;
    if (context.cpu === cpu && !(this.#shared && this.#exposed)) return;
    if (this.grave !== null) this.gone();
    const why = context.cpu === cpu ? "outside a critical section, by several contexts" : "from another CPU";
    fail("Discipline", "per-cpu", `${cellName(this)} ${verb} ${why}`, [
      ["by", context.name],
      ["belongs to", `cpu ${String(cpu.id)}`],
    ]);
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

/** Written before publication only. */
export class Frozen<T> extends Cell<T> {
  #published = false;

  get fixed(): T {
    if (this.grave !== null) this.gone();
    const value = this.value;
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  set fixed(value: T) {
    if (this.grave !== null) this.gone();
    if (this.#published) {
      fail("Discipline", "frozen", `${cellName(this)} written after publication`, [
        ["by", this.x.current.name],
      ]);
    }
    this.traced(this.value, value);
    this.value = value;
  }

  /** No write is legal from now on. */
  publish(): void {
    this.#published = true;
  }
}

/** A field that needs `guard` held by the accessing context. */
export const guardedBy = <T>(owner: Struct, guard: Guard, initial: Stored<T>): Guarded<T> =>
  new Guarded<T>(owner, guard, initial);
/** A field stored under `guard` and loaded also without it. */
export const published = <T>(owner: Struct, guard: Guard, initial: Stored<T>): Published<T> =>
  new Published<T>(owner, guard, initial);
/** A plain word without a common lock. */
export const word = <T>(owner: Struct, initial: Stored<T>): Word<T> => new Word<T>(owner, initial);
/** An atomic word. */
export const atomic = <T>(owner: Struct, initial: Stored<T>): Atomic<T> =>
  new Atomic<T>(owner, initial);
/** A field that belongs to one CPU. */
export const perCpu = <T>(owner: Struct, cpu: Processor, initial: Stored<T>): PerCpu<T> =>
  new PerCpu<T>(owner, cpu, initial);
/** A per-CPU statistic. */
export const perCpuCounter = (owner: Struct, cpu: Processor): PerCpuCounter =>
  new PerCpuCounter(owner, cpu);
/** A field written before publication only. */
export const frozen = <T>(owner: Struct, initial: Stored<T>): Frozen<T> => new Frozen<T>(owner, initial);
