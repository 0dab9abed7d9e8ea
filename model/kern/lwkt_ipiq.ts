/**
 * Inter-processor interrupts: functions sent to another CPU.
 *
 * Mirrors: sys/kern/lwkt_ipiq.c `lwkt_send_ipiq` and its `_passive`, `_nowait`, `_mask` forms, `lwkt_wait_ipiq`,
 * `lwkt_process_ipiq`. `lwkt_synchronize_ipiqs` is in lwkt_ipiq_sync.ts.
 * Left out: cpusync.
 *
 * For every ordered pair of CPUs there is a ring, first in first out; between rings there is no order, except that
 * a pass takes the lowest source first. A function runs on top of whatever thread it interrupts, which `curthread`
 * still names, and cannot block. Sending is one step: entry, index, mask bit and interrupt; a receiver between them
 * would only look once more.
 *
 * GAP: functions that a sender runs from its own rings while it waits for room run in the sender's context, so that
 * they would pass for holders of its locks.
 */
import { Gate, Op, SWITCH, packOp, type Routine, type Waiting } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { returned } from "../errnos.ts";
import { ENOENT } from "../sys/errno.ts";
import { mycpu, raiseLine, type Globaldata } from "./globaldata.ts";
import { LwktIpiq, type IpiFunc } from "./ipiq.ts";
import { critEnterNow, critExitNow } from "./thread2.ts";

export { pendingIpis, type IpiFunc } from "./ipiq.ts";
export { lwkt_synchronize_ipiqs } from "./lwkt_ipiq_sync.ts";

function ringTo(k: Kernel, gd: Globaldata, target: Globaldata): LwktIpiq {
  const known = gd.gd_ipiq[target.gd_cpuid] ?? null;
  if (known !== null) return known;
  const ring = new LwktIpiq(k.x, gd, target, k.params.MAXCPUFIFO);
  gd.gd_ipiq[target.gd_cpuid] = ring;
  return ring;
}

// -- sending ------------------------------------------------------------------------------------------

/**
 * Runs `func(arg)` on a CPU; returns its number in the ring. On this CPU that is a plain call, in the caller's
 * context. When the ring is more than half full the sender waits until it is a quarter full, and meanwhile runs
 * what other CPUs have sent to this one, critical section or not.
 * Context: any. Holds: no spinlock an IPI function wants. Blocks: no, but may spin.
 */
export function* lwkt_send_ipiq<T>(
  k: Kernel,
  target: Globaldata,
  func: IpiFunc<T>,
  arg: T,
): Routine<number> {
  const gd = mycpu(k);
  if (target === gd) {
    k.onBranch?.("IPI: to this CPU, a plain call");
    yield* func(k, arg);
    return 0;
  }
  const ring = ringTo(k, gd, target);
  if (!k.x.point(packOp(Op.Send, ring.object))) yield SWITCH;
  if (ring.used > ring.size >> 1) yield* waitForRoom(k, gd, target, ring);
  post(k, target, ring, { func, arg });
  kick(k, target);
  return ring.ip_windex;
}

/**
 * {@link lwkt_send_ipiq} without an interrupt: the entry is found by a later pass.
 * Context: any. Holds: no spinlock an IPI function wants. Blocks: no, but may spin.
 */
export function* lwkt_send_ipiq_passive<T>(
  k: Kernel,
  target: Globaldata,
  func: IpiFunc<T>,
  arg: T,
): Routine<number> {
  const gd = mycpu(k);
  KASSERT(k, target !== gd, "lwkt_send_ipiq_passive: to this cpu");
  const ring = ringTo(k, gd, target);
  if (!k.x.point(packOp(Op.Send, ring.object))) yield SWITCH;
  if (ring.used > ring.size >> 1) yield* waitForRoom(k, gd, target, ring);
  post(k, target, ring, { func, arg });
  return ring.ip_windex;
}

/**
 * {@link lwkt_send_ipiq} that never spins: ENOENT when the ring is two thirds full.
 * Context: any. Holds: anything. Blocks: no.
 */
export function* lwkt_send_ipiq_nowait<T>(
  k: Kernel,
  target: Globaldata,
  func: IpiFunc<T>,
  arg: T,
): Routine<number> {
  const gd = mycpu(k);
  if (target === gd) {
    yield* func(k, arg);
    return 0;
  }
  const ring = ringTo(k, gd, target);
  if (!k.x.point(packOp(Op.Send, ring.object))) yield SWITCH;
  if (ring.used >= Math.trunc((ring.size * 2) / 3)) return returned(k, "lwkt_send_ipiq_nowait", ENOENT);
  post(k, target, ring, { func, arg });
  kick(k, target);
  return returned(k, "lwkt_send_ipiq_nowait", 0);
}

/** Sends to each CPU of a mask, lowest first. Context: any. Holds: as lwkt_send_ipiq. Blocks: no, but may spin. */
export function* lwkt_send_ipiq_mask<T>(
  k: Kernel,
  mask: number,
  func: IpiFunc<T>,
  arg: T,
): Routine<void> {
  for (const gd of k.gd) {
    if ((mask & (1 << gd.gd_cpuid)) !== 0) yield* lwkt_send_ipiq(k, gd, func, arg);
  }
}

