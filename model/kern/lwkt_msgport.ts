/**
 * Sending, forwarding, replying to and waiting for messages.
 *
 * Mirrors: sys/kern/lwkt_msgport.c (with the `_oncpu` form of 2014), sys/sys/msgport2.h.
 * Left out: aborting, dropping, the serializer port, `lwkt_beginmsg`.
 *
 * Who owns a message: the sender until the send, the port's thread until the reply, then the originator again. An
 * asynchronous message must not be touched between send and reply, a SYNC one not after the reply.
 */
import { SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, panic } from "../panic.ts";
import { EASYNC } from "../sys/errno.ts";
import {
  MSGF_DONE,
  MSGF_QUEUED,
  MSGF_REPLY,
  MSGF_SYNC,
  msgFlags,
  storeMsgFlags,
  type LwktMsg,
  type LwktPort,
} from "./msgport.ts";

export * from "./msgport.ts";
export { EASYNC } from "../sys/errno.ts";
export { lwkt_initport_thread } from "./lwkt_msgport_thread.ts";
export { lwkt_initport_spin } from "./lwkt_msgport_spin.ts";
export {
  lwkt_initport_panic,
  lwkt_initport_replyonly,
  lwkt_initport_replyonly_null,
} from "./lwkt_msgport_reply.ts";

/**
 * Prepares a message that nobody else knows of. Context: any. Holds: nothing. Blocks: no.
 */
export function lwkt_initmsg(_k: Kernel, msg: LwktMsg, rport: LwktPort, flags: number): void {
  storeMsgFlags(msg, MSGF_DONE | flags);
  msg.ms_reply_port = rport;
}

// -- sending --------------------------------------------------------------------------------------------

/** The plain store that takes a message out of the hands of whoever might reuse it, with the asserts before it. */
function launch(k: Kernel, msg: LwktMsg, clear: number, set: number): Step<void> {
  if (!k.x.point(packOp(msg.ms_flags.storeOp, msg.ms_flags.object))) return launchSlow(k, msg, clear, set);
  launchNow(k, msg, clear, set);
  return k.x.ready(undefined);
}

function* launchSlow(k: Kernel, msg: LwktMsg, clear: number, set: number): Routine<void> {
  yield SWITCH;
  launchNow(k, msg, clear, set);
}

function launchNow(k: Kernel, msg: LwktMsg, clear: number, set: number): void {
  const flags = msgFlags(msg);
  const legal = msg.ms_reply_port !== null && (flags & (MSGF_DONE | MSGF_QUEUED)) === MSGF_DONE;
  if (!legal) {
    panic(k, "lwkt_sendmsg: message is queued or not done, or has no reply port", [
      ["message", msg.label],
      ["ms_flags", `0x${flags.toString(16)}`],
    ]);
  }
  storeMsgFlags(msg, (flags & ~clear) | set);
}

/**
 * Sends a message, which is replied to later, or at once when the port refuses it.
 * Context: any (thread and spin ports). Holds: the message. Blocks: no, but the port's spinlock and IPIs may spin.
 */
export function* lwkt_sendmsg(k: Kernel, port: LwktPort, msg: LwktMsg): Routine<void> {
  yield* launch(k, msg, MSGF_REPLY | MSGF_SYNC | MSGF_DONE, 0);
  const error = yield* port.mp_putport(k, port, msg);
  if (error !== EASYNC) yield* lwkt_replymsg(k, msg, error);
}

/**
 * {@link lwkt_sendmsg} to a port whose thread belongs to this CPU: no IPI, not even to wake it.
 * Context: any, on the port's CPU. Holds: the message. Blocks: no.
 */
export function* lwkt_sendmsg_oncpu(k: Kernel, port: LwktPort, msg: LwktMsg): Routine<void> {
  yield* launch(k, msg, MSGF_REPLY | MSGF_SYNC | MSGF_DONE, 0);
  const error = yield* port.mp_putport_oncpu(k, port, msg);
  if (error !== EASYNC) yield* lwkt_replymsg(k, msg, error);
}

/**
 * Sends a message and waits for the reply; its error.
 * Context: thread. Holds: the message, and nothing the handler needs. Blocks: yes.
 */
export function* lwkt_domsg(k: Kernel, port: LwktPort, msg: LwktMsg, flags: number): Routine<number> {
  yield* launch(k, msg, MSGF_REPLY | MSGF_DONE, MSGF_SYNC);
  const error = yield* port.mp_putport(k, port, msg);
  if (error === EASYNC) return yield* lwkt_waitmsg(k, msg, flags);
  storeMsgFlags(msg, msgFlags(msg) | MSGF_DONE | MSGF_REPLY);
  return error;
}

/**
 * Passes a message that is being handled on to another port; the reply will go to its originator.
 * Context: its handler, which must not touch it afterwards. Holds: the message. Blocks: no.
 */
export function lwkt_forwardmsg(k: Kernel, port: LwktPort, msg: LwktMsg): Step<number> {
  const flags = msgFlags(msg);
  KASSERT(k, (flags & (MSGF_QUEUED | MSGF_DONE | MSGF_REPLY)) === 0, "lwkt_forwardmsg: message queued or done");
  return port.mp_putport(k, port, msg);
}

/**
 * Returns a message to its originator.
 * Context: its handler, which must not touch a SYNC message afterwards. Holds: the message. Blocks: no.
 */
export function lwkt_replymsg(k: Kernel, msg: LwktMsg, error: number): Step<void> {
  msg.ms_error = error;
  const port = msg.ms_reply_port;
  if (port === null) return panic(k, "lwkt_replymsg: message has no reply port", [["message", msg.label]]);
  return port.mp_replyport(k, port, msg);
}

// -- waiting --------------------------------------------------------------------------------------------

/** Waits for the reply to a message; its error. Context: who owns the reply port. Holds: nothing. Blocks: yes. */
export function lwkt_waitmsg(k: Kernel, msg: LwktMsg, flags: number): Step<number> {
  const port = msg.ms_reply_port;
  if (port === null) return panic(k, "lwkt_waitmsg: message has no reply port", [["message", msg.label]]);
  return port.mp_waitmsg(k, msg, flags);
}

/** The next message of a port, waiting for it. Context: who owns the port. Holds: nothing. Blocks: yes. */
export const lwkt_waitport = (k: Kernel, port: LwktPort, flags: number): Step<LwktMsg> =>
  port.mp_waitport(k, port, flags);

/** The next message of a port, or null. Context: who owns the port. Holds: nothing. Blocks: no. */
export const lwkt_getport = (k: Kernel, port: LwktPort): Step<LwktMsg | null> => port.mp_getport(k, port);
