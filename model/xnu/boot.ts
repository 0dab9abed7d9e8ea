/**
 * From nothing to an XNU whose loopback interface waits for packets.
 *
 * Mirrors: bsd/net/dlil.c `dlil_init`, `ifnet_attach` (the queue, the start thread, the reference flags),
 * bsd/net/if_loop.c `loopattach`, `lo_attach_proto`.
 */
import { Op, packOp, type Execution, type Routine } from "../../sim/index.ts";
import { kernel_thread_start } from "./kern/kern_synch.ts";
import { lck_mtx_lock, lck_mtx_lock_spin, lck_mtx_unlock } from "./kern/locks.ts";
import { ifclassq_setup } from "./net/classq_subr.ts";
import { ifnet_detacher_thread_cont } from "./net/dlil_detach.ts";
import { dlil_main_input_thread_func } from "./net/dlil_input.ts";
import { ifnet_start_thread_fn } from "./net/dlil_start.ts";
import { InputThread } from "./net/dlil_threading.ts";
import {
  IFF_RUNNING,
  IFF_UP,
  IFNET_SCHED_MODEL_DRIVER_MANAGED,
  IFRF_ATTACHED,
  XnuIfnet,
  type IfnetDriver,
} from "./net/if_var.ts";
import { lo_output, lo_pre_enqueue, lo_start } from "./net/if_loop.ts";
import { XNU_PARAMS, Xnu, type XnuParams } from "./xnu.ts";

/** With `lo_txstart`, and without. */
const WITH_QUEUE: IfnetDriver = { if_output: lo_pre_enqueue, if_start: lo_start };
const WITHOUT_QUEUE: IfnetDriver = { if_output: lo_output, if_start: null };

/** What the boot finds. */
export interface BootOptions {
  /** `lo_sched_model` and `lo_dequeue_max` at attach. */
  readonly model: number;
  readonly dequeueMax: number;
  /** Besides lo0 there is another interface of the loopback driver, which, unlike lo0, may be detached. */
  readonly second: boolean;
  /** All threads sleep; false: the start threads have been made and have not run yet. */
  readonly idle: boolean;
}

/** Boots XNU in the set-up of a run, without a choice. */
export function bootXnu(
  x: Execution,
  params: Partial<XnuParams>,
  options: BootOptions,
): Xnu {
  const xnu = new Xnu(x, { ...XNU_PARAMS, ...params });
  xnu.input = new InputThread(xnu);
  x.spawn("boot", () => loopattach(xnu, options));
  x.settle();
  for (const thread of xnu.threads.values()) x.unblock(thread);
  if (options.idle) x.settle();
  return xnu;
}

function* loopattach(xnu: Xnu, { model, dequeueMax, second }: BootOptions): Routine<void> {
  const { lo } = xnu;
  yield* lo.lo_sched_model.store(model);
  yield* lo.lo_dequeue_max.store(dequeueMax);
  kernel_thread_start(xnu, "dlil_main_input", () => dlil_main_input_thread_func(xnu));
  kernel_thread_start(xnu, "ifnet_detacher", () => ifnet_detacher_thread_cont(xnu));
  xnu.lo_ifp = yield* ifnet_attach(xnu, "lo0", model);
  xnu.lo1 = second ? yield* ifnet_attach(xnu, "lo1", model) : xnu.lo_ifp;
}

/** An interface of the loopback driver, with its protocols and its first address. */
function* ifnet_attach(xnu: Xnu, name: string, model: number): Routine<XnuIfnet> {
  const { txstart, sndqMaxlen } = xnu.params;
  const ifp = new XnuIfnet(xnu, name, txstart ? WITH_QUEUE : WITHOUT_QUEUE, model, sndqMaxlen);
  if (txstart) {
    yield* ifclassq_setup(xnu, ifp.if_snd, model === IFNET_SCHED_MODEL_DRIVER_MANAGED);
    const thread = kernel_thread_start(xnu, `ifnet_start_${name}`, () => begun(xnu, ifp));
    yield* lck_mtx_lock_spin(ifp.if_start_lock);
    ifp.if_start_thread.held = thread;
    yield* lck_mtx_unlock(xnu, ifp.if_start_lock);
    xnu.threads.set(name, thread);
  }
  yield* lck_mtx_lock_spin(ifp.if_ref_lock);
  yield* ifp.if_refflags.store(IFRF_ATTACHED);
  yield* lck_mtx_unlock(xnu, ifp.if_ref_lock);
  yield* lck_mtx_lock(xnu, ifp.if_lock);
  ifp.protocols.held = ["inet", "inet6"];
  yield* ifp.if_flags.store(IFF_UP | IFF_RUNNING);
  yield* lck_mtx_unlock(xnu, ifp.if_lock);
  return ifp;
}

/** A thread is made suspended. */
function* begun(xnu: Xnu, ifp: XnuIfnet): Routine<void> {
  yield* xnu.x.block(packOp(Op.Resume, ifp.startChannel.object));
  yield* ifnet_start_thread_fn(xnu, ifp);
}
