/**
 * Boot of the kernel proper: CPUs, their interrupts, the clock.
 *
 * Mirrors: sys/kern/init_main.c as far as there is something to boot.
 */
import type { Context, Routine } from "../../sim/index.ts";
import { misuse } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { SoftclockPcpu } from "./callout.ts";
import { Globaldata } from "./globaldata.ts";
import { timerInterrupt } from "./kern_clock.ts";
import { ipiInterrupt } from "./lwkt_ipiq.ts";
import { dispatch } from "./lwkt_thread.ts";
import { Thread } from "./thread.ts";

/** Makes the CPUs. Called once, before anything else. Context: boot. */
export function bootKern(k: Kernel): void {
  const { ncpus } = k.params;
  if (!Number.isInteger(ncpus) || ncpus < 1 || ncpus > 8) misuse("ncpus", `${String(ncpus)} CPUs: 1 to 8`);
  for (let cpu = 0; cpu < ncpus; cpu++) bootCpu(k);
}

function bootCpu(k: Kernel): void {
  const cpu = k.x.processor();
  const gd = new Globaldata(cpu);
  const name = `cpu${String(cpu.id)}`;
  k.gd.push(gd);
  gd.gd_idlethread = new Thread(gd, k.x.thread(`${name} idle`, cpu, idle, { daemon: true }), 0);
  gd.gd_idlethread.td_pri = 0;
  gd.gd_curthread = gd.gd_idlethread;
  gd.softclock = new SoftclockPcpu(gd);
  gd.ipiLine = k.x.line(`${name} ipi`, cpu, () => ipiInterrupt(k, gd));
  gd.timerLine = k.x.line(`${name} timer`, cpu, () => timerInterrupt(k, gd));
  const next = (): Context | null => dispatch(k, gd);
  cpu.dispatch = next;
}

function idle(): Routine<void> {
  return misuse("idle-thread", "the idle thread was started; a CPU without a thread idles by itself");
}
