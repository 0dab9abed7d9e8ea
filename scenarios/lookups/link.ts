/** Interfaces of which a lookup asks what kind of link they have. */
import type { Routine } from "../../sim/index.ts";
import { IFF_BROADCAST, IFF_POINTOPOINT, type Ifnet } from "../../model/index.ts";
import type { Link } from "./op.ts";

/** Says what link an interface has, as its driver would before the interface is attached. To be called at boot. */
export function* setLink({ if_flags }: Ifnet, link: Link): Routine<void> {
  const others = (yield* if_flags.load()) & ~(IFF_BROADCAST | IFF_POINTOPOINT);
  yield* if_flags.store(others | (link === "broadcast" ? IFF_BROADCAST : IFF_POINTOPOINT));
}
