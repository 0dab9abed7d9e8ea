/**
 * What the loopback driver keeps.
 *
 * Mirrors: bsd/net/if_loop.c `lo_sched_model`, `lo_dequeue_max`, `lo_dequeue_sc`, `lo_dequeue_scidx`, `lo_statics`.
 * The four settings are plain words: sysctls store them and the start thread loads them under no lock.
 */
import { Struct, published, word } from "../../../sim/index.ts";
import { MBUF_SC_NAMES, type ServiceClass } from "../kern/mbuf.ts";
import { IFNET_SCHED_MODEL_NORMAL } from "./if_var.ts";
import { lck_mtx_init, type LckMtx } from "../kern/locks.ts";
import type { Xnu } from "../xnu.ts";

/** `LOSNDQ_MAXLEN`. */
export const LOSNDQ_MAXLEN = 256;

/** The globals of the driver. */
export class LoGlobals extends Struct {
  readonly lo_sched_model = word(this, IFNET_SCHED_MODEL_NORMAL);
  /** Packets that one dequeue may take. */
  readonly lo_dequeue_max = word(this, LOSNDQ_MAXLEN);
  /** The class that is dequeued while the driver manages the classes. */
  readonly lo_dequeue_sc = word<ServiceClass>(this, MBUF_SC_NAMES[0]);
  readonly lo_dequeue_scidx = word(this, 0);
  /** `bpf_mlock`, which whoever installs a tap holds. */
  readonly bpf_mlock: LckMtx;
  /** A tap is installed; in C the address of a function that is never called. */
  readonly bpf_callback;

  constructor(xnu: Xnu) {
    super(xnu.x, "if_loop");
    this.bpf_mlock = lck_mtx_init(xnu, "bpf_mlock");
    this.bpf_callback = published(this, this.bpf_mlock, false);
  }
}
