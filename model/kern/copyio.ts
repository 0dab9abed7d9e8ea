/**
 * Copies between the kernel and the running process.
 *
 * Mirrors: sys/platform/pc32/i386/support.s `copyin`, `copyout`, `copyinstr`.
 *
 * A copy may have to wait for a page (a data choice, `Params.pageFaults`): other threads of the CPU run meanwhile,
 * and every token, the MP lock among them, is given up. What was copied before a byte that faults stays copied.
 */
import { Op, misuse, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EFAULT, ENAMETOOLONG } from "../sys/errno.ts";
import { curthread } from "./globaldata.ts";
import { lwkt_switch, requeueSelf } from "./lwkt_thread.ts";
import type { Vmspace } from "./vmspace.ts";

/** Touches user memory: a point, and where the parameters allow it a wait for the page. */
function* userFault(k: Kernel): Routine<void> {
  yield* k.x.pause(Op.Yield);
  if (!k.params.pageFaults || k.x.draw(2) === 0) return;
  requeueSelf(k);
  curthread(k).waits("a page");
  yield* lwkt_switch(k);
  curthread(k).waits(null);
}

function spaceOf(k: Kernel): Vmspace {
  const { td_lwp, td_name } = curthread(k);
  return td_lwp?.lwp_proc.p_vmspace ?? misuse("no-user-memory", `${td_name} is no user process`);
}

/**
 * Copies from the process into the kernel. EFAULT when a byte is not mapped; those before it were copied.
 * Context: thread of a process.
 * Holds: no spinlock.
 * Blocks: yes, for pages; tokens are given up meanwhile.
 */
export function* copyin(k: Kernel, udaddr: number, kaddr: Uint8Array, len: number): Routine<number> {
  yield* userFault(k);
  const bytes = spaceOf(k).at(udaddr, len);
  kaddr.set(bytes);
  return bytes.length < len ? EFAULT : 0;
}

/**
 * Copies from the kernel to the process. EFAULT when a byte is not mapped; those before it were copied.
 * Context: thread of a process.
 * Holds: no spinlock.
 * Blocks: yes, for pages; tokens are given up meanwhile.
 */
export function* copyout(k: Kernel, kaddr: Uint8Array, udaddr: number, len: number): Routine<number> {
  yield* userFault(k);
  const bytes = spaceOf(k).at(udaddr, len);
  bytes.set(kaddr.subarray(0, bytes.length));
  return bytes.length < len ? EFAULT : 0;
}

/**
 * Copies a string with its NUL, of at most `len` bytes. ENAMETOOLONG when there is no NUL among them, EFAULT when a
 * byte before it is not mapped. `lencopied`: how many bytes were copied, the NUL included.
 * Context: thread of a process.
 * Holds: no spinlock.
 * Blocks: yes, for pages; tokens are given up meanwhile.
 */
export function* copyinstr(
  k: Kernel,
  udaddr: number,
  kaddr: Uint8Array,
  len: number,
): Routine<{ readonly error: number; readonly lencopied: number }> {
  yield* userFault(k);
  const bytes = spaceOf(k).at(udaddr, len);
  const nul = bytes.indexOf(0);
  const lencopied = nul < 0 ? bytes.length : nul + 1;
  kaddr.set(bytes.subarray(0, lencopied));
  if (nul >= 0) return { error: 0, lencopied };
  return { error: bytes.length < len ? EFAULT : ENAMETOOLONG, lencopied };
}
