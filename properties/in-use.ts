/** What interfaces that are there have allocated: their own memory, their addresses, their memberships, their groups. */
import type { Struct } from "../sim/index.ts";
import { interfaces, type IfgGroup, type Ifnet } from "../model/index.ts";
import type { World } from "../scenarios/index.ts";

/** Is it part of an interface that came during the run and is there, or an address, a membership or a group of any? */
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
  return ifp.if_groups.peek().some((ifgl) => struct === ifgl || isOfGroup(ifp, ifgl.ifgl_group.peek(), struct));
}

/** The group itself, or what it has of the interface. */
function isOfGroup(ifp: Ifnet, group: IfgGroup, struct: Struct): boolean {
  return struct === group || group.ifg_members.peek().some((ifgm) => struct === ifgm && ifgm.ifgm_ifp.peek() === ifp);
}
