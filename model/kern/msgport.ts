/**
 * Messages and ports, as data.
 *
 * Mirrors: sys/sys/msgport.h `struct lwkt_msg`, `struct lwkt_port`, MSGF_*, MSGPORTF_*.
 * Left out: abort, drop.
 *
 * `ms_flags` is a plain word: the sender clears DONE, and the adone reply sets it, without any lock; whoever
 * reuses a message tests it without one (dragonfly.md 5.5). These three are points and can race. Every other change
 * happens under the lock of a port or on the owner's CPU in a critical section, inside the one step of a port
 * operation, and goes through {@link msgFlags} and {@link setMsgFlags}.
 */
import { Struct, UNWRITTEN, word, type Context, type Step, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { Tailq, TailqEntry } from "../sys/queue.ts";
import type { Thread } from "./thread.ts";

/** Finished; also never sent, reusable. */
export const MSGF_DONE = 0x0001;
/** A reply is under way or was returned. */
export const MSGF_REPLY = 0x0002;
/** On the queue of a port. */
export const MSGF_QUEUED = 0x0004;
/** The originator waits on the message itself. */
export const MSGF_SYNC = 0x0008;
/** Inside an IPI. */
export const MSGF_INTRANSIT = 0x0010;
/** Somebody sleeps on this SYNC message. */
export const MSGF_WAITING = 0x0020;
/** Queued ahead of normal messages. */
export const MSGF_PRIORITY = 0x0100;

/** The owner sleeps until a message arrives. */
export const MSGPORTF_WAITING = 0x0001;

/** `struct lwkt_msg`. */
export class LwktMsg extends Struct {
  readonly ms_flags: Word<number> = word<number>(this, UNWRITTEN);
  ms_reply_port: LwktPort | null = null;
  ms_target_port: LwktPort | null = null;
  ms_error = 0;
  /** `union u`. */
  readonly u: { ms_resultp: unknown; ms_result: number } = { ms_resultp: null, ms_result: 0 };
  readonly ms_node = new TailqEntry<LwktMsg>();

  constructor(k: Kernel, label: string) {
    super(k.x, label);
  }
}

/** The flags, inside the step of a port operation, or by who owns the message. Not a point. */
export function msgFlags(msg: LwktMsg): number {
  return msg.ms_flags.loadNow();
}

/** Changes the flags inside the step of a port operation, whose lock makes it visible. Not a point. */
export function setMsgFlags(msg: LwktMsg, flags: number): void {
  msg.ms_flags.settle(flags);
}

/** Changes the flags by who owns the message: a plain store. Not a point. */
export function storeMsgFlags(msg: LwktMsg, flags: number): void {
  msg.ms_flags.storeNow(flags);
}

/** `mp_putport`: takes a message; EASYNC, or the error it is finished with. */
export type PutPort = (k: Kernel, port: LwktPort, msg: LwktMsg) => Step<number>;
/** `mp_getport`: the next message, or null. */
export type GetPort = (k: Kernel, port: LwktPort) => Step<LwktMsg | null>;
/** `mp_waitport`: the next message, waiting for it. */
export type WaitPort = (k: Kernel, port: LwktPort, flags: number) => Step<LwktMsg>;
/** `mp_waitmsg`, of the reply port: waits for the reply of a message; its error. */
export type WaitMsg = (k: Kernel, msg: LwktMsg, flags: number) => Step<number>;
/** `mp_replyport`, of the reply port: returns a message. */
export type ReplyPort = (k: Kernel, port: LwktPort, msg: LwktMsg) => Step<void>;

/** What a kind of port does. */
export interface PortBackend {
  readonly getport: GetPort;
  readonly putport: PutPort;
  readonly putport_oncpu: PutPort;
  readonly waitport: WaitPort;
  readonly waitmsg: WaitMsg;
  readonly replyport: ReplyPort;
}

const links = (msg: LwktMsg): TailqEntry<LwktMsg> => msg.ms_node;

/** `struct lwkt_port`. Its queues are touched inside the steps of port operations only. */
export class LwktPort {
  readonly label: string;
  readonly object: number;
  readonly mp_msgq: Tailq<LwktMsg>;
  readonly mp_msgq_prio: Tailq<LwktMsg>;
  mp_flags = 0;
  /** The one CPU `lwkt_sendmsg_oncpu` is legal from, or -1. */
  mp_cpuid = -1;
  /** Who takes its messages; null for a port nobody waits at. */
  mpu_td: Thread | null = null;
  mp_getport!: GetPort;
  mp_putport!: PutPort;
  mp_putport_oncpu!: PutPort;
  mp_waitport!: WaitPort;
  mp_waitmsg!: WaitMsg;
  mp_replyport!: ReplyPort;

  constructor(k: Kernel, label: string) {
    this.label = label;
    this.object = k.x.register(this);
    this.mp_msgq = new Tailq(label, links);
    this.mp_msgq_prio = new Tailq(label, links);
  }

  /** Who could end the wait of somebody for this port. */
  get owner(): Context | null {
    return this.mpu_td?.context ?? null;
  }

  become(backend: PortBackend): void {
    this.mp_getport = backend.getport;
    this.mp_putport = backend.putport;
    this.mp_putport_oncpu = backend.putport_oncpu;
    this.mp_waitport = backend.waitport;
    this.mp_waitmsg = backend.waitmsg;
    this.mp_replyport = backend.replyport;
  }
}
