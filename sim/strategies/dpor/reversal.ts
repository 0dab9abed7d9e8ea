/**
 * What becomes of a race: the sequence that has the second event first, and what of it is to be explored.
 */
import type { Deed } from "./deed.ts";
import type { Race, Trace } from "./trace.ts";
import { NEVER, Wakeup, weakInitial } from "./wakeup.ts";

/**
 * The sequence to explore in place of the first event of a race: whatever does not happen after it, in order, then the
 * second event (JACM 2017, algorithm 2). Filled into `sequence`, of the events up to `end`. Cost: linear in those behind
 * the first.
 */
export function reversed(trace: Trace, { first, deed }: Race, end: number, sequence: Deed[]): void {
  sequence.length = 0;
  const { deeds } = trace;
  for (let event = first + 1; event < end; event++)
    if (!trace.isBefore(first, event)) sequence.push(deeds[event] as Deed);
  sequence.push(deed);
}

/** Is the sequence explored already, from one of the deeds asleep? */
export function isCovered(asleep: readonly Deed[] | null, sequence: readonly Deed[]): boolean {
  if (asleep !== null) for (const deed of asleep) if (weakInitial(deed, sequence) !== NEVER) return true;
  return false;
}

/**
 * Source-DPOR: one of the steps that could come first in the sequence, unless one of them is there (JACM 2017,
 * algorithm 1).
 */
export function planSource(root: Wakeup, asleep: readonly Deed[] | null, sequence: readonly Deed[]): number {
  let last: Wakeup | null = null;
  for (let child = root.first; child !== null; child = child.next) {
    if (weakInitial(child.deed, sequence) >= 0) return 0;
    last = child;
  }
  if (asleep !== null) for (const deed of asleep) if (weakInitial(deed, sequence) >= 0) return 0;
  const first = new Wakeup(sequence.find((deed) => weakInitial(deed, sequence) >= 0) as Deed);
  if (last === null) root.first = first;
  else last.next = first;
  return 1;
}
