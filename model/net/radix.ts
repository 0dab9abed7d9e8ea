/**
 * Masks of radix trees.
 *
 * Mirrors: sys/net/radix.c `rn_refines`.
 * Left out: the trees.
 */
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { loadSockaddr, saByte, type Sockaddr } from "./sockaddr.ts";

/**
 * Is mask `m` more specific than mask `n`? Bytes behind the end of a mask count as zero. Reads bytes behind the
 * shorter one's `sa_len` as little as C does: not at all.
 * Context: any.
 * Holds: anything.
 * Blocks: no.
 */
export function* rn_refines(k: Kernel, m: Sockaddr | null, n: Sockaddr | null): Routine<boolean> {
  const nn = yield* loadSockaddr(k, n, "n");
  const mm = yield* loadSockaddr(k, m, "m");
  const n_len = saByte(k, n, nn, 0);
  const longer = n_len - saByte(k, m, mm, 0);
  const lim2 = n_len;
  const lim = longer > 0 ? lim2 - longer : lim2;
  let masks_are_equal = true;
  let at = 1;
  for (; at < lim; at++) {
    const of_m = saByte(k, m, mm, at);
    const of_n = saByte(k, n, nn, at);
    if ((of_n & ~of_m) !== 0) return false;
    if (of_n !== of_m) masks_are_equal = false;
  }
  for (let rest = at; rest < lim2; rest++) {
    if (saByte(k, n, nn, rest) !== 0) return false;
  }
  if (masks_are_equal && longer < 0) {
    for (const end = at - longer; at < end; at++) {
      if (saByte(k, m, mm, at) !== 0) return true;
    }
  }
  return !masks_are_equal;
}
