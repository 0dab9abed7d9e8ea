/** What every field of a modelled struct is made of: a value, the struct it belongs to, and the grave it may have. */
import type { Execution } from "./execution.ts";
import { fail, type Fact } from "./failure.ts";
import type { Guard } from "./gate.ts";

/** The content of a field never written after an allocation that does not clear. */
export const UNWRITTEN = Symbol("unwritten");
/** A value, or the absence of one. */
export type Stored<T> = T | typeof UNWRITTEN;

/** What is said of memory that is gone. */
export interface Grave {
  readonly label: string;
  readonly facts: readonly Fact[];
  /** Place in the log of the last operation before the free. */
  readonly site?: number;
}

/**
 * A modelled struct: cells belong to one, and die with it.
 * @see {@link explore} for an example
 */
export class Struct {
  readonly x: Execution;
  /** Stable short name, as reports print it. */
  readonly label: string;
  /** The number of the allocation that it is, in this run; 0: it is none, and nobody frees it. */
  memory = 0;

  constructor(x: Execution, label: string) {
    this.x = x;
    this.label = label;
  }

  /** Every access to a cell of this struct fails from now on. Nested structs die with it when listed as own fields. */
  bury(grave: Grave): void {
    if (this.memory !== 0) this.x.freed?.push(this.memory);
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

  /** An access without a point: nothing but the free of the allocation is noticed by its order with others. */
  protected looked(): void {
    const { looked } = this.x;
    if (looked !== null && this.owner.memory !== 0) looked.push(this.owner.memory);
  }

  protected gone(): never {
    const { label, facts, site } = this.grave as Grave;
    const told: readonly Fact[] = [["object", label], ["by", this.x.current.name], ...facts];
    return fail("Memory", "use-after-free", `${cellName(this)} used after free`, told, site === undefined ? [] : [site]);
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
    const { observer } = this.x;
    if (observer !== null) observer.value(this, before, after);
  }
}

/** Ends the run: a field was touched without the guard it needs. */
export function guardViolation(cell: Cell<unknown>, guard: Guard, verb: string): never {
  return fail("Discipline", "guard", `${cellName(cell)} ${verb} without ${guard.label}`, [
    ["by", cell.x.current.name],
    ["held by", guard.owner?.name ?? "nobody"],
  ]);
}
