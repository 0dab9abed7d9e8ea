/**
 * The serializers of an interface: the default functions of single serializer mode, and the wrappers everybody
 * calls.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 429 to 458); sys/net/if_var.h `ifnet_serialize_all` and family.
 */
import type { Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import {
  ASSERT_NOT_SERIALIZED,
  ASSERT_SERIALIZED,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_init,
  lwkt_serialize_try,
  type Serializer,
} from "../kern/lwkt_serialize.ts";
import { KASSERT, panic } from "../panic.ts";
import { IFNET_SERIALIZE_ALL, type Ifnet, type IfnetSerialize } from "./if_var.ts";

/** The kernel follows these pointers without looking; where one is NULL, that is a page fault. */
function pointer<T>(k: Kernel, value: T | null, name: string): T {
  return value ?? panic(k, `page fault: ${name} is NULL`);
}

const serializer = (k: Kernel, ifp: Ifnet): Serializer =>
  pointer(k, ifp.if_serializer.fixed, "if_serializer");

function if_default_serialize(k: Kernel, ifp: Ifnet, _slz: IfnetSerialize): Step<void> {
  //@ 432
  return lwkt_serialize_enter(k, serializer(k, ifp));
}

function if_default_deserialize(k: Kernel, ifp: Ifnet, _slz: IfnetSerialize): Step<void> {
  //@ 438
  return lwkt_serialize_exit(k, serializer(k, ifp));
}

function if_default_tryserialize(k: Kernel, ifp: Ifnet, _slz: IfnetSerialize): Step<boolean> {
  //@ 444
  return lwkt_serialize_try(k, serializer(k, ifp));
}

function if_default_serialize_assert(
  k: Kernel,
  ifp: Ifnet,
  _slz: IfnetSerialize,
  serialized: boolean,
): void {
  //@ 453
  if (serialized) {
    //@ 454
    ASSERT_SERIALIZED(k, serializer(k, ifp));
  } else {
    //@ 456
    ASSERT_NOT_SERIALIZED(k, serializer(k, ifp));
  }
}

/** Takes every serializer of the interface; may block. */
export const ifnet_serialize_all = (k: Kernel, ifp: Ifnet): Step<void> =>
  pointer(k, ifp.if_serialize.fixed, "if_serialize")(k, ifp, IFNET_SERIALIZE_ALL);

/** Gives every serializer of the interface up. */
export const ifnet_deserialize_all = (k: Kernel, ifp: Ifnet): Step<void> =>
  pointer(k, ifp.if_deserialize.fixed, "if_deserialize")(k, ifp, IFNET_SERIALIZE_ALL);

/** Takes every serializer of the interface if all are free. */
export const ifnet_tryserialize_all = (k: Kernel, ifp: Ifnet): Step<boolean> =>
  pointer(k, ifp.if_tryserialize.fixed, "if_tryserialize")(k, ifp, IFNET_SERIALIZE_ALL);

/** Panics unless the current thread holds every serializer of the interface. */
export function ASSERT_IFNET_SERIALIZED_ALL(k: Kernel, ifp: Ifnet): void {
  const check = pointer(k, ifp.if_serialize_assert.fixed, "if_serialize_assert");
  check(k, ifp, IFNET_SERIALIZE_ALL, true);
}

/**
 * Default serialize functions unless the driver brings all four of its own; then there is no `if_serializer`: the
 * beginning of `if_attach`.
 * Context: thread. Holds: nothing. Blocks: no.
 */
export function setupSerializer(k: Kernel, ifp: Ifnet, serializer: Serializer | null): void {
  const hooks = [ifp.if_deserialize, ifp.if_tryserialize, ifp.if_serialize_assert];
  //@ 473-479
  if (ifp.if_serialize.fixed !== null) {
    //@ 480-493
    for (const hook of hooks) {
      KASSERT(k, hook.fixed !== null, "serialize functions are partially setup");
    }
    KASSERT(
      k,
      serializer === null,
      "both serialize functions and default serializer are supplied",
    );
    ifp.if_serializer.fixed = null;
    return;
  }
  //@ 495-513
  for (const hook of hooks) {
    KASSERT(k, hook.fixed === null, "serialize functions are partially setup");
  }
  ifp.if_serialize.fixed = if_default_serialize;
  ifp.if_deserialize.fixed = if_default_deserialize;
  ifp.if_tryserialize.fixed = if_default_tryserialize;
  ifp.if_serialize_assert.fixed = if_default_serialize_assert;
  if (serializer === null) {
    //@ 514-515
    serializer = ifp.if_default_serializer;
    lwkt_serialize_init(k, serializer);
  }
  //@ 517
  ifp.if_serializer.fixed = serializer;
}
