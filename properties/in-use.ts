/** What interfaces that are there have allocated: their own memory, their addresses, their memberships. */
import type { Struct } from "../sim/index.ts";
import { interfaces, type Ifnet } from "../model/index.ts";
import type { World } from "../scenarios/index.ts";

/** Is it part of an interface that came during the run and is there, or an address or a membership of any? */
export function isInUse(world: World, struct: Struct): boolean {
  return interfaces(world.k).some((ifp) => isOf(ifp, struct));
}

function isOf(ifp: Ifnet, struct: Struct): boolean {
  if (ifp.label.startsWith("cl") && `${struct.label} `.startsWith(`${ifp.label} `)) return true;
  for (const { tqh_first } of ifp.if_addrheads.peek().heads) {
    for (let ifac = tqh_first.peek(); ifac !== null; ifac = ifac.ifa_link_next.peek()) {
      const ifa = ifac.ifa.peek();
      if (struct === ifa || struct === ifa.ifa_containers.peek()) return true;
    }
  }
  for (const ifma of ifp.if_multiaddrs.peek()) {
    if (struct === ifma || struct === ifma.ifma_addr.peek() || struct === ifma.ifma_lladdr.peek()) return true;
  }
  return false;
}
