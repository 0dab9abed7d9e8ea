/**
 * Packets with their bytes: chains of buffers.
 *
 * Mirrors: sys/kern/uipc_mbuf.c `m_prepend`, `m_pullup`, `m_adj`; sys/sys/mbuf.h MGETHDR, MGET, M_PREPEND; i386, 2008.
 * Left out: clusters (nobody here needs more than chains), trimming tails, tags.
 */
import { misuse } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { M_NOWAIT } from "../sys/malloc.ts";
import { M_PKTHDR, Mbuf, m_free, m_freem } from "../sys/mbuf.ts";

/** Bytes of a buffer, and of one that has the packet's header. */
export const MLEN = 180;
export const MHLEN = 136;
/** An allocation that must not wait (2008's name). */
export const MB_DONTWAIT = M_NOWAIT;

/** A buffer with bytes. Only its owner touches it, so its fields are plain; each access looks whether it is gone. */
export class DataMbuf extends Mbuf {
  readonly #dat = new Uint8Array(MLEN);
  #data: number;
  #len = 0;
  /** `m_pkthdr.rcvif`: the interface it came in by. */
  rcvif: object | null = null;
  /** Of a chain's length when it was told as one packet: what the workload calls it. */
  tag = "";

  constructor(k: Kernel, id: number) {
    super(k, { id, len: 0, owner: k.x.current.name });
    this.#data = MLEN - MHLEN;
  }

  /** Offset of the first byte. */
  get m_data(): number {
    this.alive("read");
    return this.#data;
  }
  set m_data(value: number) {
    this.alive("written");
    this.#data = value;
  }
  get m_len(): number {
    this.alive("read");
    return this.#len;
  }
  set m_len(value: number) {
    this.alive("written");
    this.#len = value;
  }
  /** Where its bytes may begin: behind the header, when it has one. */
  get m_pktdat(): number {
    return (this.m_flags & M_PKTHDR) === 0 ? 0 : MLEN - MHLEN;
  }
  /** Bytes from `m_data` on: all the room there is, or so many. */
  mtod(len = MLEN - this.m_data): Uint8Array {
    this.alive("read");
    return this.#dat.subarray(this.#data, this.#data + len);
  }
}

/** The next buffer of a chain. In C all buffers have bytes. */
export function nextOf(m: DataMbuf): DataMbuf | null {
  const next = m.m_next;
  return next === null ? null : withData(next);
}

/** A buffer that is known to have bytes. */
export function withData(m: Mbuf): DataMbuf {
  return m instanceof DataMbuf ? m : misuse("no-data", `${m.label} has no bytes`);
}

function getBuffer(k: Kernel, how: number, header: boolean): DataMbuf | null {
  if ((how & M_NOWAIT) !== 0 && k.shortage.strikes(k.params.nowaitFails)) return null;
  const m = new DataMbuf(k, k.mbufs.made + 1);
  if (!header) {
    m.m_flags &= ~M_PKTHDR;
    m.m_data = 0;
  }
  k.mbufs.live.add(m);
  k.mbufs.made++;
  return m;
}

/** A buffer with a packet header; null when there is none and the caller does not wait. Context: any. Blocks: no. */
export const MGETHDR = (k: Kernel, how: number): DataMbuf | null => getBuffer(k, how, true);

/** A buffer without a header; null as {@link MGETHDR}. Context: any. Blocks: no. */
export const MGET = (k: Kernel, how: number): DataMbuf | null => getBuffer(k, how, false);

/** Frees one buffer and answers the next. Context: any. Blocks: no. */
export function freeOne(k: Kernel, m: DataMbuf): DataMbuf | null {
  const next = m_free(k, m);
  return next === null ? null : withData(next);
}

/** `M_MOVE_PKTHDR`: `to` becomes the head of the packet. */
function movePkthdr(to: DataMbuf, from: DataMbuf): void {
  to.m_pkthdr.len = from.m_pkthdr.len;
  to.rcvif = from.rcvif;
  to.tag = from.tag;
  to.m_flags |= from.m_flags;
  from.m_flags &= ~M_PKTHDR;
}

