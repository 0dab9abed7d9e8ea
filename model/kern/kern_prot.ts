/**
 * Who may do what.
 *
 * Mirrors: sys/kern/kern_prot.c `suser_cred`; sys/sys/ucred.h. Later kernels: `priv_check_cred` (kern_priv.c).
 * Left out: groups, and the many names of privileges: there is root, root in a jail, and there is everybody else.
 */
import { EPERM } from "../sys/errno.ts";
import type { Prison } from "./kern_jail.ts";

/** Everything that is no privilege of its own: nothing for a jail. */
export const PRIV_ROOT = 1;

/** `struct ucred`. */
export class Ucred {
  readonly cr_uid: number;
  readonly cr_prison: Prison | null;

  constructor(cr_uid: number, cr_prison: Prison | null = null) {
    this.cr_uid = cr_uid;
    this.cr_prison = cr_prison;
  }
}

/** 0 for the superuser outside jails, else EPERM. Context: any. Holds: anything. Blocks: no. */
export const suser_cred = (cred: Ucred, _flag: number): number =>
  cred.cr_uid === 0 && cred.cr_prison === null ? 0 : EPERM;

/** Later name of the question; `priv` is what for. Context: any. Holds: anything. Blocks: no. */
export const priv_check_cred = (cred: Ucred, _priv: number, flags: number): number => suser_cred(cred, flags);
