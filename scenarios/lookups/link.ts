/** Interfaces of which a lookup asks what kind of link they have, and what their address is. */
import type { Routine } from "../../sim/index.ts";
import {
  Arpcom,
  IFF_BROADCAST,
  IFF_MULTICAST,
  IFF_POINTOPOINT,
  SDL_DATA,
  deref,
  loadSockaddr,
  sdlNlen,
  storeSockaddr,
  type Ifnet,
  type Kernel,
} from "../../model/index.ts";
import type { Link } from "./op.ts";

/**
 * Says what link an interface has and gives it an address, as its driver and what all Ethernets share would when the
 * interface is attached. To be called at boot.
 */
export function* setLink(k: Kernel, ifp: Ifnet, link: Link): Routine<void> {
  const { if_flags, if_lladdr } = ifp;
  const others = (yield* if_flags.load()) & ~(IFF_BROADCAST | IFF_POINTOPOINT);
  const kind = { "broadcast": IFF_BROADCAST, "point-to-point": IFF_POINTOPOINT, "ethernet": IFF_BROADCAST | IFF_MULTICAST }[link];
  yield* if_flags.store(others | kind);
  const address = Uint8Array.of(2, 0, 0, 0, 0, ifp.if_index.fixed);
  const sdl = deref(k, deref(k, yield* if_lladdr.load(), "if_lladdr").ifa_addr.fixed, "ifa_addr");
  const bytes = (yield* loadSockaddr(k, sdl)).slice();
  bytes[SDL_ALEN] = address.length;
  bytes.set(address, SDL_DATA + sdlNlen(k, sdl, bytes));
  yield* storeSockaddr(k, sdl, bytes);
  yield* Arpcom.of(k, ifp).ac_enaddr.store(address);
}

/** Where `sdl_alen` is. */
const SDL_ALEN = 6;
