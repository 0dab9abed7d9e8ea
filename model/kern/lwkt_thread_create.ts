/**
 * Making threads.
 *
 * Mirrors: sys/kern/lwkt_thread.c `lwkt_create`, `lwkt_init_thread`.
 */
import { misuse, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { lwkt_initport_spin, lwkt_initport_thread } from "./lwkt_msgport.ts";
import { dispatch, enqueue } from "./lwkt_thread.ts";
import { LwktPort } from "./msgport.ts";
import {
  TDF_DAEMON,
  TDF_FIXEDCPU,
  TDF_FORCE_SPINPORT,
  TDF_NOSTART,
  TDPRI_KERN_USER,
  Thread,
} from "./thread.ts";

/** What a thread runs. */
export type ThreadFunc<T> = (k: Kernel, arg: T) => Routine<void>;

/**
 * Makes a thread on a CPU. It starts at once unless `TDF_NOSTART`; a thread of another CPU can be started at once
 * only during boot, later by `lwkt_schedule`.
 * Context: boot or thread. Holds: nothing. Blocks: no (it allocates, but memory is not what we study here).
 */
export function lwkt_create<T>(
  k: Kernel,
  func: ThreadFunc<T>,
  arg: T,
  name: string,
  cpu: number,
  flags: number,
): Thread {
  const gd = k.gd[cpu] ?? misuse("no-such-cpu", `${name} on CPU ${String(cpu)}`);
  const daemon = (flags & TDF_DAEMON) !== 0;
  const context = k.x.thread(name, gd.cpu, () => func(k, arg), { daemon });
  const td = new Thread(gd, context, flags);
  td.td_msgport = new LwktPort(k, `${name} port`);
  if ((flags & TDF_FORCE_SPINPORT) !== 0) {
    lwkt_initport_spin(k, td.td_msgport, td, (flags & TDF_FIXEDCPU) !== 0);
  } else {
    lwkt_initport_thread(k, td.td_msgport, td);
  }
  if ((flags & TDF_NOSTART) === 0) startThread(k, td);
  return td;
}

/** Options of a thread of a scenario. */
export interface SpawnOptions {
  /** `td_type`. Default generic. */
  readonly type?: number;
  /** Waiting for work is its job. Default false: a thread that does not end is stuck. */
  readonly daemon?: boolean;
}

/** A thread of a scenario, as a system call would bring one into the kernel; starts at once. Context: boot. */
export function spawnThread(
  k: Kernel,
  name: string,
  cpu: number,
  body: (k: Kernel) => Routine<void>,
  options: SpawnOptions = {},
): Thread {
  const flags = TDF_NOSTART | (options.daemon === true ? TDF_DAEMON : 0);
  const td = lwkt_create(k, body, undefined, name, cpu, flags);
  td.td_pri = TDPRI_KERN_USER;
  td.td_type = options.type ?? td.td_type;
  startThread(k, td);
  return td;
}

/** Makes a new thread runnable, during boot on any CPU, otherwise on its own. */
function startThread(k: Kernel, td: Thread): void {
  const gd = td.td_gd;
  const { current } = k.x;
  if (current.cpu !== null && current.cpu !== gd.cpu)
    misuse("foreign-start", `${td.td_name} belongs to another CPU: create it with TDF_NOSTART and schedule it`);
  enqueue(k, td);
  if (gd.cpu.thread === null && gd.cpu.nested === null) k.x.setThread(gd.cpu, dispatch(k, gd));
}

/** Lets every CPU that idles run what it has to run. Context: boot. */
export function startCpus(k: Kernel): void {
  for (const gd of k.gd) {
    if (gd.cpu.thread === null && gd.cpu.nested === null) k.x.setThread(gd.cpu, dispatch(k, gd));
  }
}
