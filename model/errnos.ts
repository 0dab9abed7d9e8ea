/**
 * What routines may return, as data: for each routine and each errno the line of its seed that returns it (null: the
 * routine is not in the seed). Protocol coverage holds what was returned against it.
 */
import type { Kernel } from "./kernel.ts";
import * as numbers from "./sys/errno.ts";
import * as xnuNumbers from "./xnu/kern/errno.ts";

/** Errnos by their names; `0` is success. */
export type ErrnoName = "0" | Exclude<keyof typeof numbers | keyof typeof xnuNumbers, "EASYNC" | "EJUSTRETURN">;
type Returns = Readonly<Partial<Record<ErrnoName, number | null>>>;

/** Driver entries by the name of their field. */
export const ERRNOS = {
  ifq_dispatch: { "0": 3108, "ENOBUFS": 3048 },
  ifq_handoff: { "0": null, "ENOBUFS": null },
  ifsq_classic_enqueue: { "0": 2884, "ENOBUFS": 2878 },
  if_ioctl: { "0": null, "EINVAL": null },
  ifconf: { "0": 2342, "ENAMETOOLONG": 2253, "EFAULT": 2333 },
  ifioctl: {
    "0": 2166, "EPERM": 1846, "ENOENT": 2042, "ENXIO": 1798, "EFAULT": 1907, "EEXIST": 1915, "ENODEV": 2092, "EINVAL": 1911, "EIO": 2064,
    "ENOSPC": 1777, "EOPNOTSUPP": 2100, "EADDRNOTAVAIL": 2140, "ENAMETOOLONG": 1907,
  },
  ifpoll_register: { "0": null, "EBUSY": null, "EOPNOTSUPP": null },
  ifpoll_deregister: { "0": null, "EINVAL": null, "EOPNOTSUPP": null },
  altq_attach: { "0": null, "ENXIO": null },
  altq_detach: { "0": null, "EBUSY": null, "ENXIO": null },
  altq_enable: { "0": null, "ENXIO": null },
  altq_disable: { "0": null },
  tbr_set: { "0": null, "ENOENT": null },
  tsleep: { "0": null, "EWOULDBLOCK": null, "EINTR": null, "ERESTART": null },
  tunopen: { "0": 155, "EPERM": 142, "EBUSY": 150 },
  tunclose: { "0": 192 },
  tuninit: { "0": 225, "EFAULT": 211 },
  tunifioctl: { "0": 267, "EFAULT": 249, "EINVAL": 265 },
  tunoutput: { "0": 379, "EHOSTDOWN": 376, "ENOBUFS": 376, "EAFNOSUPPORT": 376 },
  tunioctl: { "0": 486, "EINVAL": 396, "EBUSY": 433, "ENOTTY": 484, "ESRCH": 468, "EPERM": 468 },
  tunread: { "0": 538, "EHOSTDOWN": 506, "EWOULDBLOCK": 516, "EINTR": 521, "ERESTART": 521, "EFAULT": 538 },
  tunwrite: { "0": 663, "EIO": 563, "ENOBUFS": 570, "EFAULT": 593, "EAFNOSUPPORT": 659 },
  tunpoll: { "0": 697 },
  lo_pre_enqueue: { "0": 46 },
  dlil_output: { "0": null, "EINVAL": null, "ENXIO": null, "EHOSTUNREACH": null, "ENETUNREACH": null },
  ifnet_enqueue: { "0": null, "ENXIO": null, "ENETDOWN": null, "ENOBUFS": null, "EQFULL": null, "EQSUSPENDED": null },
  ifnet_dequeue_multi: { "0": null, "ENXIO": null, "EWOULDBLOCK": null },
  ifnet_dequeue_service_class_multi: { "0": null, "EWOULDBLOCK": null },
  sysctl_sched_model: { "0": null, "EINVAL": null, "ENXIO": null },
  sysctl_dequeue_scidx: { "0": null, "EINVAL": null, "ENODEV": null },
  ifnet_detach: { "0": null, "ENXIO": null },
  lwkt_send_ipiq_nowait: { "0": null, "ENOENT": null },
} as const satisfies Readonly<Record<string, Returns>>;

/** A routine whose result is listened to. */
export type ErrnoRoutine = keyof typeof ERRNOS;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries({ ...xnuNumbers, ...numbers }).map(([name, number]) => [number, name]));

/** The name of an errno; `0` for success, the number where it has no name here. */
export const errnoName = (error: number): string => NAMES.get(error) ?? String(error);

/** The result of a routine, on its way out. */
export function returned(k: Kernel, routine: ErrnoRoutine, error: number): number {
  k.onErrno?.(routine, error);
  return error;
}
