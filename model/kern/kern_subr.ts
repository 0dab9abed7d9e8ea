/**
 * Moving bytes as a `uio` says.
 *
 * Mirrors: sys/kern/kern_subr.c `uiomove`; sys/sys/uio.h.
 * Left out: moves inside the kernel (`UIO_SYSSPACE`) and `UIO_NOCOPY`: nobody here asks for them.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { copyin, copyout } from "./copyio.ts";

/** Which way: a `read` fills user memory, a `write` empties it. */
export const UIO_READ = 0;
export const UIO_WRITE = 1;

/** `struct iovec`: a user buffer. */
export interface Iovec {
  iov_base: number;
  iov_len: number;
}

/** `struct uio`: what is left to move, and where. On the stack of a system call. */
export interface Uio {
  readonly uio_iov: Iovec[];
  /** Bytes left. A signed `int` in the seeds' era. */
  uio_resid: number;
  readonly uio_rw: typeof UIO_READ | typeof UIO_WRITE;
}

/** Takes `cnt` bytes off the front of the buffers. */
function advance(uio: Uio, iov: Iovec, cnt: number): void {
  iov.iov_base += cnt;
  iov.iov_len -= cnt;
  uio.uio_resid -= cnt;
}

/**
 * Moves up to `n` bytes between `cp` and the user's buffers, and says how far it came in the `uio`. A buffer whose copy
 * fails does not count at all, though some of its bytes may have been copied.
 * Context: thread of a process.
 * Holds: no spinlock.
 * Blocks: yes, for pages; tokens are given up meanwhile.
 */
export function* uiomove(k: Kernel, cp: Uint8Array, n: number, uio: Uio): Routine<number> {
  let done = 0;
  while (n > done && uio.uio_resid > 0) {
    const iov = uio.uio_iov[0];
    if (iov === undefined) break;
    const cnt = Math.min(iov.iov_len, n - done);
    if (cnt === 0) {
      uio.uio_iov.shift();
      continue;
    }
    const part = cp.subarray(done, done + cnt);
    const error = uio.uio_rw === UIO_READ
      ? yield* copyout(k, part, iov.iov_base, cnt)
      : yield* copyin(k, iov.iov_base, part, cnt);
    if (error !== 0) return error;
    advance(uio, iov, cnt);
    done += cnt;
  }
  return 0;
}
