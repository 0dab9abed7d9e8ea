/**
 * System calls on a device's files.
 *
 * Mirrors: sys/kern/sys_generic.c `read`, `write`, `ioctlOn`, `poll`; sys/kern/vfs_syscalls.c `open`, `revoke`;
 * sys/kern/kern_descrip.c `close`, `fhold`, `fdrop`; sys/vfs/specfs/spec_vnops.c; 2008.
 * Left out: names, vnodes beyond the count of their opens, offsets, `select` (it is `poll` with other bits).
 *
 * Every entry of a driver is called with the MP lock. Who is inside a call holds the file: the last close is that of who
 * leaves last. A revoke closes the device whoever holds it; files that were open answer EBADF from then on. A read
 * that moved something and is then interrupted has succeeded. ERESTART makes the call again, after the handlers ran.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EBADF, EFAULT, EINTR, EINVAL, ENXIO, ERESTART, EWOULDBLOCK } from "../sys/errno.ts";
import { FIONBIO } from "../sys/filio.ts";
import { IOCPARM_LEN, IOC_IN, IOC_OUT } from "../sys/ioccom.ts";
import { copyin, copyout } from "./copyio.ts";
import { IO_NDELAY, lookupDev, type Cdev, type DevOps, type DevPollArgs } from "./kern_conf.ts";
import type { Proc } from "./kern_proc.ts";
import { postsig } from "./kern_sig.ts";
import { UIO_READ, UIO_WRITE, type Uio } from "./kern_subr.ts";
import { get_mplock, rel_mplock } from "./lwkt_token.ts";
import { pollLoop } from "./sys_generic.ts";

/** `struct file`, with the vnode's part of it. Shared by who inherits it. */
export class File {
  readonly dev: Cdev;
  readonly ops: DevOps;
  /** Descriptors and calls that hold it. */
  refs = 1;
  nonblock = false;
  revoked = false;

  constructor(dev: Cdev, ops: DevOps) {
    this.dev = dev;
    this.ops = ops;
  }
}

/** What a system call answers: an errno, or what it counts. */
export interface Answer {
  readonly error: number;
  readonly value: number;
}

const failed = (error: number): Answer => ({ error, value: 0 });

/** Makes a call, and again while it is to be restarted; handlers run on the way out. */
function* syscall(k: Kernel, p: Proc, call: () => Routine<Answer>): Routine<Answer> {
  for (;;) {
    const answer = yield* call();
    yield* get_mplock(k);
    if (p.p_lwp !== null) yield* postsig(p.p_lwp);
    yield* rel_mplock(k);
    if (answer.error !== ERESTART) return answer;
  }
}

/** Gives a file up; who gives it up last closes the device. Context: process. Holds: the MP lock. Blocks: yes. */
function* fdrop(k: Kernel, fp: File): Routine<number> {
  if (--fp.refs > 0 || fp.revoked) return 0;
  k.devices.open.delete(fp);
  const others = [...k.devices.open].some(({ dev }) => dev === fp.dev);
  return others ? 0 : yield* fp.ops.d_close(k, { a_dev: fp.dev });
}

/** Opens unit `unit` of a driver. Context: process. Holds: nothing. Blocks: as the driver. */
export function* sys_open(
  k: Kernel,
  p: Proc,
  driver: string,
  unit: number,
): Routine<{ readonly error: number; readonly fp: File | null }> {
  yield* get_mplock(k);
  const dev = lookupDev(k, driver, unit);
  const ops = dev?.si_ops ?? null;
  let error = ENXIO;
  let fp: File | null = null;
  if (dev !== null && ops !== null) {
    error = yield* ops.d_open(k, { a_dev: dev, a_cred: p.p_ucred });
    if (error === 0) k.devices.open.add((fp = new File(dev, ops)));
  }
  yield* rel_mplock(k);
  return { error, fp };
}

/** Closes a descriptor. Context: process. Holds: nothing. Blocks: as the driver, when it is the last. */
export function* sys_close(k: Kernel, fp: File): Routine<Answer> {
  yield* get_mplock(k);
  const error = yield* fdrop(k, fp);
  yield* rel_mplock(k);
  return failed(error);
}

/** Closes a device by force. Context: process. Holds: nothing. Blocks: as the driver. */
export function* sys_revoke(k: Kernel, fp: File): Routine<Answer> {
  yield* get_mplock(k);
  const files = [...k.devices.open].filter(({ dev }) => dev === fp.dev);
  for (const file of files) {
    file.revoked = true;
    k.devices.open.delete(file);
  }
  const error = files.length === 0 ? 0 : yield* fp.ops.d_close(k, { a_dev: fp.dev });
  yield* rel_mplock(k);
  return failed(error);
}

/** One entry of the driver, on a file that stays while it runs. */
function* onFile(k: Kernel, fp: File, entry: () => Routine<Answer>): Routine<Answer> {
  if (fp.revoked || fp.refs === 0) return failed(EBADF);
  fp.refs++;
  yield* get_mplock(k);
  const answer = yield* entry();
  yield* fdrop(k, fp);
  yield* rel_mplock(k);
  return answer;
}

