/**
 * Whom a descriptor signals.
 *
 * Mirrors: sys/kern/kern_descrip.c `fsetown`, `funsetown`, `fgetown`; sys/sys/filedesc.h `struct sigio`; 2008.
 * Left out: the lists that free an owner's sigios when it exits: no process exits while it is an owner.
 */
import { Struct, frozen, type Frozen, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EPERM, ESRCH } from "../sys/errno.ts";
import { M_SIGIO, M_WAITOK } from "../sys/malloc.ts";
import { kfree, kmalloc } from "./kern_slaballoc.ts";
import { curproc, pfind, pgfind, type Pgrp, type Proc } from "./kern_proc.ts";
import type { Ucred } from "./kern_prot.ts";

/** `struct sigio`: who is signalled, in whose name. */
export class Sigio extends Struct {
  readonly sio_proc: Frozen<Proc | null>;
  readonly sio_pgrp: Frozen<Pgrp | null>;
  readonly sio_pgid: Frozen<number>;
  readonly sio_ucred: Frozen<Ucred>;
  /** The pointer that points here. */
  readonly sio_myref: Frozen<Word<Sigio | null>>;

  constructor(k: Kernel, pgid: number, who: Proc | Pgrp, cred: Ucred, ref: Word<Sigio | null>) {
    super(k.x, "sigio");
    this.sio_proc = frozen<Proc | null>(this, "p_pid" in who ? who : null);
    this.sio_pgrp = frozen<Pgrp | null>(this, "pg_id" in who ? who : null);
    this.sio_pgid = frozen(this, pgid);
    this.sio_ucred = frozen<Ucred>(this, cred);
    this.sio_myref = frozen(this, ref);
  }
}

/** Forgets an owner. Context: thread. Holds: the MP lock. Blocks: no. */
export function* funsetown(k: Kernel, sigio: Sigio | null): Routine<void> {
  if (sigio === null) return;
  yield* sigio.sio_myref.fixed.store(null);
  yield* kfree(k, sigio, M_SIGIO);
}

/** Who is meant, or the errno that says why nobody can be. */
function ownerOf(k: Kernel, pgid: number, asker: Proc | null): Proc | Pgrp | number {
  const session = asker?.p_pgrp.pg_session;
  if (pgid > 0) {
    const proc = pfind(k, pgid);
    if (proc === null) return ESRCH;
    return proc.p_pgrp.pg_session === session ? proc : EPERM;
  }
  const pgrp = pgfind(k, -pgid);
  if (pgrp === null) return ESRCH;
  return pgrp.pg_session === session ? pgrp : EPERM;
}

/**
 * Makes a process (`pgid` positive) or a group (negative) the owner; 0 makes nobody. ESRCH when there is no such, EPERM
 * when it is of another session.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, for memory.
 */
export function* fsetown(k: Kernel, pgid: number, sigiop: Word<Sigio | null>): Routine<number> {
  if (pgid === 0) {
    yield* funsetown(k, yield* sigiop.load());
    return 0;
  }
  const asker = curproc(k);
  const who = ownerOf(k, pgid, asker);
  if (typeof who === "number") return who;
  yield* funsetown(k, yield* sigiop.load());
  const cred = (asker as Proc).p_ucred; // a process asked: its session was compared
  const sigio = yield* kmalloc(k, M_SIGIO, M_WAITOK, () => new Sigio(k, pgid, who, cred, sigiop));
  yield* sigiop.store(sigio);
  return 0;
}

/** The owner as it was set; 0 for none. Context: any. Holds: the MP lock. Blocks: no. */
export const fgetown = (sigio: Sigio | null): number => (sigio === null ? 0 : sigio.sio_pgid.fixed);
