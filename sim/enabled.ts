/**
 * The enabled set: who may go next. It is maintained, never recomputed, so a point costs the same however many
 * CPUs idle and threads wait.
 */
import type { Context } from "./context.ts";
import type { Gate } from "./gate.ts";
import type { Points } from "./points.ts";

/** Puts a context into the set or takes it out, after something it depends on has changed. */
export function refresh(x: Points, context: Context): void {
  const may = mayRun(context);
  if (may === context.enabled) return;
  if (may) enable(x, context);
  else disable(x, context);
}

function mayRun(context: Context): boolean {
  if (context.life === "done" || context.blocked) return false;
  if (context.gate !== null && context.gate.owner !== null) return false;
  if (context.drains && context.buffer?.isEmpty === false) return false;
  const cpu = context.cpu;
  if (cpu === null) return true;
  if (cpu.nested !== null) return cpu.nested === context;
  if (cpu.thread === context) return true;
  if (cpu.masked || cpu.raised === 0) return false;
  const index = cpu.lines.indexOf(context);
  return index >= 0 && (cpu.raised & (1 << index)) !== 0;
}

/** Adds a context; the set stays ordered by id. */
function enable(x: Points, context: Context): void {
  if (context.enabled) return;
  context.enabled = true;
  context.readyAt = x.now;
  x.leaseEnd = 0;
  const enabled = x.enabled;
  let i = enabled.length;
  enabled.push(context);
  while (i > 0) {
    const before = enabled[i - 1] as Context;
    if (before.id < context.id) break;
    enabled[i] = before;
    i--;
  }
  enabled[i] = context;
}

/** Takes a context out. */
export function disable(x: Points, context: Context): void {
  if (!context.enabled) return;
  context.enabled = false;
  x.leaseEnd = 0;
  remove(x.enabled, context);
}

/** The gate was released: its waiters may go. */
export function openGate(x: Points, gate: Gate): void {
  for (const waiter of gate.waiters) refresh(x, waiter);
}

/** The gate was taken by the current context: the other waiters may not go. */
export function closeGate(x: Points, gate: Gate): void {
  const current = x.current;
  if (current.gate === gate) {
    remove(gate.waiters, current);
    current.gate = null;
  }
  for (const waiter of gate.waiters) disable(x, waiter);
}

/** Removes one item in place, keeping the order. Neither `splice` nor setting `length` is as cheap as `pop`. */
function remove(from: Context[], item: Context): void {
  const last = from.length - 1;
  let i = from.indexOf(item);
  if (i < 0) return;
  for (; i < last; i++) from[i] = from[i + 1] as Context;
  from.pop();
}
