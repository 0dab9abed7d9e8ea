/**
 * Spin ports: any CPU queues directly; only waking a sleeping owner takes an IPI. The ports of netisr and ifnet
 * threads.
 *
 * Mirrors: sys/kern/lwkt_msgport.c `lwkt_initport_spin`, `lwkt_spin_*`.
 *
 * What happens under `mpu_spin` is one step (`Op.Send`, `Op.Receive`): the section begins with an acquisition and
 * ends with a release, nothing in it waits or is seen from outside, and its holder is in a critical section. The
 * wakeup stands behind it, as in the kernel.
 */
import { Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { EASYNC } from "../sys/errno.ts";
import { curthread, mycpuid } from "./globaldata.ts";
import { PINTERLOCKED, queueSelf, tsleep, wakeup, wakeup_mycpu } from "./kern_synch.ts";
import {
  MSGF_DONE,
  MSGF_QUEUED,
  MSGF_REPLY,
  MSGF_SYNC,
  MSGF_WAITING,
  MSGPORTF_WAITING,
  msgFlags,
  setMsgFlags,
  type LwktMsg,
  type LwktPort,
  type PortBackend,
} from "./msgport.ts";
import { _lwkt_pullmsg, _lwkt_pushmsg, takeNext } from "./msgqueue.ts";
import type { Thread } from "./thread.ts";

/** Makes a spin port; `fixed`: `lwkt_sendmsg_oncpu` is legal on the owner's CPU. Context: any. Blocks: no. */
export function lwkt_initport_spin(_k: Kernel, port: LwktPort, td: Thread | null, fixed: boolean): void {
  port.become(SPIN_PORT);
  port.mpu_td = td;
  port.mp_cpuid = fixed && td !== null ? td.td_gd.gd_cpuid : -1;
}

// -- putting ----------------------------------------------------------------------------------------------

function lwkt_spin_putport(k: Kernel, port: LwktPort, msg: LwktMsg): Step<number> {
  if (!k.x.point(packOp(Op.Send, port.object))) return putSlow(k, port, msg, false);
  return put(k, port, msg, false);
}

function lwkt_spin_putport_oncpu(k: Kernel, port: LwktPort, msg: LwktMsg): Step<number> {
  KASSERT(k, port.mp_cpuid === mycpuid(k), "lwkt_spin_putport_oncpu: port is not on this cpu");
  if (!k.x.point(packOp(Op.Send, port.object))) return putSlow(k, port, msg, true);
  return put(k, port, msg, true);
}

function* putSlow(k: Kernel, port: LwktPort, msg: LwktMsg, oncpu: boolean): Routine<number> {
  yield SWITCH;
  return yield* put(k, port, msg, oncpu);
}

function put(k: Kernel, port: LwktPort, msg: LwktMsg, oncpu: boolean): Step<number> {
  KASSERT(k, (msgFlags(msg) & (MSGF_DONE | MSGF_REPLY)) === 0, "lwkt_spin_putport: message done or replied");
  msg.ms_target_port = port;
  _lwkt_pushmsg(port, msg);
  if ((port.mp_flags & MSGPORTF_WAITING) === 0) return k.x.ready(EASYNC);
  port.mp_flags &= ~MSGPORTF_WAITING;
  return wakeOwner(k, port, oncpu);
}

function* wakeOwner(k: Kernel, port: LwktPort, oncpu: boolean): Routine<number> {
  if (oncpu) yield* wakeup_mycpu(k, port);
  else yield* wakeup(k, port);
  return EASYNC;
}

// -- taking -----------------------------------------------------------------------------------------------

function lwkt_spin_getport(k: Kernel, port: LwktPort): Step<LwktMsg | null> {
  if (!k.x.point(packOp(Op.Receive, port.object))) return getSlow(k, port);
  return k.x.ready(takeNext(port));
}

function* getSlow(_k: Kernel, port: LwktPort): Routine<LwktMsg | null> {
  yield SWITCH;
  return takeNext(port);
}

function* lwkt_spin_waitport(k: Kernel, port: LwktPort, _flags: number): Routine<LwktMsg> {
  for (;;) {
    if (!k.x.point(packOp(Op.Receive, port.object))) yield SWITCH;
    const msg = takeNext(port);
    if (msg !== null) return msg;
    port.mp_flags |= MSGPORTF_WAITING;
    yield* sleepOn(k, port, "waitport");
  }
}

/** `ssleep` under `mpu_spin`: queued in the step that looked, asleep after it. */
function* sleepOn(k: Kernel, ident: object, wmesg: string): Routine<void> {
  const bucket = k.sleepQueues.of(ident);
  k.x.recording.append(packOp(Op.Interlock, bucket.object));
  queueSelf(k, curthread(k), bucket);
  yield* tsleep(k, ident, PINTERLOCKED, wmesg, 0);
}

// -- replying ---------------------------------------------------------------------------------------------

function lwkt_spin_replyport(k: Kernel, port: LwktPort, msg: LwktMsg): Step<void> {
  if (!k.x.point(packOp(Op.Send, port.object))) return replySlow(k, port, msg);
  return reply(k, port, msg);
}

function* replySlow(k: Kernel, port: LwktPort, msg: LwktMsg): Routine<void> {
  yield SWITCH;
  yield* reply(k, port, msg);
}

function reply(k: Kernel, port: LwktPort, msg: LwktMsg): Step<void> {
  const flags = msgFlags(msg);
  KASSERT(k, (flags & (MSGF_DONE | MSGF_QUEUED)) === 0, "lwkt_spin_replyport: message done or queued");
  if ((flags & MSGF_SYNC) !== 0) {
    setMsgFlags(msg, (flags | MSGF_DONE | MSGF_REPLY) & ~MSGF_WAITING);
    return (flags & MSGF_WAITING) !== 0 ? wakeup(k, msg) : k.x.ready(undefined);
  }
  _lwkt_pushmsg(port, msg, MSGF_REPLY | MSGF_DONE);
  if ((port.mp_flags & MSGPORTF_WAITING) === 0) return k.x.ready(undefined);
  port.mp_flags &= ~MSGPORTF_WAITING;
  return wakeup(k, port);
}

function* lwkt_spin_waitmsg(k: Kernel, msg: LwktMsg, _flags: number): Routine<number> {
  const port = msg.ms_reply_port as LwktPort; // it is this port's method
  const td = curthread(k);
  for (;;) {
    if (!k.x.point(packOp(Op.Receive, port.object))) yield SWITCH;
    const flags = msgFlags(msg);
    if ((flags & MSGF_DONE) !== 0) break;
    const sync = (flags & MSGF_SYNC) !== 0;
    if (sync) setMsgFlags(msg, flags | MSGF_WAITING);
    else port.mp_flags |= MSGPORTF_WAITING;
    td.holder = msg.ms_target_port;
    yield* sleepOn(k, sync ? msg : port, "waitmsg");
    td.holder = null;
  }
  if ((msgFlags(msg) & MSGF_QUEUED) !== 0) _lwkt_pullmsg(port, msg);
  return msg.ms_error;
}

const SPIN_PORT: PortBackend = {
  getport: lwkt_spin_getport,
  putport: lwkt_spin_putport,
  putport_oncpu: lwkt_spin_putport_oncpu,
  waitport: lwkt_spin_waitport,
  waitmsg: lwkt_spin_waitmsg,
  replyport: lwkt_spin_replyport,
};
