/** Who changes addresses, flags and queues: as ioctls do, under the ifnet lock, or as a protocol's timer does. */
import { misuse, type Routine } from "../../sim/index.ts";
import {
  AF_INET,
  AF_INET6,
  IFADDR_SIZE,
  M_WAITOK,
  NetmsgBase,
  RTM_DELADDR,
  RTM_NEWADDR,
  Sockaddr,
  altq_attach,
  altq_enable,
  crit_enter,
  crit_exit,
  curthread,
  deleteAddress,
  familyOf,
  ifa_create,
  ifa_iflink,
  ifaddrFirst,
  ifaddrNext,
  if_down,
  if_up,
  ifnet_array_get,
  ifnet_lock,
  ifnet_unlock,
  ifunit,
  in6_purgeaddr,
  in_control,
  loadSockaddr,
  lwkt_domsg,
  lwkt_replymsg,
  myAddrhead,
  netisr_cpuport,
  netmsg_init,
  rt_newaddrmsg,
  sockaddrIn,
  sockaddrIn6,
  type Ifaddr,
  type Ifnet,
  type Kernel,
} from "../../model/index.ts";
import { deviceFor } from "../actor.ts";
import type { World } from "../world.ts";
import type { AddressActor } from "./config.ts";

/** A family that no protocol looks after: AppleTalk. */
const AF_OTHER = 16;
const SOCKADDR_BYTES = 16;

/** The n-th address of a configuration: its bytes. Families take turns. */
function bytesOfAddress(n: number): Uint8Array {
  const host = n + 1;
  if (n % 3 === 0) return sockaddrIn([10, 0, 0, host]);
  if (n % 3 === 1) return sockaddrIn6([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host]);
  const other = new Uint8Array(SOCKADDR_BYTES);
  other.set([SOCKADDR_BYTES, AF_OTHER, 0, host]);
  return other;
}

/** Asks netisr 0 for something about an interface. */
class AddressMsg extends NetmsgBase {
  readonly ifp: Ifnet;
  readonly n: number;

  constructor(k: Kernel, label: string, ifp: Ifnet, n: number) {
    super(k, label);
    this.ifp = ifp;
    this.n = n;
  }
}

function addressMsg(nmsg: NetmsgBase): AddressMsg {
  return nmsg instanceof AddressMsg ? nmsg : misuse("no-address-message", nmsg.label);
}

/** Sends netisr 0 a message and waits for the answer. */
function* ask(
  k: Kernel,
  msg: NetmsgBase,
  dispatch: (k: Kernel, msg: NetmsgBase) => Routine<void>,
): Routine<void> {
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, dispatch);
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
  msg.leaveFrame();
}

/** Does something with the interface under the ifnet lock, if it is there: what every ioctl does. */
function* withInterface(
  { k }: World,
  name: string,
  act: (ifp: Ifnet) => Routine<void>,
): Routine<void> {
  yield* ifnet_lock(k);
  const ifp = ifunit(k, name);
  if (ifp !== null) yield* act(ifp);
  yield* ifnet_unlock(k);
}

function* addHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  const { ifp, n } = addressMsg(nmsg);
  const bytes = bytesOfAddress(n);
  const ifa = yield* ifa_create(k, IFADDR_SIZE + 2 * bytes.length, M_WAITOK, `${ifp.label} address ${String(n)}`);
  if (ifa !== null) {
    fill(k, ifa, ifp, bytes, n > 0 && bytes[1] === AF_INET);
    yield* ifa_iflink(k, ifa, ifp, true);
    rt_newaddrmsg(k, RTM_NEWADDR, ifp, ifa);
  }
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** `alone`: the address has no other end. */
function fill(k: Kernel, ifa: Ifaddr, ifp: Ifnet, bytes: Uint8Array, alone: boolean): void {
  const addr = new Sockaddr(k, `${ifa.label} addr`, bytes);
  const mask = new Sockaddr(k, `${ifa.label} mask`, bytes.map((byte, i) => (i === 0 ? byte : 0xff)));
  ifa.ifa_addr.fixed = addr;
  ifa.ifa_dstaddr.fixed = alone ? null : addr;
  ifa.ifa_netmask.fixed = mask;
  ifa.ifa_ifp.fixed = ifp;
  ifa.behind = [addr, mask];
}