/** What a call that moved bytes answers: it has succeeded when something was moved before it was interrupted. */
function moved(error: number, count: number): Answer {
  const interrupted = error === ERESTART || error === EINTR || error === EWOULDBLOCK;
  if (error !== 0 && !(interrupted && count > 0)) return failed(error);
  return { error: 0, value: count };
}

/** Whose bytes, and how the call is to wait. */
export interface Transfer {
  readonly addr: number;
  readonly len: number;
  readonly nonblock?: boolean;
}

const uioOf = ({ addr, len }: Transfer, uio_rw: Uio["uio_rw"]): Uio =>
  ({ uio_iov: [{ iov_base: addr, iov_len: len }], uio_resid: len, uio_rw });

const ioflag = (fp: File, { nonblock = false }: Transfer): number => (nonblock || fp.nonblock ? IO_NDELAY : 0);

/** Reads; of nothing, without asking the driver. Context: process. Holds: nothing. Blocks: as the driver. */
export const sys_read = (k: Kernel, p: Proc, fp: File, what: Transfer): Routine<Answer> =>
  syscall(k, p, () => onFile(k, fp, () => readFrom(k, fp, what)));

function* readFrom(k: Kernel, fp: File, what: Transfer): Routine<Answer> {
  if (what.len === 0) return failed(0);
  if (what.len < 0) return failed(EINVAL);
  const a_uio = uioOf(what, UIO_READ);
  const error = yield* fp.ops.d_read(k, { a_dev: fp.dev, a_uio, a_ioflag: ioflag(fp, what) });
  return moved(error, what.len - a_uio.uio_resid);
}

/** Writes. Context: process. Holds: nothing. Blocks: as the driver. */
export const sys_write = (k: Kernel, p: Proc, fp: File, what: Transfer): Routine<Answer> =>
  syscall(k, p, () => onFile(k, fp, () => writeTo(k, fp, what)));

function* writeTo(k: Kernel, fp: File, what: Transfer): Routine<Answer> {
  if (what.len < 0) return failed(EINVAL);
  const a_uio = uioOf(what, UIO_WRITE);
  const error = yield* fp.ops.d_write(k, { a_dev: fp.dev, a_uio, a_ioflag: ioflag(fp, what) });
  return moved(error, what.len - a_uio.uio_resid);
}

/** Asks the device: the argument is copied in before, out afterwards. Context: process. Holds: nothing. Blocks: as the driver. */
export const sys_ioctl = (k: Kernel, p: Proc, fp: File, cmd: number, addr: number): Routine<Answer> =>
  syscall(k, p, () => onFile(k, fp, () => ioctlOn(k, fp, cmd, addr)));

function* ioctlOn(k: Kernel, fp: File, cmd: number, addr: number): Routine<Answer> {
  const size = IOCPARM_LEN(cmd);
  const data = new Uint8Array(size);
  if ((cmd & IOC_IN) !== 0 && (yield* copyin(k, addr, data, size)) !== 0) return failed(EFAULT);
  const a_data = new DataView(data.buffer);
  if (cmd >>> 0 === FIONBIO) {
    fp.nonblock = a_data.getInt32(0, true) !== 0;
    return failed(0);
  }
  const error = yield* fp.ops.d_ioctl(k, { a_dev: fp.dev, a_cmd: cmd >>> 0, a_data });
  if (error === 0 && (cmd & IOC_OUT) !== 0) return failed(yield* copyout(k, data, addr, size));
  return failed(error);
}

/** One file that is polled, for what, and what was the case. */
export interface PollFd {
  readonly fp: File;
  readonly events: number;
  revents: number;
}

/** Waits until one of the files is ready, or looks once. Context: process. Holds: nothing. Blocks: yes, if it is to wait. */
export const sys_poll = (k: Kernel, p: Proc, fds: readonly PollFd[], wait: boolean): Routine<Answer> =>
  syscall(k, p, () => pollOn(k, p, fds, wait));

function* pollOn(k: Kernel, p: Proc, fds: readonly PollFd[], wait: boolean): Routine<Answer> {
  const lp = p.p_lwp;
  if (lp === null) return failed(EINVAL);
  for (const { fp } of fds) fp.refs++;
  yield* get_mplock(k);
  const { error, ready } = yield* pollLoop(k, lp, () => pollscan(k, fds), wait);
  for (const { fp } of fds) yield* fdrop(k, fp);
  yield* rel_mplock(k);
  return { error, value: ready };
}

function* pollscan(k: Kernel, fds: readonly PollFd[]): Routine<number> {
  let ready = 0;
  for (const fd of fds) {
    fd.revents = 0;
    if (fd.fp.revoked) fd.revents = fd.events;
    else {
      const ap: DevPollArgs = { a_dev: fd.fp.dev, a_events: fd.events };
      yield* fd.fp.ops.d_poll(k, ap);
      fd.revents = ap.a_events;
    }
    if (fd.revents !== 0) ready++;
  }
  return ready;
}
