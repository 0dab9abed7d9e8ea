/** Which orders of a pair of operations there are to see. */
import type { Met } from "./coverage.ts";
import { VERBS, Verb, makePair, verbName } from "./verbs.ts";

/** One order of a pair: seen in so many runs. */
export interface OrderCell {
  readonly first: string;
  readonly second: string;
  readonly order: "before" | "overlapped";
  readonly seen: number;
}

/** `netisr finds it held` is verb `finds it held`. */
function verbOfName(operation: string): number {
  for (let verb = 1; verb < VERBS; verb++) {
    const name = verbName(verb);
    if (name !== "" && operation.endsWith(` ${name}`)) return verb;
  }
  return Verb.None;
}

const kindOfName = (operation: string): string =>
  operation.slice(0, operation.length - verbName(verbOfName(operation)).length - 1);

/** Could these two meet, whether or not they did? Two of one kind of context need two contexts: only if they did. */
export const makePairByName = (first: string, second: string): boolean =>
  kindOfName(first) !== kindOfName(second) && makePair(verbOfName(first), verbOfName(second));

/** Verbs that say by themselves that somebody was inside, or are only the outside of a section. */
const SECTIONS: readonly number[] = [Verb.FindsHeld, Verb.CritEnter];

/**
 * The orders there are to see: either way round, and overlapped where no common lock forbids it. Whether a lock was
 * found held before or after it was entered says nothing: there only the overlap counts, as for interrupts in
 * critical sections. Interrupts of one CPU do not nest.
 */
export function orderCells(row: Met & { readonly first: string; readonly second: string }): readonly OrderCell[] {
  const { first, second } = row;
  const verbs = [verbOfName(first), verbOfName(second)];
  const cells: OrderCell[] = [];
  if (!verbs.some((verb) => SECTIONS.includes(verb))) {
    cells.push({ first, second, order: "before", seen: row.before });
    if (first !== second) cells.push({ first: second, second: first, order: "before", seen: row.after });
  }
  const metGuarded = row.unguarded === 0 && row.before + row.after > 0;
  const nested = verbs.every((verb) => verb === Verb.Begin);
  if (!nested && !metGuarded) cells.push({ first, second, order: "overlapped", seen: row.overlapped });
  return cells;
}