function post<T>(k: Kernel, target: Globaldata, ring: LwktIpiq, entry: { func: IpiFunc<T>; arg: T }): void {
  ring.put(entry);
  k.x.touch(target.ipiLine);
  target.gd_ipimask |= 1 << ring.source.gd_cpuid;
}

function kick(k: Kernel, target: Globaldata): void {
  if (!target.gd_npoll) {
    target.gd_npoll = true;
    raiseLine(k, target, target.ipiLine);
    if (k.timing !== null) {
      k.spend("ipiSend");
      target.ipiLine.readyAt = k.x.here + k.timing.costs.ipiDelivery;
    }
  }
  openSpin(target);
}

function* waitForRoom(k: Kernel, gd: Globaldata, target: Globaldata, ring: LwktIpiq): Routine<void> {
  const td = gd.gd_curthread;
  k.onIpiRingFull?.();
  k.onBranch?.("IPI ring: full, the sender waits");
  critEnterNow(k, td);
  gd.gd_intr_nesting_level++;
  while (ring.used > ring.size >> 2) {
    kick(k, target);
    yield* lwkt_process_ipiq(k);
    if (ring.used > ring.size >> 2) yield* spin(k, gd, target, `room in ${ring.label}`);
  }
  gd.gd_intr_nesting_level--;
  critExitNow(k, td);
}

/**
 * Waits without sleeping until something changed that the caller looks at: the rings of this CPU, or the progress
 * of `target` on a ring of this CPU. Spinning is no transition: the context is disabled meanwhile.
 */
function* spin(k: Kernel, gd: Globaldata, target: Globaldata, what: string): Routine<void> {
  const gate = (gd.spinGate ??= new Gate(k.x, `cpu ${String(gd.gd_cpuid)} spins`));
  gate.change(target.gd_curthread.context);
  const context = k.x.current;
  const told = (): Waiting => ({ for: what, heldBy: gate.owner });
  context.waitsFor = told;
  if (!k.x.pointAtGate(packOp(Op.Window, gate.object), gate)) yield SWITCH;
  gate.passed();
  context.waitsFor = null;
}

function openSpin(gd: Globaldata): void {
  const gate = gd.spinGate;
  if (gate !== null && gate.owner !== null) gate.change(null);
}

/**
 * Waits until the entry `seq` of the ring to `target` has been run, running incoming IPIs meanwhile.
 * Context: any. Holds: a critical section. Blocks: no, but spins.
 */
export function* lwkt_wait_ipiq(k: Kernel, target: Globaldata, seq: number): Routine<void> {
  const gd = mycpu(k);
  if (target === gd) return;
  KASSERT(k, gd.gd_curthread.td_critcount > 0, "lwkt_wait_ipiq: not in a critical section");
  const ring = ringTo(k, gd, target);
  while (ring.ip_xindex < seq) {
    yield* lwkt_process_ipiq(k);
    if (ring.ip_xindex < seq) yield* spin(k, gd, target, `${ring.label} to run`);
  }
  k.x.recording.append(packOp(Op.Receive, ring.object));
}

// -- receiving ----------------------------------------------------------------------------------------

/**
 * A pass: runs everything other CPUs have sent to this one, lowest source first, looking again until there is
 * nothing.
 * Context: interrupt, or a sender or waiter in a critical section. Holds: no spinlock. Blocks: no.
 */
export function* lwkt_process_ipiq(k: Kernel): Routine<void> {
  const gd = mycpu(k);
  gd.gd_processing_ipiq++;
  while (gd.gd_ipimask !== 0) {
    const mask = gd.gd_ipimask;
    gd.gd_ipimask = 0;
    for (const source of k.gd) {
      if ((mask & (1 << source.gd_cpuid)) === 0) continue;
      const ring = source.gd_ipiq[gd.gd_cpuid] ?? null;
      if (ring !== null) yield* drain(k, gd, ring);
    }
  }
  gd.gd_npoll = false;
  k.x.lower(gd.ipiLine);
  gd.gd_processing_ipiq--;
}

function* drain(k: Kernel, gd: Globaldata, ring: LwktIpiq): Routine<void> {
  gd.gd_intr_nesting_level++;
  while (ring.used > 0) {
    const { func, arg } = ring.take();
    k.x.recording.append(packOp(Op.Receive, ring.object));
    openSpin(ring.source);
    yield* func(k, arg as never); // function and argument belong together
    ring.ip_xindex = ring.ip_rindex;
    k.x.recording.append(packOp(Op.Release, ring.object));
    openSpin(ring.source);
  }
  gd.gd_intr_nesting_level--;
}

/** The IPI interrupt of a CPU: one activation. Context: interrupt. Holds: nothing. Blocks: no. */
export function* ipiInterrupt(k: Kernel, gd: Globaldata): Routine<void> {
  const td = gd.gd_curthread;
  td.td_critcount++;
  gd.gd_intr_nesting_level++;
  yield* lwkt_process_ipiq(k);
  gd.gd_intr_nesting_level--;
  td.td_critcount--;
}
