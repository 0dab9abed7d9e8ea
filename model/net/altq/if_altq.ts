/**
 * The send queue of an interface: `struct ifaltq`, its subqueues, the packet stages of each CPU, and the
 * token bucket regulator.
 *
 * Mirrors: sys/net/altq/if_altq.h (the 2013 to 2015 shape that seed 001 compiles against).
 * Left out: `altq_type`, the classifier fields, and what a discipline does: one that is attached queues as the classic
 * one does.
 */
import {
  Struct,
  UNWRITTEN,
  frozen,
  guardedBy,
  perCpu,
  published,
  word,
  type Context,
  type Frozen,
  type Grave,
  type Guard,
  type Guarded,
  type PerCpu,
  type Published,
  type Word,
} from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { Serializer } from "../../kern/lwkt_serialize.ts";
import type { Mbuf } from "../../sys/mbuf.ts";
import type { AltqMapsubq, IfsqDequeue, IfsqEnqueue, IfsqRequest } from "../driver.ts";
import type { Ifnet } from "../if_var.ts";
import type { NetmsgBlock } from "../netmsg.ts";
import type { TbRegulator } from "./tb_regulator.ts";

/** Index of the default subqueue. */
export const ALTQ_SUBQ_INDEX_DEFAULT = 0;

/** The stage is on the list of its CPU. */
export const IFSQ_STAGE_FLAG_QUED = 0x1;
/** A forced schedule of `if_start` is owed by the stage. */
export const IFSQ_STAGE_FLAG_SCHED = 0x2;

/** Driver supports alternate queueing. */
export const ALTQF_READY = 0x01;
/** Alternate queueing is in use. */
export const ALTQF_ENABLED = 0x02;
/** Packets are classified. */
export const ALTQF_CLASSIFY = 0x04;
/** Flags that survive attach: `ALTQF_READY`. */
export const ALTQF_CANTCHANGE = 0x01;

/** Second argument of a dequeue method: take the packet. */
export const ALTDQ_REMOVE = 1;
/** Second argument of a dequeue method: look at the packet that would be taken. */
export const ALTDQ_POLL = 2;

/** Request of a discipline: drop every packet. */
export const ALTRQ_PURGE = 1;

/** What a classifier would say about a packet. Opaque here: the classic discipline ignores it. */
export interface AltqPktattr {
  readonly pattr_af: number;
}

/** `struct ifsubq_stage`: what one CPU has enqueued into one subqueue since it last let `if_start` run. */
export class IfsubqStage extends Struct {
  readonly stg_subq: IfaltqSubque;
  /** Packets enqueued. */
  readonly stg_cnt: PerCpu<number>;
  /** Bytes enqueued. */
  readonly stg_len: PerCpu<number>;
  /** `IFSQ_STAGE_FLAG_*`. */
  readonly stg_flags: PerCpu<number>;
  /** `stg_link`: neighbours on the list of this CPU. */
  readonly stg_next: PerCpu<IfsubqStage | null>;
  readonly stg_prev: PerCpu<IfsubqStage | null>;

  constructor(k: Kernel, label: string, subq: IfaltqSubque, cpuid: number) {
    super(k.x, label);
    const cpu = k.x.cpus[cpuid];
    if (cpu === undefined) throw new RangeError(`no cpu ${cpuid}`);
    this.stg_subq = subq;
    this.stg_cnt = perCpu(this, cpu, 0);
    this.stg_len = perCpu(this, cpu, 0);
    this.stg_flags = perCpu(this, cpu, 0);
    this.stg_next = perCpu<IfsubqStage | null>(this, cpu, null);
    this.stg_prev = perCpu<IfsubqStage | null>(this, cpu, null);
  }
}

/** The allocation behind `ifsq_stage`: one stage per CPU. */
export class IfsubqStageBlock extends Struct {
  readonly stages: readonly IfsubqStage[];

  constructor(k: Kernel, subq: IfaltqSubque) {
    super(k.x, `${subq.label} stages`);
    this.stages = k.x.cpus.map((cpu) => new IfsubqStage(k, `${subq.label} stage ${cpu.id}`, subq, cpu.id));
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const stage of this.stages) stage.bury(grave);
  }
}

/** `struct ifaltq_subque`: one transmit subqueue. */
export class IfaltqSubque extends Struct {
  /** Protects the packets, the counters and the `if_start` interlock. A serializer: it may sleep. */
  readonly ifsq_lock: Serializer;
  readonly ifsq_index: Frozen<number>;
  readonly ifsq_altq: Frozen<Ifaltq>;
  readonly ifsq_ifp: Frozen<Ifnet>;
  /** The driver's own. Set once, between attach and the first packet. */
  readonly ifsq_hw_priv: Frozen<unknown>;

