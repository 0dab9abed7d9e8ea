/**
 * Packets of XNU.
 *
 * Mirrors: bsd/sys/mbuf.h `struct mbuf`, `struct pkthdr`, M_*, PKTF_*, CSUM_*, MBUF_SC_*.
 * Left out: clusters, tags, the bytes of a packet but for its first word, which a link-level header is written into.
 *
 * A packet has one owner at every moment, a place in words (`mbuf-has-one-owner`), and is in the ledger until it is freed.
 * Every access to a freed buffer fails. The fields are no points: whoever touches them owns the packet.
 */
import { fail, type Fact } from "../../../sim/index.ts";
import type { XnuIfnet } from "../net/if_var.ts";
import type { Xnu } from "../xnu.ts";

export const M_PKTHDR = 0x0002;
export const M_BCAST = 0x0100;
export const M_MCAST = 0x0200;
/** Set by the output routine of a loopback interface. */
export const M_LOOP = 0x0400;

export const PKTF_FLOW_ID = 0x1;
/** The sender wants to hear that its flow is to wait. */
export const PKTF_FLOW_ADV = 0x2;
export const PKTF_LOOP = 0x2000;
export const PKTF_IFAINFO = 0x4000;
/** In the hands of a class queue. */
export const PKTF_PRIV_GUARDED = 0x20000;
/** A completion of the transmission was asked for. */
export const PKTF_TX_COMPL_TS_REQ = 0x800000;
export const PKTF_TS_VALID = 0x1000000;
export const PKTF_DRIVER_MTAG = 0x2000000;
export const PKTF_NEW_FLOW = 0x4000000;

export const CSUM_DATA_VALID = 0x0400;
export const CSUM_PSEUDO_HDR = 0x0800;
export const CSUM_IP_CHECKED = 0x0100;
export const CSUM_IP_VALID = 0x0200;
/** A checksum that is left to the interface. */
export const CSUM_UDP = 0x0004;

/** Service classes by their index; the value of the kernel's constant is {@link MBUF_SC} of it. */
export const MBUF_SC_NAMES = ["BE", "BK_SYS", "BK", "RD", "OAM", "AV", "RV", "VI", "VO", "CTL"] as const;
export type ServiceClass = (typeof MBUF_SC_NAMES)[number];

/** `pkt_hdr`: an address in the first buffer of a packet. */
export interface HeaderPointer {
  readonly m: XnuMbuf;
  readonly at: number;
}

/** `struct pkthdr`. */
export class XnuPkthdr {
  len = 0;
  rcvif: XnuIfnet | null = null;
  pkt_hdr: HeaderPointer | null = null;
  csum_flags = 0;
  csum_data = 0;
  pkt_flags = 0;
  pkt_flowid = 0;
  pkt_svc: ServiceClass = "BE";
  /** `IPPROTO_TCP`, or another protocol. */
  tcp = false;
  /** ns; 0: none. */
  pkt_timestamp = 0;
  /** Completion callbacks, a bit each; bits stay set until they have run. */
  pkt_compl_callbacks = 0;
  pkt_compl_context = 0;
  drv_tx_status = 0;
}

/** `struct mbuf`. */
export class XnuMbuf {
  /** Stable number of the packet, for reports and workloads. */
  readonly id: number;
  /** Header word by offset from the start of the buffer. */
  readonly #dat = new Map<number, string>();
  #xnu: Xnu;
  #pkthdr = new XnuPkthdr();
  #owner: string;
  #flags: number;
  #nextpkt: XnuMbuf | null = null;
  #next: XnuMbuf | null = null;
  #freed: readonly Fact[] | null = null;
  /** Offset of the data in the buffer, and its length. Bytes. */
  m_data: number;
  m_len: number;

  constructor(xnu: Xnu, id: number, owner: string, flags: number, data: number, len: number) {
    this.#xnu = xnu;
    this.id = id;
    this.#owner = owner;
    this.#flags = flags;
    this.m_data = data;
    this.m_len = len;
    this.#pkthdr.len = len;
  }

  get label(): string {
    return `mbuf ${String(this.id)}`;
  }
  /** Who has it: a place. */
  get owner(): string {
    return this.#owner;
  }
  get isFree(): boolean {
    return this.#freed !== null;
  }
  get m_pkthdr(): XnuPkthdr {
    this.#alive();
    return this.#pkthdr;
  }
  /** The header of another buffer moves here. */
  set m_pkthdr(value: XnuPkthdr) {
    this.#alive();
    this.#pkthdr = value;
  }
  get m_flags(): number {
    this.#alive();
    return this.#flags;
  }
  set m_flags(value: number) {
    this.#alive();
    this.#flags = value;
  }
  /** The next packet of a list. */
  get m_nextpkt(): XnuMbuf | null {
    this.#alive();
    return this.#nextpkt;
  }
  set m_nextpkt(value: XnuMbuf | null) {
    this.#alive();
    this.#nextpkt = value;
  }
  /** The next buffer of the same packet. */
  get m_next(): XnuMbuf | null {
    this.#alive();
    return this.#next;
  }
  set m_next(value: XnuMbuf | null) {
    this.#alive();
    this.#next = value;
  }

  /** The word at an offset of the buffer. */
  word(at: number): string {
    this.#alive();
    const value = this.#dat.get(at);
    if (value !== undefined) return value;
    return fail("Memory", "uninitialised-read", `${this.label} word read before it was written`, [
      ["at", String(at)],
      ["by", this.#xnu.x.current.name],
    ]);
  }
  putWord(at: number, value: string): void {
    this.#alive();
    this.#dat.set(at, value);
  }

  /** Hands the packet on. Fails unless `from` has it. */
  handOver(from: string, to: string): void {
    this.#alive();
    if (from !== this.#owner) {
      fail("Discipline", "mbuf-owner", `${this.label} handed on by ${from}, who does not own it`, [
        ["owner", this.#owner],
        ["by", this.#xnu.x.current.name],
      ]);
    }
    this.#owner = to;
  }

  /** Marks the buffer as freed; returns the next one of the packet. */
  free(): XnuMbuf | null {
    if (this.#freed !== null) {
      fail("Panic", "mbuf-double-free", "m_free: freeing a free mbuf", [["mbuf", this.label], ...this.#freed]);
    }
    const { x } = this.#xnu;
    const next = this.#next;
    this.#freed = [
      ["freed", `operation ${String(x.recording.steps)}, by ${x.current.name}`],
      ["last owner", this.#owner],
    ];
    return next;
  }

  #alive(): void {
    if (this.#freed === null) return;
    fail("Memory", "use-after-free", `${this.label} used after free`, [
      ["by", this.#xnu.x.current.name],
      ...this.#freed,
    ]);
  }
}

/** Live buffers, and which packets were freed. */
export class XnuMbufs {
  /** Packets, each its first buffer. */
  readonly live = new Set<XnuMbuf>();
  /** Buffers behind a first one. */
  readonly behind = new Set<XnuMbuf>();
  made = 0;
  /** Numbers of freed packets, in order. */
  readonly freed: number[] = [];
}
