/**
 * Privileges.
 *
 * Mirrors: sys/kern/kern_priv.c `priv_check_cred`, sys/kern/kern_jail.c `prison_priv_check`, `prison_if`, `jailed_ip`.
 * Pure predicates of the credentials.
 */
import { EPERM } from "../sys/errno.ts";
import type { Prison, Ucred } from "../sys/ucred.ts";

/** Everything that is no privilege of its own. */
export const PRIV_ROOT = 1;

const AF_INET = 2;
const AF_INET6 = 28;

/**
 * May they? 0, or EPERM: only the superuser may, and in a jail nothing that takes {@link PRIV_ROOT}.
 * Context: any. Holds: anything. Blocks: no.
 */
export function priv_check_cred(cred: Ucred, priv: number, _flags: number): number {
  if (cred.cr_uid !== 0) return EPERM;
  return prison_priv_check(cred, priv);
}

function prison_priv_check(cred: Ucred, priv: number): number {
  return cred.cr_prison !== null && priv === PRIV_ROOT ? EPERM : 0;
}

/**
 * Must the jail of these credentials not see the address? As with `jail.socket_unixiproute_only` set, its default.
 * Context: any. Holds: anything. Blocks: no.
 */
export function prison_if(cred: Ucred, sa: Uint8Array): boolean {
  const family = sa[1];
  if (family !== AF_INET && family !== AF_INET6) return true;
  return cred.cr_prison === null || !jailed_ip(cred.cr_prison, sa);
}

/** Is the address among the jail's? */
function jailed_ip({ pr_ips }: Prison, sa: Uint8Array): boolean {
  const [from, to] = sa[1] === AF_INET ? [4, 8] : [8, 24];
  return pr_ips.some((ip) => {
    if (ip[1] !== sa[1]) return false;
    for (let i = from; i < to; i++) if (ip[i] !== sa[i]) return false;
    return true;
  });
}