  /** High-priority lane. */
  readonly ifsq_prio_head: Guarded<Mbuf | null>;
  readonly ifsq_prio_tail: Guarded<Mbuf | null>;
  /** Normal lane. */
  readonly ifsq_norm_head: Guarded<Mbuf | null>;
  readonly ifsq_norm_tail: Guarded<Mbuf | null>;
  /** Packets and bytes of the high-priority lane. */
  readonly ifsq_prio_len: Guarded<number>;
  readonly ifsq_prio_bcnt: Guarded<number>;
  /** Packets of both lanes and the prepended one. Stored under the lock; `ifsq_is_empty` peeks without it. */
  readonly ifsq_len: Published<number>;
  readonly ifsq_maxlen: Frozen<number>;
  /** Bytes of both lanes and the prepended packet. */
  readonly ifsq_bcnt: Guarded<number>;
  readonly ifsq_maxbcnt: Frozen<number>;

  /** Methods of the discipline; the classic ones are set by attach and never change here. */
  readonly ifsq_enqueue: Frozen<IfsqEnqueue>;
  readonly ifsq_dequeue: Frozen<IfsqDequeue>;
  readonly ifsq_request: Frozen<IfsqRequest>;

  /** Hardware serializer. Set once: by attach (single serializer) or by the driver after it. */
  readonly ifsq_hw_serialize: Frozen<Serializer | null>;
  /** A packet dequeued but not transmitted; served first. */
  readonly ifsq_prepended: Guarded<Mbuf | null>;
  /** `if_start` interlock: a duty to call `if_start` exists. */
  readonly ifsq_started: Guarded<number>;
  /** Hardware too busy to take packets. Protected by the hardware serializer. */
  readonly ifsq_hw_oactive: Guarded<number>;
  /** Owner CPU. Stored and loaded without a lock: whoever reads it chases its changes. */
  readonly ifsq_cpuid: Word<number>;
  /** Packet staging information, one per CPU. */
  readonly ifsq_stage: Frozen<IfsubqStageBlock>;
  /** Messages that schedule `if_start`, one per CPU. */
  readonly ifsq_ifstart_nmsg: Frozen<NetmsgBlock>;

  /** Zeroed memory, as `kmalloc(M_ZERO)` leaves it: pointers that attach sets are unwritten, counters 0. */
  constructor(k: Kernel, label: string) {
    super(k.x, label);
    const lock = new Serializer(k, `${label} ifsq_lock`);
    this.ifsq_lock = lock;
    this.ifsq_index = frozen(this, 0);
    this.ifsq_altq = frozen<Ifaltq>(this, UNWRITTEN);
    this.ifsq_ifp = frozen<Ifnet>(this, UNWRITTEN);
    this.ifsq_hw_priv = frozen<unknown>(this, null);
    this.ifsq_prio_head = guardedBy<Mbuf | null>(this, lock, null);
    this.ifsq_prio_tail = guardedBy<Mbuf | null>(this, lock, null);
    this.ifsq_norm_head = guardedBy<Mbuf | null>(this, lock, null);
    this.ifsq_norm_tail = guardedBy<Mbuf | null>(this, lock, null);
    this.ifsq_prio_len = guardedBy(this, lock, 0);
    this.ifsq_prio_bcnt = guardedBy(this, lock, 0);
    this.ifsq_len = published(this, lock, 0);
    this.ifsq_maxlen = frozen(this, 0);
    this.ifsq_bcnt = guardedBy(this, lock, 0);
    this.ifsq_maxbcnt = frozen(this, 0);
    this.ifsq_enqueue = frozen<IfsqEnqueue>(this, UNWRITTEN);
    this.ifsq_dequeue = frozen<IfsqDequeue>(this, UNWRITTEN);
    this.ifsq_request = frozen<IfsqRequest>(this, UNWRITTEN);
    this.ifsq_hw_serialize = frozen<Serializer | null>(this, null);
    this.ifsq_prepended = guardedBy<Mbuf | null>(this, lock, null);
    this.ifsq_started = guardedBy(this, lock, 0);
    this.ifsq_hw_oactive = guardedBy(this, new HwGuard(this), 0);
    this.ifsq_cpuid = word(this, 0);
    this.ifsq_stage = frozen<IfsubqStageBlock>(this, UNWRITTEN);
    this.ifsq_ifstart_nmsg = frozen<NetmsgBlock>(this, UNWRITTEN);
  }

