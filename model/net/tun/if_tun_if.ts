/**
 * tun(4), the network's side.
 *
 * Mirrors: sys/net/tun/if_tun.c (seed 003): `tuninit`, `tunifioctl`, `tunoutput_serialized`, `tunoutput`, `tunstart`.
 */
//@ seed 003
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { SIGIO, pgsigio } from "../../kern/kern_sig.ts";
import { wakeup } from "../../kern/kern_synch.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit } from "../../kern/lwkt_serialize.ts";
import { get_mplock, rel_mplock } from "../../kern/lwkt_token.ts";
import { selwakeup } from "../../kern/sys_generic.ts";
import { MB_DONTWAIT, M_PREPEND, viewOf, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { EAFNOSUPPORT, EFAULT, EHOSTDOWN, EINVAL, ENOBUFS } from "../../sys/errno.ts";
import { m_freem } from "../../sys/mbuf.ts";
import { returned } from "../../errnos.ts";
import { IFF_RUNNING, IFF_UP } from "../if_var.ts";
import {
  SIOCADDMULTI,
  SIOCDELMULTI,
  SIOCGIFSTATUS,
  SIOCSIFADDR,
  SIOCSIFDSTADDR,
  SIOCSIFFLAGS,
  SIOCSIFMTU,
} from "../../sys/sockio.ts";
import {
  TUN_ASYNC,
  TUN_IASET,
  TUN_IFHEAD,
  TUN_LMODE,
  TUN_READY,
  TUN_RWAIT,
  softcOf,
  type TunSoftc,
} from "./if_tunvar.ts";
import { addressesHere, bpf_ptap, type IfrData, type Ifnet2008 } from "./ifnet_2008.ts";
import { ifq_classify, ifq_handoff_2008, ifq_is_enabled_2008, ifq_poll, type AltqPktattr } from "./ifq_2008.ts";
import { AF_INET, AF_UNSPEC } from "../sockaddr.ts";
import type { OutSockaddr } from "./sockaddr_2008.ts";

/**
 * An address was set: the interface is up and running. EFAULT when some address was never filled in.
 * Context: thread.
 * Holds: the serializer.
 * Blocks: no.
 */
function* tuninit(k: Kernel, ifp: Ifnet2008): Routine<number> {
  //@ 198-205
  const tp = softcOf(ifp.if_softc);
  let error = 0;
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_UP | IFF_RUNNING);
  yield* ifp.if_lastchange.store(k.clock.ticks);

  //@ 207
  for (const ifa of addressesHere(k, ifp)) {
    //@ 208-210
    if (ifa.ifa_addr === null) {
      //@ 211
      error = EFAULT;
    } else {
      //@ 215
      if (ifa.ifa_addr.sa_family === AF_INET) {
        //@ 218-219
        const si = ifa.ifa_addr;
        if (si.s_addr !== 0) {
          //@ 220
          yield* tp.tun_flags.store((yield* tp.tun_flags.load()) | TUN_IASET);
        }
      }
    }
  }
  //@ 225
  return returned(k, "tuninit", error);
}

/**
 * A request about the interface.
 * Context: thread.
 * Holds: the serializer.
 * Blocks: no.
 */
export function* tunifioctl(k: Kernel, ifp: Ifnet2008, cmd: number, ifr: IfrData): Routine<number> {
  //@ 236-239
  const tp = softcOf(ifp.if_softc);
  let error = 0;

  //@ 241
  switch (cmd) {
    case SIOCGIFSTATUS: {
      //@ 243-244
      if ((yield* tp.tun_pid.load()) !== 0) {
        //@ 245-246
        ifr.ascii = `${ifr.ascii ?? ""}\tOpened by PID ${String(yield* tp.tun_pid.load())}\n`;
      }
      break;
    }
    case SIOCSIFADDR:
      //@ 249-251
      error = yield* tuninit(k, ifp);
      break;
    case SIOCSIFDSTADDR:
      //@ 253-255
      error = yield* tuninit(k, ifp);
      break;
    case SIOCSIFMTU:
      //@ 257-259
      yield* ifp.if_mtu.store(ifr.ifr_mtu ?? 0);
      break;
    case SIOCSIFFLAGS:
    case SIOCADDMULTI:
    case SIOCDELMULTI:
      break;
    default:
      //@ 265
      error = EINVAL;
  }
  //@ 267
  return returned(k, "tunifioctl", error);
}

/** Drops a packet for which there was no memory: the chain is gone already. */
function dropForMemory(ifp: Ifnet2008): number {
  ifp.if_snd.ifq_drops.held++;
  ifp.if_oerrors.held++;
  return ENOBUFS;
}

/** Lines 353 to 366: queues the packet and tells who waits. */
function* queueAndTell(k: Kernel, ifp: Ifnet2008, tp: TunSoftc, m0: DataMbuf, pattr: AltqPktattr | null): Routine<number> {
  //@ 351-352
  const error = yield* ifq_handoff_2008(k, ifp, m0, pattr);
  if (error !== 0) {
    //@ 353
    ifp.if_collisions.held++;
  } else {
    //@ 355-356
    ifp.if_opackets.held++;
    if (((yield* tp.tun_flags.load()) & TUN_RWAIT) !== 0) {
      //@ 357-358
      yield* tp.tun_flags.store((yield* tp.tun_flags.load()) & ~TUN_RWAIT);
      yield* wakeup(k, tp);
    }
    //@ 360-361
    yield* get_mplock(k);
    if (((yield* tp.tun_flags.load()) & TUN_ASYNC) !== 0 && (yield* tp.tun_sigio.load()) !== null) {
      //@ 362
      yield* pgsigio(k, yield* tp.tun_sigio.load(), SIGIO, 0);
    }
    //@ 363-364
    yield* selwakeup(k, tp.tun_rsel);
    yield* rel_mplock(k);
  }
  //@ 366
  return error;
}

