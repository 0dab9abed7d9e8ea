/**
 * What the kernel prints.
 *
 * Mirrors: sys/kern/subr_prf.c `kprintf`, `log`. The message buffer has no limit here, and nobody reads it but
 * whoever listens (`Kernel.onConsole`). Text comes formatted.
 */
import type { Kernel } from "../kernel.ts";

/** Normal, but worth telling. */
export const LOG_INFO = 6;

/** Prints; how many characters. Context: any. Holds: anything. Blocks: no. */
export function kprintf(k: Kernel, text: string): number {
  k.onConsole?.(text);
  return text.length;
}

/** Prints to the log. Context: any. Holds: anything. Blocks: no. */
export function log(k: Kernel, _priority: number, text: string): void {
  k.onConsole?.(text);
}
