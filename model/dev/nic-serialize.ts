/**
 * The serialize functions of a card with a serializer per ring ("multi serializers mode" of sys/net/if_var.h): all
 * of them, the main one first, the rings ascending.
 */
import type { Routine } from "../../sim/index.ts";
import {
  ASSERT_NOT_SERIALIZED,
  ASSERT_SERIALIZED,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
  type Serializer,
} from "../kern/lwkt_serialize.ts";
import type { Ifnet, Kernel } from "../net/driver.ts";
import type { Nic } from "./nic-softc.ts";

/** Gives the interface serialize functions of its own. Context: the driver, before attach. */
export function useRingSerializers(nic: Nic, main: Serializer): void {
  const { ifp } = nic;
  const all: readonly Serializer[] = [main, ...nic.rings.map((ring) => ring.serializer)];
  ifp.if_serialize.fixed = (k: Kernel, _ifp: Ifnet) => enterAll(k, all);
  ifp.if_deserialize.fixed = (k: Kernel, _ifp: Ifnet) => exitAll(k, all);
  ifp.if_tryserialize.fixed = (k: Kernel, _ifp: Ifnet) => tryAll(k, all);
  ifp.if_serialize_assert.fixed = (k, _ifp, _slz, serialized) => {
    for (const one of all) {
      if (serialized) ASSERT_SERIALIZED(k, one);
      else ASSERT_NOT_SERIALIZED(k, one);
    }
  };
}

function* enterAll(k: Kernel, all: readonly Serializer[]): Routine<void> {
  for (const one of all) yield* lwkt_serialize_enter(k, one);
}

function* exitAll(k: Kernel, all: readonly Serializer[]): Routine<void> {
  for (let i = all.length - 1; i >= 0; i--) yield* lwkt_serialize_exit(k, all[i] as Serializer); // below length
}

/** All or none: gives back what it took when one is held. */
function* tryAll(k: Kernel, all: readonly Serializer[]): Routine<boolean> {
  for (const [i, one] of all.entries()) {
    if (yield* lwkt_serialize_try(k, one)) continue;
    yield* exitAll(k, all.slice(0, i));
    return false;
  }
  return true;
}
