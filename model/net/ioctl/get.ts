/**
 * Requests that read a field of an interface.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1802 to 1843): cases of `ifioctl`.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { copyout } from "../../kern/copyio.ts";
import type { Ifnet } from "../if_var.ts";
import type { IfRequest } from "./request.ts";

/** `SIOCGIFINDEX`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifindex(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1804
  ifr.ifr_index = ifp.if_index.fixed;
  return 0;
}

/** `SIOCGIFFLAGS`: the halves are loaded one after the other. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifflags(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1808-1809
  ifr.ifr_flags = yield* ifp.if_flags.load();
  ifr.ifr_flagshigh = (yield* ifp.if_flags.load()) >> 16;
  return 0;
}

/** `SIOCGIFCAP`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifcap(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1813-1814
  ifr.ifr_int = yield* ifp.if_capabilities.load();
  ifr.ifr_curcap = yield* ifp.if_capenable.load();
  return 0;
}

/** `SIOCGIFMETRIC`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifmetric(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1818
  ifr.ifr_int = yield* ifp.if_metric.load();
  return 0;
}

/** `SIOCGIFMTU`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifmtu(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1822
  ifr.ifr_int = yield* ifp.if_mtu.load();
  return 0;
}

/** `SIOCGIFTSOLEN`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgiftsolen(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1826
  ifr.ifr_int = yield* ifp.if_tsolen.load();
  return 0;
}

/** `SIOCGIFDATA`: copies `if_data` out. Context: thread of a user. Holds: the ifnet lock. Blocks: yes, for the user's page. */
export function* siocgifdata(k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1830-1831
  const data = yield* ifData(ifp);
  return yield* copyout(k, data, ifr.ifr_data, data.length);
}

/** `sizeof(struct if_data)`, and where its fields are. */
const SIZEOF_IF_DATA = 160;
const IFI = { type: 0, physical: 1, addrlen: 2, mtu: 8, metric: 16, lastchange: 144 } as const;
const NS_PER_SECOND = 1_000_000_000;

/**
 * The bytes of `ifp->if_data`. Its counters are 0, as they are while nobody asked for the compatible ones.
 * DEVIATES: gathered before the copy begins, not while it is made.
 */
function* ifData(ifp: Ifnet): Routine<Uint8Array> {
  const data = new Uint8Array(SIZEOF_IF_DATA);
  const view = new DataView(data.buffer);
  view.setUint8(IFI.type, ifp.if_type);
  view.setUint8(IFI.physical, yield* ifp.if_physical.load());
  view.setUint8(IFI.addrlen, ifp.if_addrlen.fixed);
  view.setBigInt64(IFI.mtu, BigInt(yield* ifp.if_mtu.load()), true);
  view.setBigInt64(IFI.metric, BigInt(yield* ifp.if_metric.load()), true);
  const changed = yield* ifp.if_lastchange.load();
  view.setBigInt64(IFI.lastchange, BigInt(Math.trunc(changed / NS_PER_SECOND)), true);
  view.setBigInt64(IFI.lastchange + 8, BigInt(Math.trunc((changed % NS_PER_SECOND) / 1000)), true);
  return data;
}

/** `SIOCGIFPHYS`. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifphys(_k: Kernel, { ifr, ifp }: IfRequest): Routine<number> {
  //@ 1835
  ifr.ifr_int = yield* ifp.if_physical.load();
  return 0;
}

/** `SIOCGIFPOLLCPU`: none. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocgifpollcpu(_k: Kernel, { ifr }: IfRequest): Routine<number> {
  //@ 1839
  ifr.ifr_int = -1;
  return 0;
}

/** `SIOCSIFPOLLCPU`: nothing. Context: thread of a user. Holds: the ifnet lock. Blocks: no. */
export function* siocsifpollcpu(_k: Kernel, _request: IfRequest): Routine<number> {
  return 0;
}
