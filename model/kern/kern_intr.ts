/**
 * Hardware interrupts: a line per interrupt, which schedules a thread that runs the handler.
 *
 * Mirrors: sys/kern/kern_intr.c `register_int`, `sched_ithd_hard`, `ithread_handler`.
 * Left out: handlers that share an interrupt, polling on livelock, fast handlers, unregistering.
 *
 * The thread preempts what its interrupt found running, if that was in no critical section; when it first blocks,
 * the preempted thread goes on. The interrupt stays masked from its arrival until the handler has run.
 */
import { Op, packOp, type Context, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, globaldata_find, raiseLine, type Globaldata } from "./globaldata.ts";
import type { Serializer } from "./lwkt_serialize.ts";
import { lwkt_serialize_handler_call } from "./lwkt_serialize_array.ts";
import {
  TDF_DAEMON,
  TDF_INTTHREAD,
  TDF_NOSTART,
  TDPRI_INT_MED,
  lwkt_create,
  lwkt_deschedule_self,
  lwkt_schedule,
  lwkt_switch,
  type Thread,
} from "./lwkt_thread.ts";
import { critEnterNow, critExitNow, crit_enter } from "./thread2.ts";

/** A handler; thread context. */
export type InterruptHandler = (k: Kernel) => Step<void>;

/** One interrupt of one CPU, with its handler and thread. */
export class Interrupt {
  readonly label: string;
  readonly object: number;
  readonly gd: Globaldata;
  readonly handler: InterruptHandler;
  readonly serializer: Serializer | null;
  line!: Context;
  thread!: Thread;
  /** `i_running`: the handler is to run, once more if it is running. */
  i_running = false;
  /** Masked in hardware: it arrived, and the handler has not finished. */
  masked = false;
  /** It came while it was masked. */
  latched = false;

  constructor(
    k: Kernel,
    gd: Globaldata,
    name: string,
    handler: InterruptHandler,
    serializer: Serializer | null,
  ) {
    this.label = name;
    this.object = k.x.register(this);
    this.gd = gd;
    this.handler = handler;
    this.serializer = serializer;
  }
}

/**
 * Registers a handler for an interrupt of a CPU. With a serializer it is called inside it.
 * Context: boot or thread. Holds: nothing. Blocks: no (it allocates, but memory is not what we study here).
 */
export function register_int(
  k: Kernel,
  cpu: number,
  name: string,
  handler: InterruptHandler,
  serializer: Serializer | null,
): Interrupt {
  const gd = globaldata_find(k, cpu);
  const intr = new Interrupt(k, gd, name, handler, serializer);
  const flags = TDF_NOSTART | TDF_INTTHREAD | TDF_DAEMON;
  intr.thread = lwkt_create(k, ithread_handler, intr, `ithread ${name}`, cpu, flags);
  intr.thread.td_pri = TDPRI_INT_MED;
  intr.thread.td_preemptable = true;
  intr.line = k.x.line(name, gd.cpu, () => sched_ithd_hard(k, intr));
  return intr;
}

/** The device raises its interrupt. Context: any, a device in particular. Blocks: no. */
export function raiseInterrupt(k: Kernel, intr: Interrupt): void {
  k.x.recording.append(packOp(Op.Send, intr.object));
  k.onBranch?.(intr.masked ? "interrupt: comes while it is masked" : "interrupt: is raised");
  if (intr.masked) intr.latched = true;
  else raiseLine(k, intr.gd, intr.line);
}

/** One activation of the line: masks it, and schedules the thread, which may preempt. */
function* sched_ithd_hard(k: Kernel, intr: Interrupt): Routine<void> {
  k.x.recording.append(packOp(Op.Receive, intr.object));
  intr.masked = true;
  intr.i_running = true;
  yield* lwkt_schedule(k, intr.thread);
}

/** The interrupt thread. In a critical section, except where it lets others in after the handler. */
function* ithread_handler(k: Kernel, intr: Interrupt): Routine<void> {
  yield* crit_enter(k);
  const td = curthread(k);
  for (;;) {
    while (intr.i_running) {
      intr.i_running = false;
      if (intr.serializer === null) yield* intr.handler(k);
      else yield* lwkt_serialize_handler_call(k, intr.serializer, intr.handler);
    }
    unmask(k, intr);
    k.x.recording.append(packOp(Op.CritExit, intr.gd.cpu.object));
    critExitNow(k, td);
    yield* k.x.pause(Op.CritEnter, intr.gd.cpu.object);
    critEnterNow(k, td);
    if (intr.i_running) continue;
    lwkt_deschedule_self(k);
    td.waits(`interrupt ${intr.label}`);
    yield* lwkt_switch(k);
    td.waits(null);
  }
}

function unmask(k: Kernel, intr: Interrupt): void {
  intr.masked = false;
  k.x.changeBeside(intr.object);
  if (!intr.latched) return;
  intr.latched = false;
  raiseLine(k, intr.gd, intr.line);
}
