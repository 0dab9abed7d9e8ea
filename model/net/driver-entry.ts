/**
 * Where control enters a driver. A stack shows names only, and what a driver calls its routines is its author's
 * business; so whoever watches a run (`x.observer`) has every entry stand on the stack. Exploring pays nothing for it.
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";

/**
 * What stands on a stack where a driver is entered; {@link driverEntry} puts it there.
 * Context: as the routine. Holds: as the routine. Blocks: as the routine.
 */
export function* driverRoutine<A extends readonly unknown[], T>(
  routine: (...args: A) => Step<T>,
  args: A,
): Routine<T> {
  return yield* routine(...args);
}

/**
 * A routine of a driver as the kernel is to call it. The hooks of a `Driver` are wrapped by `attachDevice`; a driver
 * wraps what else it hands to the kernel: functions of callouts, threads, IPIs and messages.
 * @see {@link defineDriver} for an example
 */
export function driverEntry<A extends readonly unknown[], T>(
  k: Kernel,
  routine: (...args: A) => Step<T>,
): (...args: A) => Step<T> {
  return k.x.observer === null ? routine : (...args) => driverRoutine(routine, args);
}
