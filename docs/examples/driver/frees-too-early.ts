// The packet is freed as soon as the card knows of it, and once more when the card is done with it.
import {
  IFF_RUNNING, IFNET_STAT_INC, defineDriver, ifsq_dequeue, ifsq_is_empty, ifsq_set_oactive, m_freem, ringOf,
  type IfaltqSubque, type Ifnet, type Kernel,
} from "interlock/model";
import type { Routine } from "interlock/sim";
import { skel } from "./skel.ts";

function* skel_start(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  const { hw } = ringOf(ifsq);
  if (((yield* ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  while (!(yield* ifsq_is_empty(ifsq))) {
    if (hw.used === hw.size) {
      ifsq_set_oactive(ifsq);
      break;
    }
    const m = yield* ifsq_dequeue(k, ifsq);
    if (m === null) break;
    hw.fill(m);
    yield* hw.doorbell();
    IFNET_STAT_INC(k, ifp, "opackets", 1);
    m_freem(k, m);
  }
}

export const freesTooEarly = defineDriver({ ...skel, if_start: skel_start });
