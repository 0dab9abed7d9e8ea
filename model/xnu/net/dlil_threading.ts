/**
 * The main input thread's mailbox.
 *
 * Mirrors: bsd/net/dlil.h `struct dlil_main_threading_info`, DLIL_INPUT_*.
 * Left out: affinity, termination (the main input thread never ends), protocol registrations, statistics that wait.
 */
import { Struct, guardedBy } from "../../../sim/index.ts";
import { WaitChannel } from "../kern/kern_synch.ts";
import { lck_mtx_init, type LckMtx } from "../kern/locks.ts";
import type { XnuMbuf } from "../kern/mbuf.ts";
import type { Xnu } from "../xnu.ts";

export const DLIL_INPUT_RUNNING = 0x80000000 | 0;
export const DLIL_INPUT_WAITING = 0x40000000;

/** Two queues: packets of lo0, whose `rcvif` may name another interface, and of everybody else. */
export class InputThread extends Struct {
  readonly input_lck: LckMtx;
  readonly input_waiting;
  readonly rcvq_pkts;
  readonly lo_rcvq_pkts;
  readonly channel: WaitChannel;

  constructor(xnu: Xnu) {
    super(xnu.x, "dlil_main_input");
    this.input_lck = lck_mtx_init(xnu, "input_lck");
    this.input_waiting = guardedBy(this, this.input_lck, 0);
    this.rcvq_pkts = guardedBy<readonly XnuMbuf[]>(this, this.input_lck, []);
    this.lo_rcvq_pkts = guardedBy<readonly XnuMbuf[]>(this, this.input_lck, []);
    this.channel = new WaitChannel(xnu.x, "input_waiting");
  }
}
