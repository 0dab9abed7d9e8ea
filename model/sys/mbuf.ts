/**
 * Packets.
 *
 * Mirrors: sys/sys/mbuf.h `struct mbuf`, M_*, sys/kern/uipc_mbuf.c `m_gethdr`, `m_free`, `m_freem`.
 * Left out: data, clusters, tags: a packet is its header.
 *
 * Every packet has one owner at every moment, and is in the ledger until it is freed (`mbufsAreConserved`). Any
 * access to a freed one fails. Reading one that somebody else owns does not, because the kernel may do so and be
 * lucky; handing on or freeing one in the name of who does not own it fails.
 */
import { fail, type Fact } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { panic } from "../panic.ts";
import { M_NOWAIT, M_WAITOK } from "./malloc.ts";

export const M_PKTHDR = 0x0002;
export const M_BCAST = 0x0100;
export const M_MCAST = 0x0200;
/** The high-priority lane of a send queue. */
export const M_PRIO = 0x0400;
/** `m_pkthdr.hash` is valid. */
export const M_HASH = 0x8000;

/** `struct pkthdr`. */
export class Pkthdr {
  readonly #m: Mbuf;
  #len = 0;
  #hash = 0;

  constructor(m: Mbuf) {
    this.#m = m;
  }

  /** Length of the packet, bytes. */
  get len(): number {
    this.#m.alive("read");
    return this.#len;
  }
  set len(value: number) {
    this.#m.alive("written");
    this.#len = value;
  }
  get hash(): number {
    this.#m.alive("read");
    return this.#hash;
  }
  set hash(value: number) {
    this.#m.alive("written");
    this.#hash = value;
  }
}

/** What a new packet is like. */
export interface MbufOptions {
  /** Stable name, for reports and workloads. */
  readonly id: number;
  /** Length, bytes. */
  readonly len: number;
  readonly flags?: number;
  /** Its first owner. */
  readonly owner: string;
}

/** `struct mbuf`: one packet. */
export class Mbuf {
  readonly id: number;
  readonly m_pkthdr: Pkthdr;
  #k: Kernel;
  #owner: string;
  #flags: number;
  #nextpkt: Mbuf | null = null;
  #next: Mbuf | null = null;
  #freed: readonly Fact[] | null = null;
  readonly #allocated: string;

  constructor(k: Kernel, options: MbufOptions) {
    this.#k = k;
    this.id = options.id;
    this.m_pkthdr = new Pkthdr(this);
    this.m_pkthdr.len = options.len;
    this.#flags = M_PKTHDR | (options.flags ?? 0);
    this.#owner = options.owner;
    this.#allocated = siteOf(k);
  }

  get label(): string {
    return `mbuf ${String(this.id)}`;
  }

  /** Fails when the packet is gone. */
  alive(verb: string): void {
    if (this.#freed === null) return;
    fail("Memory", "use-after-free", `${this.label} ${verb} after free`, [
      ["by", this.#k.x.current.name],
      ["allocated", this.#allocated],
      ...this.#freed,
    ]);
  }

  /** Who has it: a place, in words. For properties too. */
  get owner(): string {
    return this.#owner;
  }
  get isFree(): boolean {
    return this.#freed !== null;
  }

  /** Hands the packet on. Fails unless `from` owns it (null: whoever does). */
  handOver(from: string | null, to: string): void {
    this.alive("handed on");
    if (from !== null && from !== this.#owner) this.#notOwner(`handed on by ${from}`);
    this.#owner = to;
  }

  get m_flags(): number {
    this.alive("read");
    return this.#flags;
  }
  set m_flags(value: number) {
    this.alive("written");
    this.#flags = value;
  }
  /** The next packet of a queue. */
  get m_nextpkt(): Mbuf | null {
    this.alive("read");
    return this.#nextpkt;
  }
  set m_nextpkt(value: Mbuf | null) {
    this.alive("written");
    this.#nextpkt = value;
  }
  /** The next buffer of the same packet. */
  get m_next(): Mbuf | null {
    this.alive("read");
    return this.#next;
  }
  set m_next(value: Mbuf | null) {
    this.alive("written");
    this.#next = value;
  }

  /** Frees this buffer; returns the next one of the packet. */
  free(by: string | null): Mbuf | null {
    if (this.#freed !== null) panic(this.#k, "m_free: freeing a free mbuf", [["mbuf", this.label], ...this.#freed]);
    if (by !== null && by !== this.#owner) this.#notOwner(`freed by ${by}`);
    this.#freed = [
      ["freed", siteOf(this.#k)],
      ["last owner", this.#owner],
    ];
    return this.#next;
  }

  #notOwner(what: string): never {
    return fail("Discipline", "mbuf-owner", `${this.label} ${what}, who does not own it`, [
      ["owner", this.#owner],
      ["by", this.#k.x.current.name],
      ["allocated", this.#allocated],
    ]);
  }
}

const siteOf = (k: Kernel): string => `operation ${String(k.x.recording.steps)}, by ${k.x.current.name}`;

/** Live packets, and how many there were. */
export class MbufLedger {
  readonly live = new Set<Mbuf>();
  made = 0;
  freed = 0;
  /** Names of freed packets, in order. */
  readonly freedIds: number[] = [];

  /** Live packets by owner, in the order they were made. */
  byOwner(): ReadonlyMap<string, readonly Mbuf[]> {
    const owners = new Map<string, Mbuf[]>();
    for (const m of this.live) {
      const list = owners.get(m.owner);
      if (list === undefined) owners.set(m.owner, [m]);
      else list.push(m);
    }
    return owners;
  }
}

/**
 * A new packet; null when `M_NOWAIT` memory is exhausted (`Shortage`).
 * Context: any. Holds: anything. Blocks: no (waiting for memory is studied in `kmalloc`).
 */
export function m_gethdr(k: Kernel, how: typeof M_WAITOK, options: MbufOptions): Mbuf;
export function m_gethdr(k: Kernel, how: number, options: MbufOptions): Mbuf | null;
export function m_gethdr(k: Kernel, how: number, options: MbufOptions): Mbuf | null {
  if ((how & M_NOWAIT) !== 0 && k.shortage.strikes(k.params.nowaitFails)) {
    k.onBranch?.("m_gethdr: no memory");
    return null;
  }
  const m = new Mbuf(k, options);
  k.mbufs.live.add(m);
  k.mbufs.made++;
  return m;
}

/**
 * Frees one buffer; returns the next one of its packet. `by`: in whose name, null for the owner's.
 * Context: any. Holds: anything. Blocks: no.
 */
export function m_free(k: Kernel, m: Mbuf, by: string | null = null): Mbuf | null {
  const next = m.free(by);
  k.mbufs.live.delete(m);
  k.mbufs.freed++;
  k.mbufs.freedIds.push(m.id);
  return next;
}

/**
 * Frees a packet, not what follows it on a queue. Context: any. Holds: anything. Blocks: no.
 */
export function m_freem(k: Kernel, m: Mbuf, by: string | null = null): void {
  let buffer: Mbuf | null = m;
  while (buffer !== null) buffer = m_free(k, buffer, by);
}
