/**
 * Who asks: credentials.
 *
 * Mirrors: sys/sys/ucred.h `struct ucred`, sys/sys/jail.h `struct prison`.
 * Left out: groups, real and saved ids, limits. Read only: no scenario changes who it is.
 */

/** `struct prison`: the addresses a jail may use, as sockaddrs. */
export interface Prison {
  readonly pr_ips: readonly Uint8Array[];
}

/** `struct ucred`. */
export interface Ucred {
  readonly cr_uid: number;
  readonly cr_prison: Prison | null;
}

/** The superuser. */
export const ROOT: Ucred = { cr_uid: 0, cr_prison: null };
/** Somebody. */
export const NOBODY: Ucred = { cr_uid: 32767, cr_prison: null };
