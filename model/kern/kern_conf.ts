/**
 * Device nodes.
 *
 * Mirrors: sys/kern/kern_conf.c `make_dev`; sys/kern/kern_device.c `dev_ops_add`; sys/sys/device.h; 2008.
 * Left out: owners and modes (who may open a node is asked by the driver), cloning, destruction: tun(4) of 2008 has none.
 */
import { Struct, word, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import type { Ucred } from "./kern_prot.ts";
import type { File } from "./syscalls.ts";
import type { Uio } from "./kern_subr.ts";

/** A read that must not sleep. */
export const IO_NDELAY = 0x10;

export const POLLIN = 0x0001;
export const POLLOUT = 0x0004;
export const POLLRDNORM = 0x0040;
/** The same bit as {@link POLLOUT}. */
export const POLLWRNORM = 0x0004;

/** `struct cdev`: a node. */
export class Cdev extends Struct {
  readonly si_name: string;
  readonly si_unit: number;
  /** `si_drv1`: the driver's own, null until it has made it. Under the MP lock, between blocks. */
  readonly si_drv1: Word<Struct | null>;
  si_ops: DevOps | null = null;

  constructor(k: Kernel, name: string, unit: number) {
    super(k.x, `/dev/${name}`);
    this.si_name = name;
    this.si_unit = unit;
    this.si_drv1 = word<Struct | null>(this, null);
  }
}

/** What every entry is told: which node. */
interface DevArgs {
  readonly a_dev: Cdev;
}
export interface DevOpenArgs extends DevArgs {
  readonly a_cred: Ucred;
}
export type DevCloseArgs = DevArgs;
export interface DevReadArgs extends DevArgs {
  readonly a_uio: Uio;
  readonly a_ioflag: number;
}
export type DevWriteArgs = DevReadArgs;
export interface DevIoctlArgs extends DevArgs {
  readonly a_cmd: number;
  /** The argument, in the kernel: what the request says it has. */
  readonly a_data: DataView;
}
export interface DevPollArgs extends DevArgs {
  /** Asked for; what is the case, on return. */
  a_events: number;
}

/** `struct dev_ops`: a driver's entries. All are called with the MP lock. */
export interface DevOps {
  readonly name: string;
  readonly d_open: (k: Kernel, ap: DevOpenArgs) => Routine<number>;
  readonly d_close: (k: Kernel, ap: DevCloseArgs) => Routine<number>;
  readonly d_read: (k: Kernel, ap: DevReadArgs) => Routine<number>;
  readonly d_write: (k: Kernel, ap: DevWriteArgs) => Routine<number>;
  readonly d_ioctl: (k: Kernel, ap: DevIoctlArgs) => Routine<number>;
  readonly d_poll: (k: Kernel, ap: DevPollArgs) => Routine<number>;
}

/** Drivers and nodes by name. */
export class Devices {
  readonly ops = new Map<string, DevOps>();
  readonly nodes = new Map<string, Cdev>();
  /** Open files of devices, in the order they were opened. */
  readonly open = new Set<File>();
}

/** Registers a driver. Context: boot. Holds: the MP lock. Blocks: no. */
export function dev_ops_add(k: Kernel, ops: DevOps): void {
  k.devices.ops.set(ops.name, ops);
}

/** The node of that name, made when there is none. Context: thread. Holds: the MP lock. Blocks: no. */
export function make_dev(k: Kernel, ops: DevOps, name: string, unit: number): Cdev {
  const dev = k.devices.nodes.get(name) ?? new Cdev(k, name, unit);
  k.devices.nodes.set(name, dev);
  dev.si_ops = ops;
  return dev;
}

/** The node that an open of that name finds: any unit of a registered driver has one. */
export function lookupDev(k: Kernel, driver: string, unit: number): Cdev | null {
  const ops = k.devices.ops.get(driver);
  return ops === undefined ? null : make_dev(k, ops, `${driver}${String(unit)}`, unit);
}
