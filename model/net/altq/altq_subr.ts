/**
 * Alternate queueing on and off.
 *
 * Mirrors: sys/net/altq/altq_subr.c: `altq_attach`, `altq_detach`, `altq_enable`, `altq_disable`. The methods stay the
 * classic ones, so what changes is that the queue is purged and that its methods are called through the subqueue.
 */
import type { Routine } from "../../../sim/index.ts";
import { returned } from "../../errnos.ts";
import type { Kernel } from "../../kernel.ts";
import { EBUSY, ENXIO } from "../../sys/errno.ts";
import { ifq_is_enabled, ifq_is_ready, ifq_lock_all, ifq_purge_all_locked, ifq_unlock_all } from "../ifq_var.ts";
import { ALTQF_CANTCHANGE, ALTQF_CLASSIFY, ALTQF_ENABLED, type Ifaltq } from "./if_altq.ts";

/**
 * Attaches a discipline; errno.
 * DEVIATES: the discipline has a name and no methods: the queue goes on as the classic one.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* altq_attach(k: Kernel, ifq: Ifaltq, discipline: string): Routine<number> {
  yield* ifq_lock_all(k, ifq);
  const error = yield* altq_attach_locked(ifq, discipline);
  yield* ifq_unlock_all(k, ifq);
  return returned(k, "altq_attach", error);
}

function* altq_attach_locked(ifq: Ifaltq, discipline: string): Routine<number> {
  if (!ifq_is_ready(ifq)) return ENXIO;
  yield* ifq.altq_disc.store(discipline);
  yield* ifq.altq_flags.store(ifq.altq_flags.held & (ALTQF_CANTCHANGE | ALTQF_ENABLED));
  return 0;
}

/**
 * Takes the discipline off; errno.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* altq_detach(k: Kernel, ifq: Ifaltq): Routine<number> {
  yield* ifq_lock_all(k, ifq);
  const error = yield* altq_detach_locked(ifq);
  yield* ifq_unlock_all(k, ifq);
  return returned(k, "altq_detach", error);
}

function* altq_detach_locked(ifq: Ifaltq): Routine<number> {
  if (!ifq_is_ready(ifq)) return ENXIO;
  if (ifq_is_enabled(ifq)) return EBUSY;
  if (ifq.altq_disc.held === null) return 0;
  yield* ifq.altq_disc.store(null);
  yield* ifq.altq_flags.store(ifq.altq_flags.held & ALTQF_CANTCHANGE);
  return 0;
}

/**
 * Purges the queue and turns the discipline on; errno.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* altq_enable(k: Kernel, ifq: Ifaltq): Routine<number> {
  yield* ifq_lock_all(k, ifq);
  const error = yield* altq_enable_locked(k, ifq);
  yield* ifq_unlock_all(k, ifq);
  return returned(k, "altq_enable", error);
}

function* altq_enable_locked(k: Kernel, ifq: Ifaltq): Routine<number> {
  if (!ifq_is_ready(ifq)) return ENXIO;
  if (ifq_is_enabled(ifq)) return 0;
  yield* ifq_purge_all_locked(k, ifq);
  yield* ifq.altq_flags.store(ifq.altq_flags.held | ALTQF_ENABLED);
  return 0;
}

/**
 * Purges the queue and turns the discipline off; errno.
 * Context: any thread.
 * Holds: no subqueue lock.
 * Blocks: yes, for the locks.
 */
export function* altq_disable(k: Kernel, ifq: Ifaltq): Routine<number> {
  yield* ifq_lock_all(k, ifq);
  const error = yield* altq_disable_locked(k, ifq);
  yield* ifq_unlock_all(k, ifq);
  return returned(k, "altq_disable", error);
}

function* altq_disable_locked(k: Kernel, ifq: Ifaltq): Routine<number> {
  if (!ifq_is_enabled(ifq)) return 0;
  yield* ifq_purge_all_locked(k, ifq);
  yield* ifq.altq_flags.store(ifq.altq_flags.held & ~(ALTQF_ENABLED | ALTQF_CLASSIFY));
  return 0;
}
