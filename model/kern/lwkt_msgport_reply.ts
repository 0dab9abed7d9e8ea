/**
 * Ports that only take replies, and ports that take nothing.
 *
 * Mirrors: sys/kern/lwkt_msgport.c `lwkt_initport_replyonly`, `lwkt_initport_replyonly_null`, `lwkt_initport_panic`;
 * `lwkt_null_replyport`.
 */
import { SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { panic } from "../panic.ts";
import {
  MSGF_DONE,
  MSGF_REPLY,
  msgFlags,
  storeMsgFlags,
  type LwktMsg,
  type LwktPort,
  type PortBackend,
  type ReplyPort,
} from "./msgport.ts";

/** A port on which everything panics. Context: any. Blocks: no. */
export function lwkt_initport_panic(_k: Kernel, port: LwktPort): void {
  port.become(PANIC_PORT);
}

/** A port whose replies are handled by `replyport`; anything else panics. Context: any. Blocks: no. */
export function lwkt_initport_replyonly(_k: Kernel, port: LwktPort, replyport: ReplyPort): void {
  port.become({ ...PANIC_PORT, replyport });
}

/**
 * A port whose replies merely mark the message done: a plain store, no lock, nobody is woken. For messages that are
 * reused by who finds them done.
 * Context: any. Blocks: no.
 */
export function lwkt_initport_replyonly_null(_k: Kernel, port: LwktPort): void {
  port.become({ ...PANIC_PORT, replyport: lwkt_null_replyport });
}

function lwkt_null_replyport(k: Kernel, _port: LwktPort, msg: LwktMsg): Step<void> {
  if (!k.x.point(packOp(msg.ms_flags.storeOp, msg.ms_flags.object))) return nullSlow(msg);
  markDone(msg);
  return k.x.ready(undefined);
}

function* nullSlow(msg: LwktMsg): Routine<void> {
  yield SWITCH;
  markDone(msg);
}

function markDone(msg: LwktMsg): void {
  storeMsgFlags(msg, msgFlags(msg) | MSGF_DONE | MSGF_REPLY);
}

const refusal = (what: string) => (k: Kernel, port: LwktPort): never =>
  panic(k, `lwkt_panic_${what}: port ${port.label} is not for that`);

const PANIC_PORT: PortBackend = {
  getport: refusal("getport"),
  putport: refusal("putport"),
  putport_oncpu: refusal("putport_oncpu"),
  waitport: refusal("waitport"),
  waitmsg: (k, msg) => panic(k, "lwkt_panic_waitmsg: nobody is woken by this port", [["message", msg.label]]),
  replyport: refusal("replyport"),
};
