/**
 * Cells under TSO and PSO. A store goes into the store buffer of its CPU; a load takes the newest store of its own
 * CPU that is not visible yet, else what is visible. Guarded cells need none of it: whoever may look at them has
 * taken a lock, and letting go of one drains. Nor do cells of one CPU, which takes from its own buffer, atomic cells,
 * whose stores are locked instructions, and statistics, of which nobody expects the latest.
 *
 * Under PSO what is stored before publication is buffered too. (Under TSO it is visible before what publishes it.)
 * What an allocation cleared is cleared for everybody.
 */
import { Cell, UNWRITTEN, guardViolation, type Grave, type Stored, type Struct } from "./cell.ts";
import { AWAITED_LOAD, Mixed, type Awaited, type Awaiting } from "./mixed-cells.ts";
import { Frozen } from "./owned-cells.ts";
import { Op } from "./operation.ts";
import type { Step } from "./point.ts";
import { LOAD, Published, STORE, Word } from "./shared-cells.ts";
import type { Storable, Store } from "./store-buffer.ts";

/** {@link Word} with store buffers. */
export class BufferedWord<T> extends Word<T> implements Storable {
  override load(): Step<T> {
    return this.access(isOwn(this) ? Op.Forward : Op.Load, LOAD);
  }

  override store(value: T): Step<void> {
    return this.access(this.storeOp, STORE, value);
  }

  override get storeOp(): Op {
    return this.x.current.buffer === null ? Op.Store : Op.Buffer;
  }

  /** Behind what this CPU stored before. */
  override settle(value: T): void {
    if (isOwn(this)) this.#hold(value);
    else super.perform(STORE, value, undefined);
  }

  override perform(code: number, a: unknown, b: unknown): unknown {
    if (code === STORE && this.x.current.buffer !== null) return this.#hold(a as T);
    return code === LOAD && isOwn(this) ? this.checked(seen(this)) : super.perform(code, a, b);
  }

  #hold(value: T): void {
    if (this.grave !== null) this.gone();
    this.x.current.buffer?.push(this, value);
  }

  arrive(value: T): void {
    arrived(this, value);
  }

  override peek(): T {
    return seen(this);
  }
}

/** {@link Published} with store buffers. */
export class BufferedPublished<T> extends Published<T> implements Storable {
  override get held(): T {
    if (this.guard.owner !== this.x.current) {
      if (this.grave !== null) this.gone();
      guardViolation(this, this.guard, "read");
    }
    return this.checked(seen(this));
  }

  override load(): Step<T> {
    return this.access(isOwn(this) ? Op.ForwardPeek : Op.Peek, LOAD);
  }

  override store(value: T): Step<void> {
    return this.access(this.x.current.buffer === null ? Op.Publish : Op.BufferPublish, STORE, value);
  }

  override perform(code: number, a: unknown, b: unknown): unknown {
    if (code === STORE && this.x.current.buffer !== null) return this.#hold(a as T);
    return code === LOAD && isOwn(this) ? this.checked(seen(this)) : super.perform(code, a, b);
  }

  #hold(value: T): void {
    if (this.grave !== null) this.gone();
    this.writeCheck();
    this.x.current.buffer?.push(this, value);
  }

  arrive(value: T): void {
    arrived(this, value);
  }

  override peek(): T {
    return seen(this);
  }
}

/** {@link Mixed} with store buffers. Its atomic accesses are locked: they find the buffer of their CPU empty. */
export class BufferedMixed extends Mixed implements Storable {
  override load(): Step<number> {
    return this.access(isOwn(this) ? Op.Forward : Op.Load, LOAD);
  }

  override store(value: number): Step<void> {
    return this.access(this.x.current.buffer === null ? Op.Store : Op.Buffer, STORE, value);
  }

  override awaitLoad(wait: Awaiting, holds: Awaited): Step<number> {
    return this.await(isOwn(this) ? Op.Forward : Op.Load, AWAITED_LOAD, wait, holds);
  }

  override perform(code: number, a: unknown, b: unknown): unknown {
    const { buffer } = this.x.current;
    if (code === STORE && buffer !== null) return buffer.push(this, a);
    const own = newest(this);
    const visible = super.perform(code, a, b);
    return own !== null && (code === LOAD || code === AWAITED_LOAD) ? own.value : visible;
  }

  protected override judge(wait: Awaiting): void {
    const own = wait.context?.buffer?.newest(this) ?? null;
    wait.judge((own === null ? this.value : own.value) as number);
  }

  arrive(value: number): void {
    arrived(this, value);
    this.tell();
  }

  override peek(): number {
    return seen(this);
  }
}

/** {@link Frozen} under PSO. */
export class BufferedFrozen<T> extends Frozen<T> implements Storable {
  readonly object: number;

  constructor(owner: Struct, initial: Stored<T>) {
    super(owner, initial);
    this.object = owner.x.register(this);
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.x.changeBeside(this.object);
  }

  override get fixed(): T {
    if (this.grave !== null) this.gone();
    this.looked();
    const value: Stored<T> = seen(this);
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  override set fixed(value: T) {
    const { buffer } = this.x.current;
    if (buffer === null) super.fixed = value;
    else {
      this.writable();
      buffer.push(this, value);
    }
  }

  arrive(value: T): void {
    arrived(this, value);
  }

  override peek(): T {
    return seen(this);
  }
}

/** Would the current context take the value from its buffer? */
const isOwn = (cell: Cell<unknown>): boolean => newest(cell) !== null;

/** What the current context would load. */
function seen<T>(cell: Cell<T>): T {
  const own = newest(cell);
  return (own === null ? cell.value : own.value) as T;
}

function newest(cell: Cell<unknown>): Store | null {
  const { buffer } = cell.x.current;
  return buffer === null ? null : buffer.newest(cell);
}

/** A store becomes visible. Into what was freed meanwhile: nobody can tell. */
function arrived<T>(cell: Cell<T>, value: T): void {
  if (cell.grave !== null) return;
  const { observer } = cell.x;
  if (observer !== null) observer.value(cell, cell.value, value);
  cell.value = value;
}