  /** Attach is done: structure, limits and methods do not change any more. */
  publish(): void {
    this.ifsq_index.publish();
    this.ifsq_altq.publish();
    this.ifsq_ifp.publish();
    this.ifsq_maxlen.publish();
    this.ifsq_maxbcnt.publish();
    this.ifsq_enqueue.publish();
    this.ifsq_dequeue.publish();
    this.ifsq_request.publish();
    this.ifsq_stage.publish();
    this.ifsq_ifstart_nmsg.publish();
  }
}

/** The hardware serializer of a subqueue as a guard: which one it is, is known only after attach. */
class HwGuard implements Guard {
  readonly #ifsq: IfaltqSubque;

  constructor(ifsq: IfaltqSubque) {
    this.#ifsq = ifsq;
  }

  get owner(): Context | null {
    return this.#ifsq.ifsq_hw_serialize.peek()?.owner ?? null;
  }

  get label(): string {
    return this.#ifsq.ifsq_hw_serialize.peek()?.label ?? "ifsq_hw_serialize (not set)";
  }
}

/** The allocation behind `altq_subq`: `altq_subq_cnt` subqueues. */
export class IfaltqSubqueBlock extends Struct {
  readonly subq: readonly IfaltqSubque[];

  constructor(k: Kernel, label: string, count: number) {
    super(k.x, label);
    this.subq = Array.from({ length: count }, (_, q) => new IfaltqSubque(k, `${label} ${q}`));
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const ifsq of this.subq) ifsq.bury(grave);
  }
}

/**
 * What guards the queue-wide fields: stored with every subqueue lock held (`ifq_lock_all`), so reading is safe
 * under any one of them. Before attach nobody else can see them.
 */
class AnySubqueLock implements Guard {
  readonly #ifq: Ifaltq;

  constructor(ifq: Ifaltq) {
    this.#ifq = ifq;
  }

  get owner(): Context | null {
    const { altq_subq, x } = this.#ifq;
    if (altq_subq.value === UNWRITTEN) return x.current;
    const { subq } = altq_subq.value;
    for (const ifsq of subq) if (ifsq.ifsq_lock.owner === x.current) return x.current;
    return subq[0]?.ifsq_lock.owner ?? null;
  }

  get label(): string {
    return `a subqueue lock of ${this.#ifq.label}`;
  }
}

/** `struct ifaltq`, embedded in an interface as `if_snd`. */
export class Ifaltq extends Struct {
  /** `ALTQF_*`. */
  readonly altq_flags: Published<number>;
  /** The discipline that is attached, by its name; null: the classic one alone. */
  readonly altq_disc: Published<string | null>;
  /** Back pointer, set by attach. */
  readonly altq_ifp: Frozen<Ifnet>;
  /** Token bucket regulator. Stored under every subqueue lock; `ifsq_ifstart_need_schedule` peeks. */
  readonly altq_tbr: Published<TbRegulator | null>;
  /** Which subqueue a CPU transmits on. */
  readonly altq_mapsubq: Frozen<AltqMapsubq>;
  readonly altq_subq_mask: Frozen<number>;
  readonly altq_subq_cnt: Frozen<number>;
  readonly altq_subq: Frozen<IfaltqSubqueBlock>;
  readonly altq_maxlen: Frozen<number>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    const lock = new AnySubqueLock(this);
    this.altq_flags = published(this, lock, 0);
    this.altq_disc = published<string | null>(this, lock, null);
    this.altq_ifp = frozen<Ifnet>(this, UNWRITTEN);
    this.altq_tbr = published<TbRegulator | null>(this, lock, null);
    this.altq_mapsubq = frozen<AltqMapsubq>(this, UNWRITTEN);
    this.altq_subq_mask = frozen(this, 0);
    this.altq_subq_cnt = frozen(this, 0);
    this.altq_subq = frozen<IfaltqSubqueBlock>(this, UNWRITTEN);
    this.altq_maxlen = frozen(this, 0);
  }

  /** Attach is done: shape and mapping do not change any more. */
  publish(): void {
    this.altq_ifp.publish();
    this.altq_mapsubq.publish();
    this.altq_subq_mask.publish();
    this.altq_subq_cnt.publish();
    this.altq_subq.publish();
    this.altq_maxlen.publish();
    for (const ifsq of this.altq_subq.fixed.subq) ifsq.publish();
  }
}
