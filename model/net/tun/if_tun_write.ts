/**
 * tun(4), what processes write.
 *
 * Mirrors: sys/net/tun/if_tun.c (seed 003): `tunwrite`.
 */
//@ seed 003
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { DevWriteArgs } from "../../kern/kern_conf.ts";
import { uiomove, type Uio } from "../../kern/kern_subr.ts";
import { MB_DONTWAIT, MGET, MGETHDR, MHLEN, MLEN, m_adj, m_pullup, viewOf, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { EAFNOSUPPORT, EIO, ENOBUFS } from "../../sys/errno.ts";
import { m_freem } from "../../sys/mbuf.ts";
import { panic } from "../../panic.ts";
import { returned } from "../../errnos.ts";
import { TUNMRU, TUN_IFHEAD, softcOf, type TunSoftc } from "./if_tunvar.ts";
import { NETISR_IP, NETISR_IPV6, bpf_mtap, bpf_ptap, netisr_dispatch, type Ifnet2008 } from "./ifnet_2008.ts";
import { AF_INET, AF_INET6 } from "../sockaddr.ts";

/** What lines 567 to 594 come to: the chain and its last allocation, or the errno. */
type Filled = { readonly top: DataMbuf; readonly m: DataMbuf };

/** Lines 567 to 594: a chain of buffers with what the process wrote. Each of them may not be had, each copy may fault. */
function* fillChain(k: Kernel, ifp: Ifnet2008, uio: Uio): Routine<Filled | number> {
  let error = 0;
  // Get a header mbuf.
  //@ 568-569
  let m = MGETHDR(k, MB_DONTWAIT);
  if (m === null) {
    //@ 570
    return ENOBUFS;
  }
  //@ 571-575
  let mlen = MHLEN;
  let top: DataMbuf | null = null;
  let last: DataMbuf | null = null;
  while (error === 0 && uio.uio_resid > 0) {
    //@ 576-580
    m.m_len = Math.min(mlen, uio.uio_resid);
    error = yield* uiomove(k, m.mtod(), m.m_len, uio);
    if (last === null) top = m;
    else last.m_next = m;
    last = m;
    if (uio.uio_resid > 0) {
      //@ 581-582
      const next = MGET(k, MB_DONTWAIT);
      if (next === null) {
        //@ 583-584
        error = ENOBUFS;
        break;
      }
      //@ 586
      m = next;
      mlen = MLEN;
    }
  }
  //@ 589
  if (error !== 0) {
    //@ 590
    if (top !== null) {
      //@ 591
      m_freem(k, top);
    }
    //@ 592-593
    ifp.if_ierrors.held++;
    return error;
  }
  return { top: top ?? panic(k, "page fault: tunwrite: top is NULL"), m };
}

/** Lines 599 to 622: lets listeners hear the packet. Null: there was no memory, and the packet is gone. */
function* tapWritten(k: Kernel, tp: TunSoftc, packet: DataMbuf): Routine<DataMbuf | null> {
  const ifp = tp.tun_if;
  let top = packet;
  //@ 599
  const bpf = yield* ifp.if_bpf.load();
  if (bpf !== null) {
    //@ 600
    if (((yield* tp.tun_flags.load()) & TUN_IFHEAD) !== 0) {
      // Conveniently, we already have a 4-byte address family prepended to our packet. Inconveniently, it is in the
      // wrong byte order.
      //@ 606
      const pulled = m_pullup(k, top, 4);
      if (pulled === null) {
        //@ 607
        return null;
      }
      //@ 608-612
      top = pulled;
      viewOf(top).setUint32(0, viewOf(top).getUint32(0), true);
      yield* bpf_mtap(k, bpf, top);
      viewOf(top).setUint32(0, viewOf(top).getUint32(0, true));
    } else {
      // We need to prepend the address family as a four byte field.
      //@ 618-620
      yield* bpf_ptap(k, bpf, top, AF_INET);
    }
  }
  return top;
}

/** Lines 624 to 664: takes the family off the front, counts the packet and gives it to its protocol. */
function* toProtocol(k: Kernel, tp: TunSoftc, packet: DataMbuf, m: DataMbuf): Routine<number> {
  const ifp = tp.tun_if;
  let top = packet;
  let family = 0;
  //@ 624
  if (((yield* tp.tun_flags.load()) & TUN_IFHEAD) !== 0) {
    //@ 625-626
    const pulled = top.m_len < 4 ? m_pullup(k, top, 4) : top;
    if (pulled === null) {
      //@ 627
      return ENOBUFS;
    }
    //@ 628-629
    top = pulled;
    family = viewOf(top).getUint32(0);
    m_adj(k, top, 4);
  } else {
    //@ 631
    family = AF_INET;
  }

  //@ 633-636
  ifp.if_ibytes.held += top.m_pkthdr.len;
  ifp.if_ipackets.held++;

  let isr = 0;
  switch (family) {
    case AF_INET:
      //@ 639-640
      isr = NETISR_IP;
      break;
    case AF_INET6:
      //@ 644-645
      isr = NETISR_IPV6;
      break;
    default:
      //@ 658-659
      m_freem(k, m);
      return EAFNOSUPPORT;
  }

  //@ 662-663
  yield* netisr_dispatch(k, isr, top);
  return 0;
}

/**
 * Takes one packet from a process: a write is a packet, whole.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, for pages.
 */
export function* tunwrite(k: Kernel, ap: DevWriteArgs): Routine<number> {
  //@ 547-558
  const uio = ap.a_uio;
  const tp = softcOf(yield* ap.a_dev.si_drv1.load());
  const ifp = tp.tun_if;
  if (uio.uio_resid === 0) {
    //@ 559
    return returned(k, "tunwrite", 0);
  }

  //@ 561
  if (uio.uio_resid < 0 || uio.uio_resid > TUNMRU) {
    //@ 562-563
    return returned(k, "tunwrite", EIO);
  }
  //@ 565
  const tlen = uio.uio_resid;

  const filled = yield* fillChain(k, ifp, uio);
  if (typeof filled === "number") return returned(k, "tunwrite", filled);

  //@ 596-597
  const { m } = filled;
  filled.top.m_pkthdr.len = tlen;
  filled.top.rcvif = ifp;

  const top = yield* tapWritten(k, tp, filled.top);
  if (top === null) return returned(k, "tunwrite", ENOBUFS);
  return returned(k, "tunwrite", yield* toProtocol(k, tp, top, m));
}
