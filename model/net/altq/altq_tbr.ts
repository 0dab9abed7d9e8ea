/**
 * The token bucket regulator: limits what a driver may dequeue, at the default subqueue.
 *
 * Mirrors: sys/net/altq/altq_subr.c (the subqueue era): `tbr_dequeue`, `tbr_set`, `tbr_get`, `tbr_timeout`,
 * `read_machclk` in its 256 MHz emulation.
 *
 * A poll that passed the token check lets the next remove through unchecked, and `ifsq_data_ready` polls: asking
 * whether a packet is ready changes the answer of the next dequeue. The kernel does so; so does this.
 */
import type { Routine } from "../../../sim/index.ts";
import { returned } from "../../errnos.ts";
import type { Kernel } from "../../kernel.ts";
import { M_ALTQ, M_WAITOK, M_ZERO } from "../../sys/malloc.ts";
import { ENOENT } from "../../sys/errno.ts";
import type { Mbuf } from "../../sys/mbuf.ts";
import { kfree, kmalloc } from "../../kern/kern_slaballoc.ts";
import { callout_reset } from "../../kern/kern_timeout.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { ifsq_classic_dequeue, ifsq_classic_request } from "../if_classic.ts";
import type { Ifnet } from "../if_var.ts";
import { ifq_is_enabled, ifq_lock_all, ifq_unlock_all } from "../ifq_var.ts";
import {
  ifq_get_subq_default,
  ifsq_deserialize_hw,
  ifsq_get_index,
  ifsq_is_empty,
  ifsq_serialize_hw,
} from "../ifsq_var.ts";
import { ALTQ_SQ_ASSERT_LOCKED } from "./altq_sq.ts";
import {
  ALTDQ_POLL,
  ALTDQ_REMOVE,
  ALTQ_SUBQ_INDEX_DEFAULT,
  ALTRQ_PURGE,
  type Ifaltq,
  type IfaltqSubque,
} from "./if_altq.ts";
import { TbRegulator } from "./tb_regulator.ts";

/** Ticks of the machine clock per second. */
const machclk_freq = 256_000_000n;
const TBR_SHIFT = 32n;
const TBR_SCALE = (x: bigint): bigint => x << TBR_SHIFT;
/** `0xffffffffffffffffLL` in a signed field: an interval is always at least that. */
const NEVER_FILLS = -1n;

/** `struct tb_profile`: what an administrator asks for. */
export interface TbProfile {
  /** Bits per second; 0 removes the regulator. */
  readonly rate: number;
  /** Bytes. */
  readonly depth: number;
}

/** Machine clock: microseconds of uptime, times 256. */
const read_machclk = (k: Kernel): bigint => BigInt(Math.trunc(k.x.now / 1000)) << 8n;

/**
 * Takes or shows the next packet if there is a token. Purges a subqueue that is not the default one.
 * Context: any thread.
 * Holds: the subqueue lock.
 * Blocks: no.
 */
export function* tbr_dequeue(k: Kernel, ifsq: IfaltqSubque, op: number): Routine<Mbuf | null> {
  const ifq = ifsq.ifsq_altq.fixed;
  if (ifsq_get_index(ifsq) !== ALTQ_SUBQ_INDEX_DEFAULT) {
    k.onBranch?.("token bucket: another subqueue is purged");
    // A race happened: the unrelated subqueue was picked while the scheduler changed.
    yield* ifsq_classic_request(k, ifsq, ALTRQ_PURGE);
    return null;
  }

  yield* crit_enter(k);
  const tbr = ifq.altq_tbr.held as TbRegulator; // asked by every caller, under the same lock
  const bypass = op === ALTDQ_REMOVE && tbr.tbr_lastop.held === ALTDQ_POLL;
  if (bypass) k.onBranch?.("token bucket: a poll has let this one through");
  if (!bypass && !takeTokens(k, tbr)) {
    k.onBranch?.("token bucket: empty");
    yield* crit_exit(k);
    return null;
  }
  const m = ifq_is_enabled(ifq)
    ? yield* ifsq.ifsq_dequeue.fixed(k, ifsq, op)
    : yield* ifsq_classic_dequeue(k, ifsq, op);
  if (m !== null && op === ALTDQ_REMOVE) {
    tbr.tbr_token.held -= TBR_SCALE(BigInt(m.m_pkthdr.len));
  }
  tbr.tbr_lastop.held = op;
  yield* crit_exit(k);
  return m;
}

