/**
 * Atomic operations and fences.
 *
 * Mirrors: sys/cpu/x86_64/include/atomic.h, cpufunc.h.
 *
 * Under sequential consistency a fence has no effect: `cpu_sfence`, `cpu_ccfence` and `cpu_lfence` are marks in the
 * code, `cpu_mfence` is a place where others may run. Under TSO `cpu_mfence` waits until the stores before it are
 * visible; under PSO `cpu_sfence` puts them before the stores behind it. Loads are never reordered among themselves.
 */
import { Op, type Atomic, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";

/** Sets bits. Context: any. */
export function atomic_set_int(cell: Atomic<number>, bits: number): Step<number> {
  return cell.set(bits);
}

/** Clears bits. Context: any. */
export function atomic_clear_int(cell: Atomic<number>, bits: number): Step<number> {
  return cell.clear(bits);
}

/** Adds; returns the old value. Context: any. */
export function atomic_fetchadd_int(cell: Atomic<number>, value: number): Step<number> {
  return cell.add(value);
}

/** Adds. Context: any. */
export function atomic_add_int(cell: Atomic<number>, value: number): Step<number> {
  return cell.add(value);
}

/** Stores `next` if the value is `expected`; true when it did. Context: any. */
export function atomic_cmpset_int(cell: Atomic<number>, expected: number, next: number): Step<boolean> {
  return cell.cmpset(expected, next);
}

/** Stores; returns the old value. Context: any. */
export function atomic_swap_int(cell: Atomic<number>, value: number): Step<number> {
  return cell.swap(value);
}

/** Keeps stores in order; on x86 for the compiler only. Context: any. */
export function cpu_sfence(k: Kernel): void {
  k.x.storeFence();
}
/** Keeps loads in order. Context: any. */
export const cpu_lfence = (_k: Kernel): void => undefined;
/** Keeps the compiler from reordering. Context: any. */
export const cpu_ccfence = (_k: Kernel): void => undefined;
/** Everything before is visible before anything after. Context: any. */
export const cpu_mfence = (k: Kernel): Step<void> => k.x.pause(Op.Fence);
