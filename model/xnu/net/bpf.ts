/**
 * The packet filter, as an environment: listeners that want every packet.
 *
 * Mirrors: bsd/net/bpf.c `bpf_tap_out`, `bpf_attachd`, `bpf_detachd`.
 * Contract: the first listener installs the driver's tap, the last takes it away, both under `bpf_mlock`. A tap copies and
 * never consumes; filters, buffers and who reads them are left out, a copy is the number of the packet.
 */
import { Struct, guardedBy, type Routine } from "../../../sim/index.ts";
import { lck_mtx_lock, lck_mtx_unlock } from "../kern/locks.ts";
import type { HeaderPointer, XnuMbuf } from "../kern/mbuf.ts";
import type { Xnu } from "../xnu.ts";
import { lo_set_bpf_tap } from "./if_loop_control.ts";

/** `struct bpf_if` of lo0. */
export class BpfIf extends Struct {
  readonly listeners;
  /** What the listeners were given: packet and family, in order. */
  readonly copies: { readonly id: number; readonly family: string }[] = [];

  constructor(xnu: Xnu) {
    super(xnu.x, "bpf lo0");
    this.listeners = guardedBy(this, xnu.lo.bpf_mlock, 0);
  }
}

/** A listener comes. Context: thread. Holds: nothing. Blocks: yes, for `bpf_mlock`. */
export function* bpf_attachd(xnu: Xnu): Routine<void> {
  const { bpf, lo } = xnu;
  yield* lck_mtx_lock(xnu, lo.bpf_mlock);
  bpf.listeners.held++;
  if (bpf.listeners.held === 1) yield* lo_set_bpf_tap(xnu, "input-output");
  yield* lck_mtx_unlock(xnu, lo.bpf_mlock);
}

/** A listener goes, if there is one. Context: thread. Holds: nothing. Blocks: yes, for `bpf_mlock`. */
export function* bpf_detachd(xnu: Xnu): Routine<void> {
  const { bpf, lo } = xnu;
  yield* lck_mtx_lock(xnu, lo.bpf_mlock);
  if (bpf.listeners.held > 0) {
    bpf.listeners.held--;
    if (bpf.listeners.held === 0) yield* lo_set_bpf_tap(xnu, "disable");
  }
  yield* lck_mtx_unlock(xnu, lo.bpf_mlock);
}

/**
 * Copies a packet to the listeners, with the family of its link-level header.
 * Context: thread. Holds: nothing. Blocks: yes, for `bpf_mlock`.
 */
export function* bpf_tap_out(xnu: Xnu, m: XnuMbuf, header: HeaderPointer | null): Routine<void> {
  const { bpf, lo } = xnu;
  yield* lck_mtx_lock(xnu, lo.bpf_mlock);
  const family = familyAt(header);
  for (let i = 0; i < bpf.listeners.held; i++) bpf.copies.push({ id: m.id, family });
  yield* lck_mtx_unlock(xnu, lo.bpf_mlock);
}

/** The family a link-level header names. Reads the buffer, which must be there. */
export const familyAt = (header: HeaderPointer | null): string => (header === null ? "none" : header.m.word(header.at));
