/**
 * `ifnetlist`, the list of all interfaces, in order of attachment.
 *
 * Mirrors: sys/net/if.c `ifnetlist` (a TAILQ through `if_link`). Changed and walked under the ifnet lock, except by
 * `tbr_timeout`, which follows `tqh_first` and `if_link_next` without it.
 */
import {
  Struct,
  guardedBy,
  published,
  type Guarded,
  type Published,
  type Routine,
} from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { mtx_owned, type Mtx } from "../kern/kern_mutex.ts";
import { KASSERT } from "../panic.ts";
import { cString, type Ifnet } from "./if_var.ts";

/** `struct ifnethead`. */
export class Ifnethead extends Struct {
  readonly tqh_first: Published<Ifnet | null>;
  readonly tqh_last: Guarded<Ifnet | null>;

  constructor(k: Kernel, mtx: Mtx) {
    super(k.x, "ifnetlist");
    this.tqh_first = published<Ifnet | null>(this, mtx, null);
    this.tqh_last = guardedBy<Ifnet | null>(this, mtx, null);
  }
}

/**
 * `TAILQ_INSERT_TAIL(&ifnetlist, ifp, if_link)`.
 * Context: thread. Holds: the ifnet lock. Blocks: no.
 */
export function* ifnetlistInsertTail(k: Kernel, ifp: Ifnet): Routine<void> {
  const head = k.net.ifnetlist;
  const last = head.tqh_last.held;
  yield* ifp.if_link_next.store(null);
  ifp.if_link_prev.held = last;
  head.tqh_last.held = ifp;
  yield* last === null ? head.tqh_first.store(ifp) : last.if_link_next.store(ifp);
}

/**
 * `TAILQ_REMOVE(&ifnetlist, ifp, if_link)`. The removed interface keeps its own links.
 * Context: thread. Holds: the ifnet lock. Blocks: no.
 */
export function* ifnetlistRemove(k: Kernel, ifp: Ifnet): Routine<void> {
  const head = k.net.ifnetlist;
  const next = ifp.if_link_next.held;
  const prev = ifp.if_link_prev.held;
  if (next === null) head.tqh_last.held = prev;
  else next.if_link_prev.held = prev;
  yield* prev === null ? head.tqh_first.store(next) : prev.if_link_next.store(next);
}

/**
 * The interface of a name, or null.
 * Context: thread, not a netisr.
 * Holds: the ifnet lock.
 * Blocks: no.
 */
export function ifunit(k: Kernel, name: string): Ifnet | null {
  //@ 1713-1715
  KASSERT(k, mtx_owned(k, k.net.ifnet_mtx), "ifnet is not locked");
  let ifp = k.net.ifnetlist.tqh_first.held;
  for (; ifp !== null; ifp = ifp.if_link_next.held) {
    //@ 1716
    if (cString(ifp.xname.held) === name) {
      //@ 1717
      break;
    }
  }
  //@ 1719
  return ifp;
}