/** Brings the tokens up to date if there are none; true when there are any. */
function takeTokens(k: Kernel, tbr: TbRegulator): boolean {
  if (tbr.tbr_token.held <= 0n) {
    const now = read_machclk(k);
    const interval = now - tbr.tbr_last.held;
    const depth = tbr.tbr_depth.fixed;
    if (interval >= tbr.tbr_filluptime.fixed) tbr.tbr_token.held = depth;
    else {
      tbr.tbr_token.held += interval * tbr.tbr_rate.fixed;
      if (tbr.tbr_token.held > depth) tbr.tbr_token.held = depth;
    }
    tbr.tbr_last.held = now;
    if (tbr.tbr_token.held > 0n) k.onBranch?.("token bucket: filled up by time");
  } else {
    k.onBranch?.("token bucket: tokens left");
  }
  return tbr.tbr_token.held > 0n;
}

/** `tbr_set` under every subqueue lock. The allocation may sleep with all of them held. */
function* tbr_set_locked(k: Kernel, ifq: Ifaltq, profile: TbProfile): Routine<number> {
  for (const ifsq of ifq.altq_subq.fixed.subq) ALTQ_SQ_ASSERT_LOCKED(k, ifsq);
  const otbr = ifq.altq_tbr.held;
  if (profile.rate === 0) {
    if (otbr === null) return ENOENT;
    yield* ifq.altq_tbr.store(null);
    yield* kfree(k, otbr, M_ALTQ);
    return 0;
  }

  const tbr = yield* kmalloc(k, M_ALTQ, M_WAITOK | M_ZERO, () => makeRegulator(k, ifq, profile));
  yield* ifq.altq_tbr.store(tbr);
  if (otbr !== null) {
    yield* kfree(k, otbr, M_ALTQ);
  } else if ((yield* k.net.tbr_timer.load()) === 0) {
    yield* callout_reset(k, k.net.tbr_callout, 1, tbr_timeout, null);
    yield* k.net.tbr_timer.store(1);
  }
  return 0;
}

function makeRegulator(k: Kernel, ifq: Ifaltq, profile: TbProfile): TbRegulator {
  const tbr = new TbRegulator(k, `${ifq.label} altq_tbr`, ifq.altq_tbr.guard);
  const rate = TBR_SCALE(BigInt(Math.trunc(profile.rate / 8))) / machclk_freq;
  const depth = TBR_SCALE(BigInt(profile.depth));
  tbr.tbr_rate.fixed = rate;
  tbr.tbr_depth.fixed = depth;
  tbr.tbr_filluptime.fixed = rate > 0n ? depth / rate : NEVER_FILLS;
  tbr.tbr_token.held = depth;
  tbr.tbr_last.held = read_machclk(k);
  tbr.tbr_lastop.held = ALTDQ_REMOVE;
  return tbr;
}

/**
 * Sets, replaces or (rate 0) removes the regulator of a queue; errno. Arms the callout for the first one.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks and, holding them all, for memory.
 */
export function* tbr_set(k: Kernel, ifq: Ifaltq, profile: TbProfile): Routine<number> {
  yield* ifq_lock_all(k, ifq);
  const error = yield* tbr_set_locked(k, ifq, profile);
  yield* ifq_unlock_all(k, ifq);
  return returned(k, "tbr_set", error);
}

/**
 * Calls `if_start` of every interface with a regulator and packets, and re-arms itself while there is one. Walks
 * the interface list without the ifnet lock, does not take the `if_start` interlock, and does not look at
 * `IFF_RUNNING` or `oactive`: the driver does.
 * Context: softclock.
 * Holds: nothing.
 * Blocks: yes, for hardware serializers.
 */
function* tbr_timeout(k: Kernel): Routine<void> {
  let active = 0;
  yield* crit_enter(k);
  let ifp: Ifnet | null = yield* k.net.ifnetlist.tqh_first.load();
  while (ifp !== null) {
    if ((yield* ifp.if_snd.altq_tbr.load()) !== null) {
      active++;
      const ifsq = ifq_get_subq_default(ifp.if_snd);
      if (!(yield* ifsq_is_empty(ifsq))) {
        yield* ifsq_serialize_hw(k, ifsq);
        k.onBranch?.("if_start called: by tbr_timeout");
        yield* ifp.if_start.fixed(k, ifp, ifsq);
        yield* ifsq_deserialize_hw(k, ifsq);
      } else {
        k.onBranch?.("tbr_timeout: queue empty");
      }
    }
    ifp = yield* ifp.if_link_next.load();
  }
  yield* crit_exit(k);
  k.onBranch?.(active > 0 ? "tbr_timeout: goes on" : "tbr_timeout: no regulator left");
  if (active > 0) yield* callout_reset(k, k.net.tbr_callout, 1, tbr_timeout, null);
  else yield* k.net.tbr_timer.store(0);
}