/** Lines 315 to 349: puts in front what the mode asks for. The errno why not, and then the packet is gone. */
function* prependFront(k: Kernel, ifp: Ifnet2008, tp: TunSoftc, packet: DataMbuf, dst: OutSockaddr): Routine<DataMbuf | number> {
  let m0: DataMbuf | null = packet;
  // Prepend sockaddr? This may abort if the mbuf allocation fails.
  //@ 316
  if (((yield* tp.tun_flags.load()) & TUN_LMODE) !== 0) {
    // Allocate space for sockaddr.
    //@ 318-321
    m0 = M_PREPEND(k, m0, dst.sa_len, MB_DONTWAIT);
    if (m0 === null) {
      //@ 322-324
      return dropForMemory(ifp);
    } else {
      //@ 326
      m0.mtod().set(dst.bytes(yield* dst.sa_family.load()));
    }
  }
  //@ 330
  if (((yield* tp.tun_flags.load()) & TUN_IFHEAD) !== 0) {
    // Prepend the address family.
    //@ 332-335
    m0 = M_PREPEND(k, m0, 4, MB_DONTWAIT);
    if (m0 === null) {
      //@ 336-338
      return dropForMemory(ifp);
    } else {
      //@ 340
      viewOf(m0).setUint32(0, yield* dst.sa_family.load());
    }
  } else {
    //@ 343
    if ((yield* dst.sa_family.load()) !== AF_INET) {
      //@ 346-347
      m_freem(k, m0);
      return EAFNOSUPPORT;
    }
  }
  return m0;
}

/**
 * Queues a packet for whoever reads the device. The packet is consumed, whatever comes of it.
 * Context: thread.
 * Holds: the serializer.
 * Blocks: yes, for the queue's lock, the MP lock and a process group's.
 */
function* tunoutput_serialized(k: Kernel, ifp: Ifnet2008, packet: DataMbuf, dst: OutSockaddr): Routine<number> {
  //@ 279-285
  const tp = softcOf(ifp.if_softc);
  const m0 = packet;
  if (((yield* tp.tun_flags.load()) & TUN_READY) !== TUN_READY) {
    //@ 286-288
    m_freem(k, m0);
    return EHOSTDOWN;
  }

  // If the queueing discipline needs packet classification, do it before prepending link headers.
  //@ 295
  const pktattr = yield* ifq_classify(k, ifp.if_snd, m0, yield* dst.sa_family.load());

  // BPF write needs to be handled specially.
  //@ 298
  if ((yield* dst.sa_family.load()) === AF_UNSPEC) {
    //@ 299-302
    yield* dst.sa_family.store(viewOf(m0).getInt32(0, true) & 0xff);
    m0.m_len -= 4;
    m0.m_pkthdr.len -= 4;
    m0.m_data += 4;
  }

  //@ 305
  const bpf = yield* ifp.if_bpf.load();
  if (bpf !== null) {
    // We need to prepend the address family as a four byte field.
    //@ 310-312
    yield* bpf_ptap(k, bpf, m0, yield* dst.sa_family.load());
  }

  const ready = yield* prependFront(k, ifp, tp, m0, dst);
  if (typeof ready === "number") return ready;
  return yield* queueAndTell(k, ifp, tp, ready, pktattr);
}

/**
 * Queues a packet for whoever reads the device.
 * Context: thread.
 * Holds: not the serializer.
 * Blocks: yes, for the serializer and as {@link tunoutput_serialized}.
 */
export function* tunoutput(k: Kernel, ifp: Ifnet2008, m0: DataMbuf, dst: OutSockaddr): Routine<number> {
  //@ 375-379
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  const error = yield* tunoutput_serialized(k, ifp, m0, dst);
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  return returned(k, "tunoutput", error);
}

/**
 * Tells readers that a packet may leave now, where a discipline holds them back. Takes none, and not the MP lock either.
 * Context: thread.
 * Holds: the serializer.
 * Blocks: yes, for the queue's lock and a process group's.
 */
export function* tunstart(k: Kernel, ifp: Ifnet2008): Routine<void> {
  //@ 709-712
  const tp = softcOf(ifp.if_softc);
  if (!(yield* ifq_is_enabled_2008(ifp.if_snd))) {
    //@ 713
    return;
  }

  //@ 715-716
  const m = yield* ifq_poll(k, ifp.if_snd);
  if (m !== null) {
    //@ 717
    if (((yield* tp.tun_flags.load()) & TUN_RWAIT) !== 0) {
      //@ 718-719
      yield* tp.tun_flags.store((yield* tp.tun_flags.load()) & ~TUN_RWAIT);
      yield* wakeup(k, tp);
    }
    //@ 721
    if (((yield* tp.tun_flags.load()) & TUN_ASYNC) !== 0 && (yield* tp.tun_sigio.load()) !== null) {
      //@ 722
      yield* pgsigio(k, yield* tp.tun_sigio.load(), SIGIO, 0);
    }
    //@ 723
    yield* selwakeup(k, tp.tun_rsel);
  }
}
