/** The model as a replayer of recorded operation sequences: which routine each operation calls, and what is seen. */
import {
  IFF_RUNNING,
  M_MCAST,
  M_PRIO,
  M_WAITOK,
  if_start_rollup,
  ifq_dispatch,
  ifq_get_subq,
  ifq_map_subq,
  ifsq_deserialize_hw,
  ifsq_purge,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
  m_gethdr,
  nicByHand,
  statTotal,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
  type Mbuf,
  type TxRing,
} from "../../model/index.ts";
import { fail, type Routine } from "../../sim/index.ts";
import { DrivenKernel } from "./driven-kernel.ts";
import type {
  DispatchOp,
  IfqConfig,
  IfqOp,
  IfqState,
  SeenState,
  SubqState,
  TxeofOp,
} from "./ifq-format.ts";
import { handDriven } from "./hand-driven.ts";
import type { Replayer } from "./replayer.ts";

/** The kernel routines an operation calls. A test puts a wrong one in to see that it is noticed. */
export interface IfqRoutines {
  readonly ifq_dispatch: typeof ifq_dispatch;
  readonly if_start_rollup: typeof if_start_rollup;
  readonly ifsq_purge: typeof ifsq_purge;
  readonly ifsq_set_cpuid: typeof ifsq_set_cpuid;
}

/** The model's own. */
export const IFQ_ROUTINES: IfqRoutines = { ifq_dispatch, if_start_rollup, ifsq_purge, ifsq_set_cpuid };

/** One sequence on the model. */
export class IfqMachine implements Replayer {
  readonly #kernel: DrivenKernel;
  readonly #routines: IfqRoutines;

  /** Throws `RunFailure` when the kernel does not come up. */
  constructor(config: IfqConfig, routines: IfqRoutines = IFQ_ROUTINES) {
    const { ncpus, stageCntmax, maxProtohdr } = config;
    const params = { ncpus, ifsq_stage_cntmax: stageCntmax, max_protohdr: maxProtohdr };
    this.#kernel = new DrivenKernel(params, handDriven({ ...config, queue: { qmax: config.qmax } }));
    this.#routines = routines;
  }

  get limits(): Replayer["limits"] {
    const ifsq = this.#subq(0);
    return { maxlen: ifsq.ifsq_maxlen.peek(), maxbcnt: ifsq.ifsq_maxbcnt.peek() };
  }

