// The completion interrupt makes room on the ring and does not say so.
import { IFF_RUNNING, defineDriver, ifsq_devstart, m_freem, type Kernel, type TxRing } from "interlock/model";
import type { Routine } from "interlock/sim";
import { skel } from "./skel.ts";

function* skel_txeof(k: Kernel, { device, hw, ifsq }: TxRing): Routine<void> {
  if (((yield* device.ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  for (let done = yield* hw.completed(); done > 0; done--) m_freem(k, hw.clean());
  yield* ifsq_devstart(k, ifsq);
}

export const forgetsOactive = defineDriver({ ...skel, txIntr: skel_txeof });
