/**
 * The one class of step that primitives hand to `yield*`: ready, parked, or parked with an effect to perform on
 * resumption. One class for all three keeps every `yield*` site monomorphic, and no step is allocated at a point.
 */
import { PARKED, type Point } from "./point.ts";

/** What {@link Turn} owes `yield*`: nothing, a value that is there already, or a suspension. */
export const NOTHING_OWED = 0;
export const READY_OWED = 1;
export const PARK_OWED = 2;

/** Whatever has effects that may have to wait for a turn: cells, gates, ports. */
export interface Effect {
  /** Performs one effect; `code` and the operands are the object's own business. Not a point. */
  perform(code: number, a: unknown, b: unknown): unknown;
}

/** The part of an execution that steps look at. */
export interface Owing {
  owed: number;
}

/** A reusable step: one per context, and one per execution for effects that have happened. */
export class Turn implements IterableIterator<Point, unknown, void> {
  readonly x: Owing;
  readonly result: IteratorReturnResult<unknown> = { done: true, value: undefined };
  /** Performed on resumption; null when there is nothing to do. */
  effect: Effect | null = null;
  code = 0;
  a: unknown = undefined;
  b: unknown = undefined;

  constructor(x: Owing) {
    this.x = x;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Point, unknown> {
    const x = this.x;
    const owed = x.owed;
    x.owed = NOTHING_OWED;
    if (owed === PARK_OWED) return PARKED;
    if (owed === NOTHING_OWED && this.effect !== null)
      this.result.value = this.effect.perform(this.code, this.a, this.b);
    return this.result;
  }
}
