/**
 * Serializers of interrupt handlers, and arrays of serializers.
 *
 * Mirrors: sys/kern/lwkt_serialize.c `lwkt_serialize_handler_*`; sys/sys/serialize2.h.
 */
import { Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KKASSERT } from "../panic.ts";
import {
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
  type Serializer,
} from "./lwkt_serialize.ts";

/**
 * From now on the handler is not called; true if somebody is inside, perhaps the handler.
 * Context: any. Holds: anything. Blocks: no.
 */
export function* lwkt_serialize_handler_disable(k: Kernel, s: Serializer): Routine<boolean> {
  if (!k.x.point(packOp(Op.Rmw, s.object))) yield SWITCH;
  s.handlerDisabled = true;
  return s.owner !== null;
}

/** The handler may be called again. Context: any. Holds: anything. Blocks: no. */
export function* lwkt_serialize_handler_enable(k: Kernel, s: Serializer): Routine<void> {
  if (!k.x.point(packOp(Op.Rmw, s.object))) yield SWITCH;
  s.handlerDisabled = false;
}

/** The look at bit 30. */
function* isDisabled(k: Kernel, s: Serializer): Routine<boolean> {
  if (!k.x.point(packOp(Op.AtomicLoad, s.object))) yield SWITCH;
  return s.handlerDisabled;
}

/**
 * Calls an interrupt handler inside its serializer, unless it is disabled.
 * Context: interrupt thread. Holds: not `s`. Blocks: yes.
 */
export function* lwkt_serialize_handler_call(
  k: Kernel,
  s: Serializer,
  handler: (k: Kernel) => Step<void>,
): Routine<void> {
  if (yield* isDisabled(k, s)) return k.onBranch?.("interrupt handler: disabled");
  yield* lwkt_serialize_enter(k, s);
  const disabled = yield* isDisabled(k, s);
  k.onBranch?.(disabled ? "interrupt handler: disabled while it waited" : "interrupt handler: called");
  if (!disabled) yield* handler(k);
  yield* lwkt_serialize_exit(k, s);
}

/**
 * {@link lwkt_serialize_handler_call} that never blocks; false when it is disabled or contended.
 * Context: fast interrupt. Holds: not `s`. Blocks: no.
 */
export function* lwkt_serialize_handler_try(
  k: Kernel,
  s: Serializer,
  handler: (k: Kernel) => Step<void>,
): Routine<boolean> {
  if (yield* isDisabled(k, s)) return false;
  if (!(yield* lwkt_serialize_try(k, s))) return false;
  const called = !(yield* isDisabled(k, s));
  if (called) yield* handler(k);
  yield* lwkt_serialize_exit(k, s);
  return called;
}

/** Enters all from `first` on, ascending. Context: thread. Holds: none of them. Blocks: yes. */
export function* lwkt_serialize_array_enter(
  k: Kernel,
  array: readonly Serializer[],
  first: number,
): Routine<void> {
  KKASSERT(k, first < array.length, "_s < _arrcnt");
  for (const s of array.slice(first)) yield* lwkt_serialize_enter(k, s);
}

/** Enters all from `first` on if all are free, else none. Context: any. Holds: none of them. Blocks: no. */
export function* lwkt_serialize_array_try(
  k: Kernel,
  array: readonly Serializer[],
  first: number,
): Routine<boolean> {
  KKASSERT(k, first < array.length, "_s < _arrcnt");
  const taken: Serializer[] = [];
  for (const s of array.slice(first)) {
    if (yield* lwkt_serialize_try(k, s)) {
      taken.push(s);
      continue;
    }
    for (const mine of taken.reverse()) yield* lwkt_serialize_exit(k, mine);
    return false;
  }
  return true;
}

/** Leaves all down to `first`, descending. Context: who entered. Holds: all of them. Blocks: no. */
export function* lwkt_serialize_array_exit(
  k: Kernel,
  array: readonly Serializer[],
  first: number,
): Routine<void> {
  KKASSERT(k, first < array.length, "_s < _arrcnt");
  for (const s of array.slice(first).reverse()) yield* lwkt_serialize_exit(k, s);
}
