/**
 * Who may do what.
 *
 * Mirrors: sys/kern/kern_prot.c `suser_cred`; sys/sys/ucred.h. Later kernels: `priv_check_cred` (kern_priv.c).
 * Left out: jails, groups, the many names of privileges: there is root and there is everybody else.
 */
import { EPERM } from "../sys/errno.ts";

/** `struct ucred`. */
export class Ucred {
  readonly cr_uid: number;

  constructor(cr_uid: number) {
    this.cr_uid = cr_uid;
  }
}

/** 0 for the superuser, else EPERM. Context: any. Holds: anything. Blocks: no. */
export const suser_cred = (cred: Ucred, _flag: number): number => (cred.cr_uid === 0 ? 0 : EPERM);

/** Later name of the question; `priv` is what for. Context: any. Holds: anything. Blocks: no. */
export const priv_check_cred = (cred: Ucred, _priv: number, flags: number): number => suser_cred(cred, flags);
