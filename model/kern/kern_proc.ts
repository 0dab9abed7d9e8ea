/**
 * Processes.
 *
 * Mirrors: sys/kern/kern_proc.c `pfind`, `pgfind`, `enterpgrp`; sys/sys/proc.h, sys/sys/signal2.h, as far as system
 * calls, signals and their owners need them.
 * Left out: fork, exit, sessions beyond a number, several threads of a process, limits, accounting.
 */
import { Struct, word, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "./globaldata.ts";
import type { Prison } from "./kern_jail.ts";
import { Ucred } from "./kern_prot.ts";
import { Lock } from "./kern_lock.ts";
import { spawnThread } from "./lwkt_thread.ts";
import type { Thread } from "./thread.ts";
import { Vmspace } from "./vmspace.ts";

/** `struct pgrp`: processes that are signalled together. */
export class Pgrp {
  readonly pg_id: number;
  readonly pg_session: number;
  readonly pg_members: Proc[] = [];
  readonly pg_lock: Lock;

  constructor(k: Kernel, pg_id: number, pg_session: number) {
    this.pg_id = pg_id;
    this.pg_session = pg_session;
    this.pg_lock = new Lock(k, `pgrp ${String(pg_id)}`);
  }
}

/** How a process takes a signal it has a handler for: whether a system call it ends is restarted (`SA_RESTART`). */
export interface Sigaction {
  readonly signo: number;
  readonly restart: boolean;
}

/** `struct proc`. */
export class Proc extends Struct {
  readonly p_pid: number;
  readonly p_ucred: Ucred;
  readonly p_pgrp: Pgrp;
  readonly p_vmspace = new Vmspace();
  /** Handlers; a signal without one does what is usual for it. */
  readonly p_sigacts: readonly Sigaction[];
  /** Bit per pending signal. Stored by whoever signals, under no lock of its own. */
  readonly p_siglist: Word<number>;
  /** Its one thread; null before it runs. */
  p_lwp: Lwp | null = null;
  /** Signals whose handlers ran, in order. */
  readonly taken: number[] = [];

  constructor(k: Kernel, pid: number, cred: Ucred, pgrp: Pgrp, acts: readonly Sigaction[]) {
    super(k.x, `proc ${String(pid)}`);
    this.p_pid = pid;
    this.p_ucred = cred;
    this.p_pgrp = pgrp;
    this.p_sigacts = acts;
    this.p_siglist = word(this, 0);
  }
}

/** `struct lwp`: a thread of a process. */
export class Lwp extends Struct {
  readonly lwp_proc: Proc;
  readonly lwp_tid = 0;
  readonly lwp_thread: Thread;
  /** `LWP_*`; what `select` keeps between its scan and its sleep. */
  readonly lwp_flag: Word<number>;

  constructor(k: Kernel, proc: Proc, thread: Thread) {
    super(k.x, `lwp of ${proc.label}`);
    this.lwp_proc = proc;
    this.lwp_thread = thread;
    this.lwp_flag = word(this, 0);
  }
}

/** All processes and groups. Scenarios fill it before the run begins; nothing leaves it. */
export class Processes {
  readonly procs = new Map<number, Proc>();
  readonly pgrps = new Map<number, Pgrp>();
  /** What everybody who waits for files sleeps on. */
  readonly selwait = { label: "selwait" };
  /** Collisions so far. */
  nselcoll = 0;
}

/** A process by its number; null when there is none. Context: any. Holds: the MP lock. Blocks: no. */
export const pfind = (k: Kernel, pid: number): Proc | null => k.processes.procs.get(pid) ?? null;

/** A group by its number; null when there is none. Context: any. Holds: the MP lock. Blocks: no. */
export const pgfind = (k: Kernel, pgid: number): Pgrp | null => k.processes.pgrps.get(pgid) ?? null;

/** The running process; null in a thread that belongs to none. */
export const curproc = (k: Kernel): Proc | null => curthread(k).td_lwp?.lwp_proc ?? null;

/** What a process of a scenario is like. */
export interface ProcessOptions {
  readonly pid: number;
  /** Default 0: the superuser. */
  readonly uid?: number;
  /** Default: it is in none. */
  readonly jail?: Prison | null;
  /** Default: its own number, a group of its own. */
  readonly pgid?: number;
  /** Default 1. */
  readonly session?: number;
  readonly handlers?: readonly Sigaction[];
  /** Waiting is what it is there for. Default false: a process that does not end is stuck. */
  readonly daemon?: boolean;
}

/** Starts a process of a scenario on a CPU: its thread enters the kernel with `body`. Context: boot. */
export function spawnProcess(
  k: Kernel,
  name: string,
  cpu: number,
  options: ProcessOptions,
  body: (k: Kernel, proc: Proc) => Routine<void>,
): Proc {
  const { pid, uid = 0, jail = null, pgid = pid, session = 1, handlers = [], daemon = false } = options;
  const pgrp = k.processes.pgrps.get(pgid) ?? new Pgrp(k, pgid, session);
  const proc = new Proc(k, pid, new Ucred(uid, jail), pgrp, handlers);
  k.processes.pgrps.set(pgid, pgrp);
  k.processes.procs.set(pid, proc);
  pgrp.pg_members.push(proc);
  const td = spawnThread(k, name, cpu, () => body(k, proc), { daemon });
  proc.p_lwp = new Lwp(k, proc, td);
  td.td_lwp = proc.p_lwp;
  return proc;
}
