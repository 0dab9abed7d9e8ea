/**
 * The system call, down to the interface layer.
 *
 * Mirrors: sys/kern/sys_generic.c `mapped_ioctl`; sys/kern/sys_socket.c `soo_ioctl`.
 * Left out: requests about the socket itself; those of routing ('r') are refused as a socket without routing would.
 *
 * The bytes of a request are in a buffer of the kernel's stack, or allocated where they are many; what the request does
 * not carry of them is whatever was there (here 0).
 */
import { Struct, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { copyin, copyout } from "../kern/copyio.ts";
import type { Ucred } from "../kern/kern_prot.ts";
import { kfree, kmalloc } from "../kern/kern_slaballoc.ts";
import { ENOTTY, EOPNOTSUPP } from "../sys/errno.ts";
import { IOCGROUP, IOCPARM_LEN, IOC_IN, IOC_OUT } from "../sys/ioccom.ts";
import { M_TEMP, M_WAITOK } from "../sys/malloc.ts";
import { ifioctl } from "./ioctl/ifioctl.ts";
import type { Socket } from "./ioctl/request.ts";

/** Bytes of the buffer on the stack, and the most a request may carry. */
const STK_PARAMS = 128;
const IOCPARM_MAX = 4096;

/** `soo_ioctl`: whose request it is; errno. */
function* soo_ioctl(k: Kernel, so: Socket, com: number, data: Uint8Array, cred: Ucred): Routine<number> {
  switch (IOCGROUP(com)) {
    case "i":
      return yield* ifioctl(k, so, com, data, cred);
    case "r":
      return EOPNOTSUPP;
    default:
      if (so.so_proto === null) return EOPNOTSUPP;
      return yield* so.so_proto.pru_control(k, com, data, null, cred);
  }
}

/**
 * `ioctl(so, com, udata)` of a process; errno. Nothing is copied out after an error.
 * Context: thread of a process.
 * Holds: nothing.
 * Blocks: yes, for pages of the user, and as the request does.
 */
export function* mapped_ioctl(k: Kernel, so: Socket, com: number, udata: number, cred: Ucred): Routine<number> {
  const size = IOCPARM_LEN(com);
  if (size > IOCPARM_MAX) return ENOTTY;
  const memp = size <= STK_PARAMS ? null : yield* kmalloc(k, M_TEMP, M_WAITOK, () => new Struct(k.x, "ioctl data"));
  const data = new Uint8Array(Math.max(size, STK_PARAMS));
  const error = yield* carry(k, so, com, size, data, udata, cred);
  if (memp !== null) yield* kfree(k, memp, M_TEMP);
  return error;
}

function* carry(
  k: Kernel,
  so: Socket,
  com: number,
  size: number,
  data: Uint8Array,
  udata: number,
  cred: Ucred,
): Routine<number> {
  let error = 0;
  if ((com & IOC_IN) !== 0 && size > 0) error = yield* copyin(k, udata, data, size);
  if (error !== 0) return error;
  error = yield* soo_ioctl(k, so, com, data, cred);
  if (error === 0 && (com & IOC_OUT) !== 0 && size > 0) error = yield* copyout(k, data, udata, size);
  return error;
}
