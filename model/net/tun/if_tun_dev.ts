/**
 * tun(4), what processes read and wait for.
 *
 * Mirrors: sys/net/tun/if_tun.c (seed 003): `tunread`, `tunpoll`.
 */
//@ seed 003
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { curthread } from "../../kern/globaldata.ts";
import {
  IO_NDELAY,
  POLLIN,
  POLLOUT,
  POLLRDNORM,
  POLLWRNORM,
  type DevPollArgs,
  type DevReadArgs,
} from "../../kern/kern_conf.ts";
import { uiomove } from "../../kern/kern_subr.ts";
import { PCATCH, tsleep } from "../../kern/kern_synch.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit } from "../../kern/lwkt_serialize.ts";
import { selrecord } from "../../kern/sys_generic.ts";
import { freeOne, handChain, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { EHOSTDOWN, EWOULDBLOCK } from "../../sys/errno.ts";
import { m_freem } from "../../sys/mbuf.ts";
import { panic } from "../../panic.ts";
import { returned } from "../../errnos.ts";
import { TUN_READY, TUN_RWAIT, softcOf, type TunSoftc } from "./if_tunvar.ts";
import { ifq_dequeue, ifq_is_empty } from "./ifq_2008.ts";

// -- reading ----------------------------------------------------------------------------------------------

/** Lines 511 to 525: the next packet, or the errno why there is none. */
function* waitForPacket(k: Kernel, tp: TunSoftc, ap: DevReadArgs): Routine<DataMbuf | number> {
  const ifp = tp.tun_if;
  //@ 511-513
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  let m0 = yield* ifq_dequeue(k, ifp.if_snd, null);
  while (m0 === null) {
    //@ 514
    if ((ap.a_ioflag & IO_NDELAY) !== 0) {
      //@ 515-516
      yield* lwkt_serialize_exit(k, ifp.if_serializer);
      return EWOULDBLOCK;
    }
    //@ 518-520
    yield* tp.tun_flags.store((yield* tp.tun_flags.load()) | TUN_RWAIT);
    yield* lwkt_serialize_exit(k, ifp.if_serializer);
    const error = yield* tsleep(k, tp, PCATCH, "tunread", 0);
    if (error !== 0) {
      //@ 521
      return error;
    }
    //@ 522
    yield* lwkt_serialize_enter(k, ifp.if_serializer);
    m0 = yield* ifq_dequeue(k, ifp.if_snd, null);
  }
  //@ 525
  handChain(m0, curthread(k).td_name);
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  return m0;
}

/**
 * Reads one packet, as much of it as is asked for; the rest is dropped, and all of it when the copy faults.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes: until there is a packet, for the serializer, for pages.
 */
export function* tunread(k: Kernel, ap: DevReadArgs): Routine<number> {
  //@ 496-504
  const uio = ap.a_uio;
  const tp = softcOf(yield* ap.a_dev.si_drv1.load());
  let error = 0;
  if (((yield* tp.tun_flags.load()) & TUN_READY) !== TUN_READY) {
    //@ 505-506
    return returned(k, "tunread", EHOSTDOWN);
  }

  //@ 509
  yield* tp.tun_flags.store((yield* tp.tun_flags.load()) & ~TUN_RWAIT);

  const got = yield* waitForPacket(k, tp, ap);
  if (typeof got === "number") return returned(k, "tunread", got);

  let m0: DataMbuf | null = got;
  //@ 527
  while (m0 !== null && uio.uio_resid > 0 && error === 0) {
    //@ 528-529
    const len = Math.min(uio.uio_resid, m0.m_len >>> 0);
    if (len !== 0) {
      //@ 530
      error = yield* uiomove(k, m0.mtod(), len, uio);
    }
    //@ 531
    m0 = freeOne(k, m0);
  }

  //@ 534
  if (m0 !== null) {
    //@ 535-536
    m_freem(k, m0);
  }
  //@ 538
  return returned(k, "tunread", error);
}

// -- waiting ----------------------------------------------------------------------------------------------

/**
 * What may be done without sleeping: reading when there is a packet, which may not be allowed to leave; writing always.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, for the serializer.
 */
export function* tunpoll(k: Kernel, ap: DevPollArgs): Routine<number> {
  //@ 674-681
  const tp = softcOf(yield* ap.a_dev.si_drv1.load());
  const ifp = tp.tun_if;
  let revents = 0;
  yield* lwkt_serialize_enter(k, ifp.if_serializer);

  //@ 683
  if ((ap.a_events & (POLLIN | POLLRDNORM)) !== 0) {
    //@ 684
    if (!(yield* ifq_is_empty(ifp.if_snd))) {
      //@ 685-686
      revents |= ap.a_events & (POLLIN | POLLRDNORM);
    } else {
      //@ 688-689
      const { td_lwp } = curthread(k);
      if (td_lwp === null) return panic(k, "selrecord: the thread is no process's");
      yield* selrecord(k, td_lwp, tp.tun_rsel);
    }
  }
  //@ 692
  if ((ap.a_events & (POLLOUT | POLLWRNORM)) !== 0) {
    //@ 693
    revents |= ap.a_events & (POLLOUT | POLLWRNORM);
  }

  //@ 695-697
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  ap.a_events = revents;
  return returned(k, "tunpoll", 0);
}
