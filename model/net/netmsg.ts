/**
 * Messages to network threads.
 *
 * Mirrors: sys/net/netmsg.h (`struct netmsg_base`), sys/net/netmsg2.h (`netmsg_init`).
 * Left out: the socket a message belongs to (`nm_so`).
 */
import { Struct, misuse, type Grave, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { LwktMsg, lwkt_initmsg, type LwktPort } from "../kern/lwkt_msgport.ts";

/** Handles a message on the thread that owns the port; must reply or forward it. */
export type NetisrFn = (k: Kernel, msg: NetmsgBase) => Step<void>;

/** What is said of a message that lived on the stack of a routine that has returned. */
const STACK_FRAME: Grave = {
  label: "message on the stack",
  facts: [["freed", "the routine that sent it has returned"]],
};

/** `struct netmsg_base`: a message with a handler. Its `lmsg` is the base class: in C it is the first member. */
export class NetmsgBase extends LwktMsg {
  nm_dispatch: NetisrFn | null = null;

  /** For messages on the stack: the routine returns, nobody may touch the message from now on. */
  leaveFrame(): void {
    this.bury(STACK_FRAME);
  }
}

/** The network message that a registered port was given: it takes no other. In C a cast. */
export function netmsgOf(msg: LwktMsg): NetmsgBase {
  if (msg instanceof NetmsgBase) return msg;
  return misuse("no-netmsg", `${msg.label} was sent to a network thread, and has no handler`);
}

/** The allocation behind `ifsq_ifstart_nmsg`: one message per CPU. */
export class NetmsgBlock extends Struct {
  readonly msgs: readonly NetmsgBase[];

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.msgs = k.gd.map(({ gd_cpuid }) => new NetmsgBase(k, `${label} ${gd_cpuid}`));
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const msg of this.msgs) msg.bury(grave);
  }
}

/** Makes a message ready to be sent: done, with its reply port, priority and handler; no socket. Not for one in flight. */
export function netmsg_init(
  k: Kernel,
  msg: NetmsgBase,
  _so: null,
  rport: LwktPort,
  flags: number,
  dispatch: NetisrFn,
): void {
  lwkt_initmsg(k, msg, rport, flags);
  msg.nm_dispatch = dispatch;
}