  apply(op: IfqOp): IfqState {
    const { k, device } = this.#kernel;
    const freedBefore = k.mbufs.freedIds.length;
    const rings = device.rings.map((ring) => ({ taken: ring.hw.taken.length, cleaned: ring.hw.cleaned.peek() }));
    const error = this.#perform(op);
    const freed = k.mbufs.freedIds.slice(freedBefore);
    const sent: number[] = [];
    for (const [q, ring] of device.rings.entries()) {
      const before = rings[q] as (typeof rings)[number]; // one per ring
      for (const m of ring.hw.taken.slice(before.taken)) sent.push(m.id);
      // A transmitted packet is freed too, but not dropped.
      for (const m of ring.hw.taken.slice(before.cleaned, ring.hw.cleaned.peek())) removeOnce(freed, m.id);
    }
    return { error, freed, sent, ...this.#seen() };
  }

  #subq(q: number): IfaltqSubque {
    return ifq_get_subq(this.#kernel.k, this.#kernel.device.ifp.if_snd, q);
  }

  #perform(op: IfqOp): number {
    const kernel = this.#kernel;
    const { k, device } = kernel;
    const routines = this.#routines;
    const anybody = kernel.thread(0, false);
    switch (op.op) {
      case "dispatch":
        return this.#dispatch(op);
      case "ipi":
        kernel.deliverIpi(op.cpu);
        return 0;
      case "netisr":
        kernel.deliverMessage(op.cpu);
        return 0;
      case "rollup":
        kernel.call(kernel.thread(op.cpu, true), () => routines.if_start_rollup(k));
        return 0;
      case "txeof":
        kernel.call(kernel.thread(op.cpu, false), () => txeof(k, this.#subq(op.subq), this.#ring(op.subq), op));
        return 0;
      case "running":
        kernel.call(anybody, () => setRunning(device.ifp, op.on === 1));
        return 0;
      case "setcpu":
        kernel.call(anybody, () => routines.ifsq_set_cpuid(k, this.#subq(op.subq), op.cpu));
        return 0;
      case "purge":
        kernel.call(anybody, () => routines.ifsq_purge(k, this.#subq(op.subq)));
        return 0;
    }
  }

  #ring(q: number): TxRing {
    return this.#kernel.device.rings[q] as TxRing; // one per subqueue
  }

  #dispatch(op: DispatchOp): number {
    const kernel = this.#kernel;
    const { k, device } = kernel;
    const { ifp } = device;
    const td = kernel.thread(op.cpu, op.netisr === 1);
    const busy = op.hwBusy === 1 ? ifq_map_subq(k, ifp.if_snd, op.cpu) : null;
    if (busy !== null) kernel.call(kernel.somebody, () => ifsq_serialize_hw(k, busy));
    const error = kernel.call(td, () => this.#routines.ifq_dispatch(k, ifp, packet(k, op, td.td_name), null));
    if (busy !== null) kernel.call(kernel.somebody, () => ifsq_deserialize_hw(k, busy));
    return error;
  }

  #seen(): Omit<SeenState, "error" | "freed" | "sent"> {
    const kernel = this.#kernel;
    const { k, device } = kernel;
    return {
      obytes: statTotal(device.ifp, "obytes"),
      omcasts: statTotal(device.ifp, "omcasts"),
      subqs: device.rings.map((ring, q) => subqState(this.#subq(q), ring)),
      msgs: k.gd.map(({ gd_cpuid }) => kernel.messagesPending(gd_cpuid)),
      ipis: k.gd.map(({ gd_cpuid }) => kernel.ipisPending(gd_cpuid)),
    };
  }
}

function removeOnce(list: number[], item: number): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

const subqState = (ifsq: IfaltqSubque, ring: TxRing): SubqState => ({
  len: ifsq.ifsq_len.peek(),
  bcnt: ifsq.ifsq_bcnt.peek(),
  prioLen: ifsq.ifsq_prio_len.peek(),
  prioBcnt: ifsq.ifsq_prio_bcnt.peek(),
  started: ifsq.ifsq_started.peek(),
  oactive: ifsq.ifsq_hw_oactive.peek(),
  cpu: ifsq.ifsq_cpuid.peek(),
  starts: ring.starts.peek(),
  ring: ring.hw.usedNow,
  stages: ifsq.ifsq_stage
    .peek()
    .stages.map(({ stg_cnt, stg_len, stg_flags }) => [stg_cnt.peek(), stg_len.peek(), stg_flags.peek()]),
});

function packet(k: Kernel, { id, len, prio, mcast }: DispatchOp, owner: string): Mbuf {
  const flags = (prio === 1 ? M_PRIO : 0) | (mcast === 1 ? M_MCAST : 0);
  const m = m_gethdr(k, M_WAITOK, { id, len, flags, owner });
  return m ?? fail("Stuck", "memory", "no memory for a packet");
}

/** The transmit-complete interrupt. */
function* txeof(k: Kernel, ifsq: IfaltqSubque, ring: TxRing, { done, sched }: TxeofOp): Routine<void> {
  yield* ifsq_serialize_hw(k, ifsq);
  yield* nicByHand.txeof(k, ring, done, sched === 1);
  yield* ifsq_deserialize_hw(k, ifsq);
}

/** The driver sets or clears `IFF_RUNNING`, and does nothing else. */
function* setRunning({ if_flags }: Ifnet, on: boolean): Routine<void> {
  const flags = yield* if_flags.load();
  yield* if_flags.store(on ? flags | IFF_RUNNING : flags & ~IFF_RUNNING);
}
