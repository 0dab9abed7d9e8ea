/** The card's driver and its receive filter. */
import type { Routine } from "../../sim/index.ts";
import {
  AF_LINK,
  IFF_ALLMULTI,
  IFF_PROMISC,
  deviceOf,
  hexOf,
  lladdrAt,
  loadSockaddr,
  sdlAlen,
  type Ifnet,
  type Kernel,
} from "../net/driver.ts";

/**
 * Programs the filter: the link-level memberships of the interface, and the modes that these flags ask for.
 * Context: thread.
 * Holds: every serializer of the interface.
 * Blocks: no.
 */
export function* nicSetFilter(k: Kernel, ifp: Ifnet, flags: number): Routine<void> {
  const { filter } = deviceOf(ifp);
  const groups: string[] = [];
  for (const ifma of ifp.if_multiaddrs.held) {
    const sa = ifma.ifma_addr.held;
    const bytes = yield* loadSockaddr(k, sa);
    if (bytes[1] !== AF_LINK) continue;
    const at = lladdrAt(k, sa, bytes);
    groups.push(hexOf(bytes.subarray(at, at + sdlAlen(k, sa, bytes))));
  }
  filter.groups.held = groups;
  filter.promiscuous.held = (flags & IFF_PROMISC) !== 0;
  filter.allMulticast.held = (flags & IFF_ALLMULTI) !== 0;
}
