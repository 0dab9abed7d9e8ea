/**
 * How the loopback driver is set up and changed.
 *
 * Mirrors: bsd/net/if_loop.c `loopattach`, `lo_set_bpf_tap`, `sysctl_dequeue_max`, `sysctl_sched_model`, `sysctl_dequeue_scidx`.
 * Left out: reading the settings, `lo_ioctl` (its one effect on this path, IFF_UP|IFF_RUNNING with the first address, is part of
 * the boot here).
 */
import type { Routine } from "../../../sim/index.ts";
import { EINVAL, ENODEV } from "../kern/errno.ts";
import { LCK_MTX_ASSERT } from "../kern/locks.ts";
import { MBUF_SC_NAMES } from "../kern/mbuf.ts";
import { returned, type Xnu } from "../xnu.ts";
import { ifnet_set_output_sched_model } from "./dlil_queue.ts";
import { IFNET_SCHED_MODEL_DRIVER_MANAGED, IFNET_SCHED_MODEL_MAX } from "./if_var.ts";
import { LOSNDQ_MAXLEN } from "./lo_globals.ts";

/** What a listener asks for. */
export type BpfTapMode = "disable" | "input" | "output" | "input-output";

/** Installs or takes away the tap; only output is tapped. Context: thread. Holds: `bpf_mlock`. Blocks: no. */
export function* lo_set_bpf_tap(xnu: Xnu, mode: BpfTapMode): Routine<void> {
  LCK_MTX_ASSERT(xnu, xnu.lo.bpf_mlock);
  yield* xnu.lo.bpf_callback.store(mode === "output" || mode === "input-output");
}

/** `net.link.loopback.max_dequeue`. Context: system call. Holds: nothing. Blocks: no. */
export function* sysctl_dequeue_max(xnu: Xnu, value: number): Routine<number> {
  let i = value;
  if (i < 1) i = 1;
  else if (i > LOSNDQ_MAXLEN) i = LOSNDQ_MAXLEN;
  yield* xnu.lo.lo_dequeue_max.store(i);
  return 0;
}

/**
 * `net.link.loopback.sched_model`. The queue changes first, then what the start routine goes by; nobody asks for output.
 * Context: system call. Holds: nothing. Blocks: yes, for the queue's lock.
 */
export function* sysctl_sched_model(xnu: Xnu, value: number): Routine<number> {
  if (value < 0 || value >= IFNET_SCHED_MODEL_MAX) return returned(xnu, "sysctl_sched_model", EINVAL);
  const error = yield* ifnet_set_output_sched_model(xnu, xnu.lo_ifp, value);
  if (error === 0) yield* xnu.lo.lo_sched_model.store(value);
  return returned(xnu, "sysctl_sched_model", error);
}

/** `net.link.loopback.dequeue_sc`, by index. Context: system call. Holds: nothing. Blocks: no. */
export function* sysctl_dequeue_scidx(xnu: Xnu, value: number): Routine<number> {
  const { lo } = xnu;
  const sc = MBUF_SC_NAMES[value];
  if (sc === undefined) return returned(xnu, "sysctl_dequeue_scidx", EINVAL);
  const model = yield* lo.lo_sched_model.load();
  if (model !== IFNET_SCHED_MODEL_DRIVER_MANAGED) return returned(xnu, "sysctl_dequeue_scidx", ENODEV);
  yield* lo.lo_dequeue_sc.store(sc);
  yield* lo.lo_dequeue_scidx.store(value);
  return returned(xnu, "sysctl_dequeue_scidx", 0);
}
