/**
 * Objects in parts, one per CPU. An operation acts on the part of its own CPU, and looks at those of others at most.
 *
 * To the log, and to whatever goes by it alone, such an object is one; the reduction tells its parts apart, so that
 * operations of different CPUs commute unless one changes a part that the other one looks at.
 */
import type { Context } from "./context.ts";
import type { Op } from "./operation.ts";

/** What an object in parts answers. */
export interface Divided {
  /** The number of the object it is about, where that has one: it may be made only when it is first asked for, by whoever comes first. */
  readonly belongsTo: number | undefined;
  /**
   * Before an operation of this kind takes effect: may it change the part of the CPU of its context? Where in doubt,
   * true. What says false leaves that part as it is whatever others do first, unless they change it.
   */
  mayChange(kind: Op, context: Context): boolean;
  /** Does an operation of this kind look at the parts of other CPUs? It never changes them. */
  looksAtOthers(kind: Op): boolean;
}

/** The object, if it is in parts. */
export const dividedOf = (object: object | undefined): Divided | null =>
  object !== undefined && "mayChange" in object ? (object as Divided) : null;
