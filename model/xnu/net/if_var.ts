/**
 * Network interfaces of XNU.
 *
 * Mirrors: bsd/net/if_var.h, bsd/net/kpi_interface.h `struct ifnet`, as far as output, start and detach read it.
 * Left out: addresses, multicast, polling, delayed start (`IFEF_ENQUEUE_MULTI`, which an interface without a delay set
 * never has), thresholds.
 */
import { Struct, atomic, guardedBy, published, type Context, type Routine } from "../../../sim/index.ts";
import { WaitChannel } from "../kern/kern_synch.ts";
import { lck_mtx_init, type LckMtx } from "../kern/locks.ts";
import type { XnuMbuf } from "../kern/mbuf.ts";
import type { Xnu } from "../xnu.ts";
import { Ifclassq } from "./if_classq.ts";

export const IFF_UP = 0x1;
export const IFF_RUNNING = 0x40;

/** `if_refflags`. Fully attached is exactly IFRF_ATTACHED. */
const IFRF_EMBRYONIC = 1;
export const IFRF_ATTACHED = 2;
export const IFRF_DETACHING = 4;

/** `if_start_flags`: a flow control from below. */
export const IFSF_FLOW_CONTROLLED = 1;

export const IFNET_SCHED_MODEL_NORMAL = 0;
export const IFNET_SCHED_MODEL_DRIVER_MANAGED = 1;
export const IFNET_SCHED_MODEL_FQ_CODEL = 2;
export const IFNET_SCHED_MODEL_MAX = 3;

/** A protocol family that may be attached to an interface. */
export type Family = "inet" | "inet6";

/** What an interface's driver brings. */
export interface IfnetDriver {
  /** `if_output`: with a start routine the pre-enqueue hook, if there is one. */
  readonly if_output: (xnu: Xnu, ifp: XnuIfnet, m: XnuMbuf) => Routine<number>;
  /** Null: no send queue (no `IFEF_TXSTART`). */
  readonly if_start: ((xnu: Xnu, ifp: XnuIfnet) => Routine<void>) | null;
}

/** `struct ifnet_stat_increment_param`: what a batch adds. */
export interface StatIncrement {
  packets_in: number;
  packets_out: number;
  bytes_in: number;
  bytes_out: number;
}

/** `struct ifnet`. */
export class XnuIfnet extends Struct {
  readonly if_xname: string;
  /** The ifnet lock: exclusive for changes. Readers exclude each other here, which nobody can tell: they only look. */
  readonly if_lock: LckMtx;
  readonly if_ref_lock: LckMtx;
  readonly if_start_lock: LckMtx;
  readonly if_flags;
  /** `IFEF_UPDOWNCHANGE`. */
  readonly updownchange;
  readonly if_refflags;
  /** IO references. */
  readonly if_refio;
  readonly if_start_req;
  readonly if_start_active;
  readonly if_start_flags;
  /** Null: the interface is gone, and its start thread is to end. */
  readonly if_start_thread;
  readonly if_output_sched_model;
  /** Attached protocols. */
  readonly protocols;
  /** The routines of the driver; stubs once the interface is detached. */
  readonly driver;
  readonly if_snd: Ifclassq;
  /** IFEF_TXSTART. */
  readonly txstart: boolean;
  readonly startChannel: WaitChannel;
  readonly refioChannel: WaitChannel;
  readonly updownChannel: WaitChannel;
  /** `if_data`: atomics. */
  readonly ifi_ipackets = atomic(this, 0);
  readonly ifi_opackets = atomic(this, 0);
  readonly ifi_ibytes = atomic(this, 0);
  readonly ifi_obytes = atomic(this, 0);
  /** For properties: threads inside the driver's routines, and what the worst of them saw. */
  inDriver = 0;
  torndown = false;

  constructor(xnu: Xnu, name: string, driver: IfnetDriver, model: number, maxlen: number) {
    super(xnu.x, name);
    const { x } = xnu;
    this.if_xname = name;
    this.txstart = driver.if_start !== null;
    this.if_lock = lck_mtx_init(xnu, `${name} if_lock`);
    this.if_ref_lock = lck_mtx_init(xnu, `${name} if_ref_lock`);
    this.if_start_lock = lck_mtx_init(xnu, `${name} if_start_lock`);
    this.startChannel = new WaitChannel(x, `${name} if_start_thread`);
    this.refioChannel = new WaitChannel(x, `${name} if_refio`);
    this.updownChannel = new WaitChannel(x, `${name} if_eflags`);
    this.if_flags = published(this, this.if_lock, 0);
    this.updownchange = guardedBy(this, this.if_lock, false);
    this.protocols = guardedBy<readonly Family[]>(this, this.if_lock, []);
    this.if_refflags = published(this, this.if_ref_lock, IFRF_EMBRYONIC);
    this.if_refio = guardedBy(this, this.if_ref_lock, 0);
    this.if_start_req = guardedBy(this, this.if_start_lock, 0);
    this.if_start_active = guardedBy(this, this.if_start_lock, false);
    this.if_start_flags = guardedBy(this, this.if_start_lock, 0);
    this.if_start_thread = guardedBy<Context | null>(this, this.if_start_lock, null);
    this.if_snd = new Ifclassq(xnu, this, maxlen);
    this.if_output_sched_model = published(this, this.if_snd.ifcq_lock, model);
    this.driver = published(this, this.if_lock, driver);
  }
}

/** Is the interface attached, and not being detached? */
export const IF_FULLY_ATTACHED = (refflags: number): boolean => refflags === IFRF_ATTACHED;