/** A new buffer of `len` bytes in front; the chain is freed when there is none. Context: any. Blocks: no. */
function m_prepend(k: Kernel, m: DataMbuf, len: number, how: number): DataMbuf | null {
  const header = (m.m_flags & M_PKTHDR) !== 0;
  const mn = getBuffer(k, how, header);
  if (mn === null) {
    m_freem(k, m);
    return null;
  }
  if (header) movePkthdr(mn, m);
  mn.m_next = m;
  if (len < MHLEN) mn.m_data += (MHLEN - len) & ~3;
  mn.m_len = len;
  return mn;
}

/**
 * Makes room for `plen` bytes in front: in the first buffer, or in a new one. Null when there is none: the chain is freed.
 * Context: any. Holds: anything. Blocks: no.
 */
export function M_PREPEND(k: Kernel, m: DataMbuf, plen: number, how: number): DataMbuf | null {
  let head: DataMbuf | null = m;
  if (m.m_data - m.m_pktdat >= plen) {
    m.m_data -= plen;
    m.m_len += plen;
  } else {
    head = m_prepend(k, m, plen, how);
  }
  if (head !== null && (head.m_flags & M_PKTHDR) !== 0) head.m_pkthdr.len += plen;
  return head;
}

/** Fills `m` from the chain `n` until it has `len` more bytes; what is used up is freed. Answers the rest, and what is missing. */
function gather(k: Kernel, m: DataMbuf, from: DataMbuf | null, len: number): { n: DataMbuf | null; len: number } {
  let n = from;
  let space = MLEN - (m.m_data + m.m_len);
  while (n !== null) {
    const count = Math.min(Math.max(len, k.params.max_protohdr), space, n.m_len);
    m.mtod().set(n.mtod(count), m.m_len);
    len -= count;
    m.m_len += count;
    n.m_len -= count;
    space -= count;
    if (n.m_len > 0) n.m_data += count;
    else n = freeOne(k, n);
    if (len <= 0) break;
  }
  return { n, len };
}

/**
 * Puts the first `len` bytes into one buffer. The first buffer does, when it is not the last one and has room; else a new
 * one takes its place. Null when there is none or the packet is shorter: then the chain is freed.
 * Context: any. Holds: anything. Blocks: no.
 */
export function m_pullup(k: Kernel, head: DataMbuf, len: number): DataMbuf | null {
  let m: DataMbuf | null = head;
  let rest: DataMbuf | null = head;
  let want = len;
  if (head.m_data + len < MLEN && head.m_next !== null) {
    if (head.m_len >= len) return head;
    rest = nextOf(head);
    want -= head.m_len;
  } else {
    const header = (head.m_flags & M_PKTHDR) !== 0;
    m = len > MHLEN ? null : getBuffer(k, MB_DONTWAIT, header);
    if (m === null) {
      m_freem(k, head);
      return null;
    }
    if (header) movePkthdr(m, head);
  }
  const { n, len: missing } = gather(k, m, rest, want);
  if (missing > 0) {
    m_free(k, m);
    if (n !== null) m_freem(k, n);
    return null;
  }
  m.m_next = n;
  return m;
}

/** Cuts `req` bytes off the front; buffers that become empty stay. Context: any. Holds: anything. Blocks: no. */
export function m_adj(_k: Kernel, mp: DataMbuf, req: number): void {
  let len = req;
  for (let m: DataMbuf | null = mp; m !== null && len > 0; m = nextOf(m)) {
    const cut = Math.min(m.m_len, len);
    len -= cut;
    m.m_len -= cut;
    m.m_data += cut;
  }
  if ((mp.m_flags & M_PKTHDR) !== 0) mp.m_pkthdr.len -= req - len;
}

/** The bytes of a buffer from `m_data` on, as numbers are read from them. */
export function viewOf(m: DataMbuf): DataView {
  const bytes = m.mtod();
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A whole chain changes hands. */
export function handChain(m: DataMbuf, to: string): void {
  for (let buffer: DataMbuf | null = m; buffer !== null; buffer = nextOf(buffer)) buffer.handOver(null, to);
}

/** All bytes of a packet: for listeners, properties and tests. */
export function packetBytes(m: DataMbuf): Uint8Array {
  const parts: number[] = [];
  for (let buffer: DataMbuf | null = m; buffer !== null; buffer = nextOf(buffer)) {
    parts.push(...buffer.mtod(Math.max(0, buffer.m_len)));
  }
  return Uint8Array.from(parts);
}
