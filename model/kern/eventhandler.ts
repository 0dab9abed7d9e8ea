/**
 * Event handlers: lists of routines that are called when something happens.
 *
 * Mirrors: sys/kern/subr_eventhandler.c, sys/sys/eventhandler.h: `EVENTHANDLER_REGISTER`, `EVENTHANDLER_INVOKE`.
 * Left out: deregistration, and what protects a list that changes while it is walked: lists change at set-up only.
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";

/** A handler. May block. */
export type EventHandlerFn<T> = (k: Kernel, arg: T) => Step<void>;

/** Handlers called first, in the order of their registration, have the lower number. */
export const EVENTHANDLER_PRI_ANY = 10_000;

/** `struct eventhandler_list`, by ascending priority. */
export class EventHandlerList<T> {
  readonly entries: { readonly ee_priority: number; readonly func: EventHandlerFn<T> }[] = [];
}

/** Adds a handler, behind those of lower or equal priority. Context: set-up. Holds: nothing. Blocks: no. */
export function EVENTHANDLER_REGISTER<T>(
  _k: Kernel,
  list: EventHandlerList<T>,
  func: EventHandlerFn<T>,
  ee_priority: number,
): void {
  const at = list.entries.findIndex((entry) => entry.ee_priority > ee_priority);
  list.entries.splice(at < 0 ? list.entries.length : at, 0, { ee_priority, func });
}

/**
 * Calls every handler, one after the other.
 * Context: any that the handlers allow.
 * Holds: what the handlers allow.
 * Blocks: as the handlers do.
 */
export function* EVENTHANDLER_INVOKE<T>(k: Kernel, list: EventHandlerList<T>, arg: T): Routine<void> {
  for (const { func } of list.entries) yield* func(k, arg);
}
