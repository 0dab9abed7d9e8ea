/**
 * The serialize functions of a card with a serializer per ring ("multi serializers mode" of sys/net/if_var.h): all
 * of them, the main one first, the rings ascending.
 */
import type { Step } from "../../sim/index.ts";
import {
  ASSERT_NOT_SERIALIZED,
  ASSERT_SERIALIZED,
  deviceOf,
  lwkt_serialize_array_enter,
  lwkt_serialize_array_exit,
  lwkt_serialize_array_try,
  type Ifnet,
  type IfnetSerialize,
  type Kernel,
} from "../net/driver.ts";

export const nicSerialize = (k: Kernel, ifp: Ifnet): Step<void> =>
  lwkt_serialize_array_enter(k, deviceOf(ifp).serializers, 0);

export const nicDeserialize = (k: Kernel, ifp: Ifnet): Step<void> =>
  lwkt_serialize_array_exit(k, deviceOf(ifp).serializers, 0);

/** All or none: gives back what it took when one is held. */
export const nicTryserialize = (k: Kernel, ifp: Ifnet): Step<boolean> =>
  lwkt_serialize_array_try(k, deviceOf(ifp).serializers, 0);

export function nicSerializeAssert(k: Kernel, ifp: Ifnet, _slz: IfnetSerialize, serialized: boolean): void {
  for (const one of deviceOf(ifp).serializers) {
    if (serialized) ASSERT_SERIALIZED(k, one);
    else ASSERT_NOT_SERIALIZED(k, one);
  }
}
