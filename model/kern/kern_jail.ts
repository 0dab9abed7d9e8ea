/**
 * Jails, as far as requests about interfaces see them.
 *
 * Mirrors: sys/kern/kern_jail.c `prison_if`, `jailed_ip`; sys/sys/jail.h `struct prison`. Pure predicates.
 */
import type { Ucred } from "./kern_prot.ts";

/** `struct prison`: the addresses a jail may use, as sockaddrs. */
export interface Prison {
  readonly pr_ips: readonly Uint8Array[];
}

const AF_INET = 2;
const AF_INET6 = 28;

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
  const [from, to] = sa[1] === AF_INET ? [4, 8] as const : [8, 24] as const;
  return pr_ips.some((ip) => {
    if (ip[1] !== sa[1]) return false;
    for (let i = from; i < to; i++) if (ip[i] !== sa[i]) return false;
    return true;
  });
}
