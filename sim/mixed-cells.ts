/**
 * Words that are accessed in both ways, plainly and atomically, and that can be waited for: what programs in the
 * literature are made of. A wait is no loop but an access that is enabled only while a condition on the value holds
 * (the blocking await of Jonsson, Lång, Sagonas: "Awaiting for Godot", FMCAD 2022): turning in circles is no step.
 */
import type { Struct } from "./cell.ts";
import type { Context } from "./context.ts";
import type { Execution } from "./execution.ts";
import { Gate } from "./gate.ts";
import { Op, packOp } from "./operation.ts";
import type { Step } from "./point.ts";
import { CMPSET, LOAD, STORE, SWAP, Shared } from "./shared-cells.ts";

const UPDATE = 7;
export const AWAITED_LOAD = 8;
const AWAITED_SWAP = 9;

/** True for the values that end a wait. Pure. */
export type Awaited = (value: number) => boolean;

/**
 * What one context waits with; used again for its next wait.
 * @see {@link explore} for an example
 */
export class Awaiting {
  /** Closed while the condition does not hold. */
  readonly gate: Gate;
  holds: Awaited = NEVER;
  /** What is stored when the wait is over, if anything is. */
  value = 0;
  /** Who waits. */
  context: Context | null = null;

  constructor(x: Execution, label: string) {
    this.gate = new Gate(x, label);
  }

  /** Opens or closes the gate, for the value that can be seen now. */
  judge(value: number): void {
    const { gate } = this;
    gate.change(this.holds(value) ? null : (gate.x.contexts[0] ?? null));
  }
}

const NEVER: Awaited = () => false;

/** A word with plain and atomic accesses, every one a point, and unordered plain ones race. */
export class Mixed extends Shared<number> {
  /** Who waits for a value, with an access that is announced. */
  protected readonly waits: Awaiting[] = [];

  constructor(owner: Struct, initial: number) {
    super(owner, initial);
    owner.x.plainWords++;
    owner.x.mixedWords++;
  }

  load(): Step<number> {
    return this.access(Op.Load, LOAD);
  }
  store(value: number): Step<void> {
    return this.access(Op.Store, STORE, value);
  }
  /** Stores atomically; returns the old value. */
  swap(value: number): Step<number> {
    return this.access(Op.Rmw, SWAP, value);
  }
  /** Stores what `next` makes of the value, atomically; returns the old value. */
  update(next: (old: number) => number): Step<number> {
    return this.access(Op.Rmw, UPDATE, next);
  }
  /** Stores `next` if the value is `expected`; true when it did. */
  cmpset(expected: number, next: number): Step<boolean> {
    this.x.current.expected = expected;
    return this.access(Op.Cmpset, CMPSET, expected, next);
  }
  /** Loads once `holds` is true of the value. */
  awaitLoad(wait: Awaiting, holds: Awaited): Step<number> {
    return this.await(Op.Load, AWAITED_LOAD, wait, holds);
  }
  /** {@link swap} once `holds` is true of the value. */
  awaitSwap(wait: Awaiting, holds: Awaited, value: number): Step<number> {
    wait.value = value;
    return this.await(Op.Rmw, AWAITED_SWAP, wait, holds);
  }

  protected await(kind: Op, code: number, wait: Awaiting, holds: Awaited): Step<number> {
    const { x } = this;
    wait.holds = holds;
    wait.gate.condition = holds as (value: unknown) => boolean;
    wait.context = x.current;
    this.judge(wait);
    this.waits.push(wait);
    if (x.pointAtGate(packOp(kind, this.object), wait.gate)) return x.ready(this.perform(code, wait, undefined) as number);
    return x.later(this, code, wait);
  }

  override perform(code: number, a: unknown, b: unknown): unknown {
    if (code === LOAD) return super.perform(code, a, b);
    if (code === AWAITED_LOAD) return this.#over(a as Awaiting);
    if (code === AWAITED_SWAP) {
      const before = this.#over(a as Awaiting);
      this.perform(SWAP, (a as Awaiting).value, undefined);
      return before;
    }
    const before = this.value;
    const result = code === UPDATE
      ? super.perform(SWAP, (a as (old: number) => number)(before as number), undefined)
      : super.perform(code, a, b);
    this.tell();
    return result;
  }

  /** A wait is over: what its context sees. */
  #over(wait: Awaiting): unknown {
    wait.gate.passed();
    this.waits.splice(this.waits.indexOf(wait), 1);
    return super.perform(LOAD, undefined, undefined);
  }

  /** The value has changed. */
  protected tell(): void {
    for (const wait of this.waits) this.judge(wait);
  }

  /** May the wait be over, for what its context can see? */
  protected judge(wait: Awaiting): void {
    wait.judge(this.value as number);
  }
}
