/**
 * A network interface card with transmit rings. The driver follows the rules for drivers of sys/net/if_var.h
 * ("multiple transmit queues") and takes nothing from the interface layer but `net/driver.ts`. The names here are
 * ours: no kernel has this card.
 *
 *   `nic.ts` attach and detach      `nic-transmit.ts` if_start, completions    `nic-control.ts` up, down, watchdogs
 *   `nic-ring.ts` rings, registers  `nic-serialize.ts` a serializer per ring   `nic-device.ts` the card itself
 */
import type { Routine } from "../../sim/index.ts";
import { returned } from "../errnos.ts";
import { register_int } from "../kern/kern_intr.ts";
import { lwkt_serialize_handler_disable } from "../kern/lwkt_serialize_array.ts";
import { SIOCSIFFLAGS } from "../sys/sockio.ts";
import {
  IFT_ETHER,
  if_alloc,
  if_attach,
  if_detach,
  if_free,
  if_up,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  ifq_get_subq,
  ifq_mapsubq_mask,
  ifq_set_maxlen,
  ifq_set_ready,
  ifq_set_subq_cnt,
  ifq_set_subq_mask,
  ifsq_set_cpuid,
  ifsq_set_hw_serialize,
  ifsq_set_priv,
  ifsq_watchdog_init,
  type Kernel,
} from "../net/driver.ts";
import { nicIfWatchdog, nicInit, nicIoctl, nicNpoll, nicStop, nicWatchdog } from "./nic-control.ts";
import { spuriousEngine, transmitEngine, type FaultBudget } from "./nic-device.ts";
import type { NicRing } from "./nic-ring.ts";
import { RingTiming, Wire } from "./nic-timing.ts";
import { useRingSerializers } from "./nic-serialize.ts";
import { Nic, type NicOptions } from "./nic-softc.ts";
import { nicStart, nicTransmit, nicTxIntr } from "./nic-transmit.ts";

/**
 * Makes a card and attaches its interface, down.
 * Context: thread, not a netisr.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* nicAttach(k: Kernel, options: NicOptions): Routine<Nic> {
  const ifp = yield* if_alloc(k, IFT_ETHER, options.name, options.unit);
  const nic = new Nic(k, options, ifp);
  ifp.if_softc = nic;
  ifp.if_mtu.fixed = options.mtu;
  ifp.if_start.fixed = options.completions === "card" ? nicStart : nicTransmit;
  ifp.if_ioctl.fixed = nicIoctl;
  ifp.if_init.fixed = nicInit;
  if (options.watchdog.of === "interface") ifp.if_watchdog.fixed = nicIfWatchdog;
  if (options.polling !== null) ifp.if_npoll.fixed = nicNpoll;
  if (nic.mainSerializer !== null) useRingSerializers(nic, nic.mainSerializer);

  const ifq = ifp.if_snd;
  if ("qmax" in options.queue) ifq_set_maxlen(k, ifq, options.queue.qmax);
  else ifq.altq_maxlen.fixed = options.queue.maxlen;
  yield* ifq_set_ready(ifq);
  ifq_set_subq_cnt(ifq, options.subqs);
  if (options.subqs > 1) {
    ifp.if_mapsubq.fixed = ifq_mapsubq_mask;
    ifq_set_subq_mask(k, ifq, options.subqs - 1);
  }

  yield* if_attach(k, ifp, null);

  for (const ring of nic.rings) yield* attachRing(k, nic, ring);
  if (options.completions === "card") startEngines(k, nic);
  return nic;
}

function* attachRing(k: Kernel, nic: Nic, ring: NicRing): Routine<void> {
  const ifsq = ifq_get_subq(k, nic.ifp.if_snd, ring.index);
  yield* ifsq_set_cpuid(k, ifsq, nic.options.owners[ring.index] ?? 0);
  ifsq_set_priv(ifsq, ring);
  if (nic.mainSerializer !== null) ifsq_set_hw_serialize(k, ifsq, ring.serializer);
  yield* ifsq_watchdog_init(k, ring.watchdog, ifsq, nicWatchdog);
  ring.ifsq = ifsq;
}

function startEngines(k: Kernel, nic: Nic): void {
  const budget: FaultBudget = { ...nic.options.faults };
  const wire = k.timing === null ? null : new Wire(k.timing);
  for (const ring of nic.rings) {
    const cpu = nic.options.interruptCpus[ring.index] ?? 0;
    const handler = (): Routine<void> => nicTxIntr(k, ring);
    ring.intr = register_int(k, cpu, ring.label, handler, ring.serializer);
    if (wire !== null) ring.timing = new RingTiming(k, ring, wire);
    ring.engine = k.x.spawn(ring.label, () => transmitEngine(k, ring, budget), { daemon: true });
  }
  if (budget.spuriousInterrupts > 0) {
    k.x.spawn(`${nic.ifp.if_xname} noise`, () => spuriousEngine(k, nic.rings, budget), {
      daemon: true,
    });
  }
}

/**
 * What `ifconfig up` does: marks the interface up, and has the driver follow.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* nicUp(k: Kernel, { ifp }: Nic): Routine<number> {
  yield* if_up(k, ifp);
  yield* ifnet_serialize_all(k, ifp);
  const error = yield* nicIoctl(k, ifp, SIOCSIFFLAGS, 0);
  yield* ifnet_deserialize_all(k, ifp);
  return returned(k, "if_ioctl", error);
}

/**
 * Takes the card down, its interrupts with it, and forgets the interface.
 * Context: thread, not a netisr.
 * Holds: nothing a network thread needs.
 * Blocks: yes.
 */
export function* nicDetach(k: Kernel, nic: Nic): Routine<void> {
  yield* ifnet_serialize_all(k, nic.ifp);
  yield* nicStop(k, nic);
  for (const ring of nic.rings) {
    ring.intr = null;
    // A handler that waits for the serializer looks once more after it got in.
    yield* lwkt_serialize_handler_disable(k, ring.serializer);
  }
  yield* ifnet_deserialize_all(k, nic.ifp);
  yield* if_detach(k, nic.ifp);
  yield* if_free(k, nic.ifp);
}
