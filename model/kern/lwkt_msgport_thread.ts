/**
 * Thread ports: only the owner's CPU touches the queue; others send it an IPI. The ports of user threads, and so
 * their reply ports.
 *
 * Mirrors: sys/kern/lwkt_msgport.c `lwkt_initport_thread`, `lwkt_thread_*`.
 * Left out: owners that migrate.
 */
import { Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { EASYNC } from "../sys/errno.ts";
import { curthread, mycpu } from "./globaldata.ts";
import { lwkt_sleep } from "./kern_synch.ts";
import { lwkt_send_ipiq } from "./lwkt_ipiq.ts";
import { enqueue } from "./lwkt_thread.ts";
import {
  MSGF_DONE,
  MSGF_INTRANSIT,
  MSGF_QUEUED,
  MSGF_REPLY,
  MSGF_SYNC,
  MSGPORTF_WAITING,
  msgFlags,
  setMsgFlags,
  type LwktMsg,
  type LwktPort,
  type PortBackend,
} from "./msgport.ts";
import { _lwkt_pullmsg, _lwkt_pushmsg, takeNext } from "./msgqueue.ts";
import type { Thread } from "./thread.ts";
import { critEnterNow, critExitNow } from "./thread2.ts";

/** Makes the port of a thread. Context: any. Blocks: no. */
export function lwkt_initport_thread(_k: Kernel, port: LwktPort, td: Thread): void {
  port.become(THREAD_PORT);
  port.mpu_td = td;
}

const ownerOf = (port: LwktPort): Thread => port.mpu_td as Thread; // a thread port has an owner

/** On the owner's CPU: lets it run if it waits. */
function wakeOwner(k: Kernel, port: LwktPort): void {
  if ((port.mp_flags & MSGPORTF_WAITING) !== 0) enqueue(k, ownerOf(port));
}

// -- putting ----------------------------------------------------------------------------------------------

function* lwkt_thread_putport(k: Kernel, port: LwktPort, msg: LwktMsg): Routine<number> {
  KASSERT(k, (msgFlags(msg) & (MSGF_DONE | MSGF_REPLY)) === 0, "lwkt_thread_putport: message done or replied");
  msg.ms_target_port = port;
  const gd = ownerOf(port).td_gd;
  if (gd === mycpu(k)) {
    if (!k.x.point(packOp(Op.Send, port.object))) yield SWITCH;
    putNow(k, port, msg);
  } else {
    setMsgFlags(msg, msgFlags(msg) | MSGF_INTRANSIT);
    yield* lwkt_send_ipiq(k, gd, lwkt_thread_putport_remote, msg);
  }
  return EASYNC;
}

function* lwkt_thread_putport_remote(k: Kernel, msg: LwktMsg): Routine<void> {
  const port = msg.ms_target_port as LwktPort; // set by the sender
  setMsgFlags(msg, msgFlags(msg) & ~MSGF_INTRANSIT);
  handOver(k, port);
  putNow(k, port, msg);
}

/**
 * The IPI function puts or replies by itself: whoever takes the message from the port comes after it, also one that
 * is about to look and finds it without having slept.
 */
function handOver(k: Kernel, port: LwktPort): void {
  k.x.recording.append(packOp(Op.Send, port.object));
}

function putNow(k: Kernel, port: LwktPort, msg: LwktMsg): void {
  _lwkt_pushmsg(port, msg);
  wakeOwner(k, port);
}

// -- taking -----------------------------------------------------------------------------------------------

function assertOwner(k: Kernel, port: LwktPort): void {
  KASSERT(k, port.mpu_td === curthread(k), "lwkt_thread_waitport: not the owner of the port");
}

function lwkt_thread_getport(k: Kernel, port: LwktPort): Step<LwktMsg | null> {
  assertOwner(k, port);
  if (!k.x.point(packOp(Op.Receive, port.object))) return getSlow(port);
  return k.x.ready(takeNext(port));
}

function* getSlow(port: LwktPort): Routine<LwktMsg | null> {
  yield SWITCH;
  return takeNext(port);
}

function* lwkt_thread_waitport(k: Kernel, port: LwktPort, _flags: number): Routine<LwktMsg> {
  assertOwner(k, port);
  const td = curthread(k);
  if (!k.x.point(packOp(Op.Receive, port.object))) yield SWITCH;
  critEnterNow(k, td);
  let msg = takeNext(port);
  while (msg === null) {
    port.mp_flags |= MSGPORTF_WAITING;
    yield* lwkt_sleep(k, `message on ${port.label}`, 0);
    port.mp_flags &= ~MSGPORTF_WAITING;
    msg = takeNext(port);
  }
  critExitNow(k, td);
  return msg;
}

// -- replying ---------------------------------------------------------------------------------------------

function* lwkt_thread_replyport(k: Kernel, port: LwktPort, msg: LwktMsg): Routine<void> {
  const gd = ownerOf(port).td_gd;
  if (gd === mycpu(k)) {
    if (!k.x.point(packOp(Op.Send, port.object))) yield SWITCH;
    assertReplyable(k, msg);
    replyNow(k, port, msg);
    return;
  }
  assertReplyable(k, msg);
  setMsgFlags(msg, msgFlags(msg) | MSGF_REPLY | MSGF_INTRANSIT);
  yield* lwkt_send_ipiq(k, gd, lwkt_thread_replyport_remote, msg);
}

function assertReplyable(k: Kernel, msg: LwktMsg): void {
  const illegal = MSGF_DONE | MSGF_QUEUED | MSGF_INTRANSIT;
  KASSERT(k, (msgFlags(msg) & illegal) === 0, "lwkt_thread_replyport: message done, queued or in transit");
}

function* lwkt_thread_replyport_remote(k: Kernel, msg: LwktMsg): Routine<void> {
  const port = msg.ms_reply_port as LwktPort; // set by the originator
  setMsgFlags(msg, msgFlags(msg) & ~MSGF_INTRANSIT);
  handOver(k, port);
  replyNow(k, port, msg);
}

function replyNow(k: Kernel, port: LwktPort, msg: LwktMsg): void {
  const flags = msgFlags(msg);
  if ((flags & MSGF_SYNC) !== 0) setMsgFlags(msg, flags | MSGF_DONE | MSGF_REPLY);
  else _lwkt_pushmsg(port, msg, MSGF_REPLY | MSGF_DONE);
  wakeOwner(k, port);
}

function* lwkt_thread_waitmsg(k: Kernel, msg: LwktMsg, _flags: number): Routine<number> {
  const port = msg.ms_reply_port as LwktPort; // it is this port's method
  const td = curthread(k);
  if (!k.x.point(packOp(Op.Receive, port.object))) yield SWITCH;
  if ((msgFlags(msg) & MSGF_DONE) === 0) {
    KASSERT(k, port.mpu_td === td, "lwkt_thread_waitmsg: not the owner of the reply port");
    critEnterNow(k, td);
    while ((msgFlags(msg) & MSGF_DONE) === 0) {
      port.mp_flags |= MSGPORTF_WAITING;
      td.holder = msg.ms_target_port;
      yield* lwkt_sleep(k, `reply to ${msg.label}`, 0);
      port.mp_flags &= ~MSGPORTF_WAITING;
    }
    critExitNow(k, td);
  }
  if ((msgFlags(msg) & MSGF_QUEUED) !== 0) _lwkt_pullmsg(port, msg);
  return msg.ms_error;
}

const THREAD_PORT: PortBackend = {
  getport: lwkt_thread_getport,
  putport: lwkt_thread_putport,
  putport_oncpu: lwkt_thread_putport,
  waitport: lwkt_thread_waitport,
  waitmsg: lwkt_thread_waitmsg,
  replyport: lwkt_thread_replyport,
};
