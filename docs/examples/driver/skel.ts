// skel(4): a driver for the simulated card that does what a driver must, and nothing else.
import {
  EINVAL, IFF_RUNNING, IFF_UP, IFNET_STAT_INC, SIOCSIFFLAGS, defineDriver, deviceOf, ifsq_clr_oactive,
  ifsq_dequeue, ifsq_devstart, ifsq_is_empty, ifsq_set_oactive, m_freem, ringOf,
  type IfaltqSubque, type Ifnet, type Kernel, type TxRing,
} from "interlock/model";
import type { Routine } from "interlock/sim";

function* skel_start(k: Kernel, ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  const { hw } = ringOf(ifsq);
  let taken = 0;
  if (((yield* ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  while (!(yield* ifsq_is_empty(ifsq))) {
    if (hw.used === hw.size) {
      ifsq_set_oactive(ifsq);
      break;
    }
    const m = yield* ifsq_dequeue(k, ifsq);
    if (m === null) break; // somebody purged the queue, or the token bucket is empty
    hw.fill(m);
    taken++;
  }
  if (taken === 0) return;
  IFNET_STAT_INC(k, ifp, "opackets", taken);
  yield* hw.doorbell();
}

export function* skel_txeof(k: Kernel, { device, hw, ifsq }: TxRing): Routine<void> {
  if (((yield* device.ifp.if_flags.load()) & IFF_RUNNING) === 0) return;
  for (let done = yield* hw.completed(); done > 0; done--) m_freem(k, hw.clean());
  if (hw.used < hw.size) ifsq_clr_oactive(ifsq);
  yield* ifsq_devstart(k, ifsq);
}

function* skel_stop(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_RUNNING);
  for (const { hw, ifsq } of deviceOf(ifp).rings) {
    while (hw.used > 0) m_freem(k, hw.clean());
    yield* hw.reset();
    ifsq_clr_oactive(ifsq);
  }
}

function* skel_ioctl(k: Kernel, ifp: Ifnet, cmd: number): Routine<number> {
  if (cmd !== SIOCSIFFLAGS) return EINVAL;
  const flags = yield* ifp.if_flags.load();
  const up = (flags & IFF_UP) !== 0;
  const running = (flags & IFF_RUNNING) !== 0;
  if (running && !up) yield* skel_stop(k, ifp);
  if (up && !running) yield* ifp.if_flags.store(flags | IFF_RUNNING);
  return 0;
}

export const skel = defineDriver({
  name: "skel", if_start: skel_start, if_ioctl: skel_ioctl, stop: skel_stop, txIntr: skel_txeof,
});