/** The interface's address with these bytes, or null. Context: netisr 0. */
function* find(k: Kernel, ifp: Ifnet, bytes: Uint8Array): Routine<Ifaddr | null> {
  for (let ifac = ifaddrFirst(myAddrhead(k, ifp)); ifac !== null; ifac = ifaddrNext(ifac)) {
    const ifa = ifac.ifa.fixed;
    if (familyOf(k, ifa) !== bytes[1]) continue;
    const own = yield* loadSockaddr(k, ifa.ifa_addr.fixed);
    if (bytes.every((byte, i) => byte === own[i])) return ifa;
  }
  return null;
}

function* deleteHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  const { ifp, n } = addressMsg(nmsg);
  const bytes = bytesOfAddress(n);
  const ifa = yield* find(k, ifp, bytes);
  if (ifa !== null) {
    rt_newaddrmsg(k, RTM_DELADDR, ifp, ifa);
    if (bytes[1] === AF_INET) yield* in_control(k, bytes, ifp);
    else if (bytes[1] === AF_INET6) yield* in6_purgeaddr(k, ifa, ifp);
    else yield* deleteAddress(k, ifa, ifp);
  }
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** Gives the interface as many addresses as `times` says, then takes away those that are still there. */
export function* configure(world: World, actor: AddressActor, name: string): Routine<void> {
  const ifname = deviceFor(world, actor.iface)?.ifp.label ?? "";
  const { k } = world;
  for (const handler of [addHandler, deleteHandler]) {
    for (let n = 0; n < actor.times; n++) {
      yield* withInterface(world, ifname, (ifp) => ask(k, new AddressMsg(k, name, ifp, n), handler));
    }
  }
}

/** Takes away the first IPv6 address that this netisr finds. */
function* expireHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  const found = yield* firstIn6(k);
  if (found !== null) yield* in6_purgeaddr(k, found.ifa, found.ifp);
  yield* lwkt_replymsg(k, nmsg, 0);
}

function* firstIn6(k: Kernel): Routine<{ readonly ifa: Ifaddr; readonly ifp: Ifnet } | null> {
  for (const slot of (yield* ifnet_array_get(k)).ifnet_arr) {
    const ifp = slot.fixed;
    for (let ifac = ifaddrFirst(myAddrhead(k, ifp)); ifac !== null; ifac = ifaddrNext(ifac)) {
      const ifa = ifac.ifa.fixed;
      if (familyOf(k, ifa) === AF_INET6) return { ifa, ifp };
    }
  }
  return null;
}

export function* expire({ k }: World, actor: AddressActor, name: string): Routine<void> {
  for (let i = 0; i < actor.times; i++) yield* ask(k, new NetmsgBase(k, name), expireHandler);
}

export function* bounce(world: World, actor: AddressActor): Routine<void> {
  const ifname = deviceFor(world, actor.iface)?.ifp.label ?? "";
  for (let i = 0; i < actor.times; i++) yield* withInterface(world, ifname, (ifp) => downAndUp(world.k, ifp));
}

function* downAndUp(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* crit_enter(k);
  yield* if_down(k, ifp);
  yield* if_up(k, ifp);
  yield* crit_exit(k);
}

export function* queue(world: World, actor: AddressActor): Routine<void> {
  const ifname = deviceFor(world, actor.iface)?.ifp.label ?? "";
  yield* withInterface(world, ifname, (ifp) => discipline(world.k, ifp));
}

function* discipline(k: Kernel, { if_snd }: Ifnet): Routine<void> {
  yield* altq_attach(k, if_snd, "priq");
  yield* altq_enable(k, if_snd);
}
