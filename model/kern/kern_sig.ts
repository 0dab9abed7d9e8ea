/**
 * Signals.
 *
 * Mirrors: sys/kern/kern_sig.c `ksignal`, `lwp_signotify`, `issignal` (as `CURSIG`), `postsig`, `pgsigio`; 2008.
 * Left out: stopping, tracing, masks, default actions other than ignoring: a signal that has no handler is discarded
 * when it is ignored by default (`SIGIO`), and ends the sleep of its process when it is not.
 *
 * A sleeper with `PCATCH` looks for pending signals in the critical section in which it queues itself; a signal from
 * another CPU makes it runnable by an IPI, which comes after that section: none is overlooked.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EINTR, EPERM, ERESTART } from "../sys/errno.ts";
import { mycpu } from "./globaldata.ts";
import type { Lwp, Proc } from "./kern_proc.ts";
import type { Ucred } from "./kern_prot.ts";
import { lockmgrExclusive, lockmgrRelease } from "./kern_lock.ts";
import type { Sigio } from "./kern_descrip.ts";
import { wakeSignalled } from "./kern_synch.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";

export const SIGINT = 2;
export const SIGTERM = 15;
/** Input is possible; discarded by who has no handler for it. */
export const SIGIO = 23;

const actionOf = (p: Proc, sig: number) => p.p_sigacts.find(({ signo }) => signo === sig) ?? null;

/** `CURSIG`: the lowest pending signal; 0 for none. Context: thread of the process. Holds: anything. Blocks: no. */
export function* CURSIG(lp: Lwp): Routine<number> {
  const pending = yield* lp.lwp_proc.p_siglist.load();
  return pending === 0 ? 0 : 31 - Math.clz32(pending & -pending);
}

/** What a sleep that this signal ends answers. */
export function signalErrno(lp: Lwp, sig: number): number {
  return actionOf(lp.lwp_proc, sig)?.restart === true ? ERESTART : EINTR;
}

/**
 * Sends a signal to a process; ends its sleep when it may be ended.
 * Context: thread. Holds: the MP lock, as a rule; nobody checks. Blocks: no.
 */
export function* ksignal(k: Kernel, p: Proc, sig: number): Routine<void> {
  if (sig === SIGIO && actionOf(p, sig) === null) return;
  yield* p.p_siglist.store((yield* p.p_siglist.load()) | (1 << sig));
  if (p.p_lwp !== null) yield* lwp_signotify(k, p.p_lwp);
}

/** Makes the thread look at its signals. Context: thread. Holds: anything. Blocks: no. */
function* lwp_signotify(k: Kernel, lp: Lwp): Routine<void> {
  const td = lp.lwp_thread;
  if (td.td_gd === mycpu(k)) wakeSignalled(k, td);
  else yield* lwkt_send_ipiq(k, td.td_gd, lwp_signotify_remote, lp);
}

function* lwp_signotify_remote(k: Kernel, lp: Lwp): Routine<void> {
  wakeSignalled(k, lp.lwp_thread);
}

/** Runs the handlers of what is pending, as the way back to the user does. Context: thread of the process. Holds: anything. Blocks: no. */
export function* postsig(lp: Lwp): Routine<void> {
  const p = lp.lwp_proc;
  for (;;) {
    const sig = yield* CURSIG(lp);
    if (sig === 0) return;
    yield* p.p_siglist.store((yield* p.p_siglist.load()) & ~(1 << sig));
    p.taken.push(sig);
  }
}

/** May one with these credentials signal that process? 0 or EPERM. */
function cansignal(cred: Ucred, p: Proc): number {
  return cred.cr_uid === 0 || cred.cr_uid === p.p_ucred.cr_uid ? 0 : EPERM;
}

/**
 * Signals whom a `sigio` names: a process, or each permitted member of a group.
 * Context: thread.
 * Holds: the MP lock, so that the `sigio` stays; nobody checks.
 * Blocks: yes, for the lock of a group.
 */
export function* pgsigio(k: Kernel, sigio: Sigio | null, sig: number, _checkctty: number): Routine<void> {
  if (sigio === null) return;
  const cred = sigio.sio_ucred.fixed;
  const pgid = sigio.sio_pgid.fixed;
  const proc = sigio.sio_proc.fixed;
  const pgrp = sigio.sio_pgrp.fixed;
  if (pgid > 0 && proc !== null) {
    if (cansignal(cred, proc) === 0) yield* ksignal(k, proc, sig);
  } else if (pgid < 0 && pgrp !== null) {
    yield* lockmgrExclusive(k, pgrp.pg_lock);
    for (const p of pgrp.pg_members) {
      if (cansignal(sigio.sio_ucred.fixed, p) === 0) yield* ksignal(k, p, sig);
    }
    yield* lockmgrRelease(k, pgrp.pg_lock);
  }
}

/** {@link CURSIG} as `tsleep` asks: null when no signal ends the sleep. Context: thread. Holds: anything. Blocks: no. */
export function* caught(lp: Lwp): Routine<number> {
  const sig = yield* CURSIG(lp);
  return sig === 0 ? 0 : signalErrno(lp, sig);
}
