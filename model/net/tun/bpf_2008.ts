/**
 * Packets that a listener writes to a tun interface.
 *
 * Mirrors: sys/net/bpf.c `bpfwrite`, `bpf_movein` for DLT_NULL; May 2008.
 *
 * An environment of tun(4). The destination is one static object for all writers: its family says that the packet begins
 * with four bytes of family, which `if_output` takes off, storing the family there. Who writes meanwhile shares it.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { uiomove, type Uio } from "../../kern/kern_subr.ts";
import { get_mplock, rel_mplock } from "../../kern/lwkt_token.ts";
import { MGETHDR, MHLEN } from "../../kern/uipc_mbuf.ts";
import { M_WAITOK } from "../../sys/malloc.ts";
import { EIO, EMSGSIZE, ENOBUFS, ENXIO } from "../../sys/errno.ts";
import { m_freem } from "../../sys/mbuf.ts";
import type { Ifnet2008 } from "./ifnet_2008.ts";
import { AF_UNSPEC } from "../sockaddr.ts";
import type { OutSockaddr } from "./sockaddr_2008.ts";

/** `bpf_movein` and what follows it. */
function* moveAndSend(k: Kernel, ifp: Ifnet2008, uio: Uio, dst: OutSockaddr): Routine<number> {
  yield* dst.sa_family.store(AF_UNSPEC);
  const m = MGETHDR(k, M_WAITOK);
  if (m === null) return ENOBUFS;
  const len = uio.uio_resid;
  m.m_len = len;
  m.m_pkthdr.len = len;
  const error = yield* uiomove(k, m.mtod(), len, uio);
  if (error !== 0) {
    m_freem(k, m);
    return error;
  }
  if (len > (yield* ifp.if_mtu.load())) {
    m_freem(k, m);
    return EMSGSIZE;
  }
  return yield* ifp.if_output(k, ifp, m, dst);
}

/**
 * Sends what a process writes to a listener's descriptor.
 * Context: process.
 * Holds: nothing.
 * Blocks: yes, for pages and as `if_output`.
 */
export function* bpfWrite(k: Kernel, ifp: Ifnet2008, uio: Uio): Routine<number> {
  const dst = k.net.tun?.bpfDst;
  if (dst === undefined) return ENXIO;
  if (uio.uio_resid === 0) return 0;
  if (uio.uio_resid > MHLEN) return EIO;
  yield* get_mplock(k);
  const error = yield* moveAndSend(k, ifp, uio, dst);
  yield* rel_mplock(k);
  return error;
}
