/** The order of a round: contexts as they were made, from one of them on and then from the beginning. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";

/**
 * Who could go next, the one whose turn it is first: the current context if there is one, else the one after who ran
 * last. Cost: linear in the enabled contexts.
 */
export function roundFrom({ enabled }: Execution, current: Context | null, last: number): readonly Context[] {
  const from = current === null ? enabled.findIndex(({ id }) => id > last) : enabled.indexOf(current);
  return from <= 0 ? enabled : [...enabled.slice(from), ...enabled.slice(0, from)];
}
