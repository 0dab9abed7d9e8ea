/** Who reads addresses: walkers with a marker, netisrs, and routes. */
import { misuse, type Routine } from "../../sim/index.ts";
import {
  AF_LINK,
  AF_UNSPEC,
  IFAFREE,
  IFAREF,
  NetmsgBase,
  RTM_ADD,
  RTM_DELETE,
  Sockaddr,
  curthread,
  familyOf,
  ifa_marker_init,
  ifaddrFirst,
  ifaddrInsertAfter,
  ifaddrInsertHead,
  ifaddrNext,
  ifaddrRemove,
  ifnet_array_get,
  ifnet_domsg,
  ifnet_lock,
  ifnet_unlock,
  loadSockaddr,
  lwkt_domsg,
  lwkt_forwardmsg,
  lwkt_replymsg,
  myAddrhead,
  mycpuid,
  netisr_cpuport,
  netmsg_init,
  rt_domsg_global,
  rtrequest,
  sockaddrIn,
  type Ifaddr,
  type Ifnet,
  type Kernel,
} from "../../model/index.ts";
import { deviceFor } from "../actor.ts";
import type { World } from "../world.ts";
import type { AddressActor } from "./config.ts";

function* answer(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  yield* lwkt_replymsg(k, nmsg, 0);
}

/**
 * Waits as for a page of the user's, long enough for others to do a thing or two: until every ifnet thread has answered.
 * A data choice, as all waits for memory.
 */
function* fault(k: Kernel): Routine<void> {
  if (!k.params.waitokBlocks || k.x.draw(2) === 0) return;
  const page = new NetmsgBase(k, "page");
  netmsg_init(k, page, null, curthread(k).td_msgport, 0, answer);
  for (let cpu = k.params.ncpus - 1; cpu >= 0; cpu--) yield* ifnet_domsg(k, page, cpu);
  page.leaveFrame();
}

/** Waits with a reference on an address, looks at it once more, and lets it go. */
function* hold(k: Kernel, ifa: Ifaddr): Routine<void> {
  yield* IFAREF(k, ifa);
  yield* fault(k);
  yield* loadSockaddr(k, ifa.ifa_addr.fixed);
  yield* IFAFREE(k, ifa);
}

/** As `ifconf` walks: every interface, this CPU's list of each. */
export function* walkMarked(world: World, actor: AddressActor): Routine<void> {
  const { k } = world;
  for (let i = 0; i < actor.times; i++) {
    yield* ifnet_lock(k);
    let ifp = k.net.ifnetlist.tqh_first.held;
    for (; ifp !== null; ifp = ifp.if_link_next.held) yield* walkOne(world, ifp);
    yield* ifnet_unlock(k);
  }
}

function* walkOne(world: World, ifp: Ifnet): Routine<void> {
  const { k } = world;
  const mark = ifa_marker_init(k, ifp);
  const ifac_mark = mark.ifac;
  const head = myAddrhead(k, ifp);

  ifaddrInsertHead(head, ifac_mark);
  for (let ifac = ifaddrNext(ifac_mark); ifac !== null; ifac = ifaddrNext(ifac_mark)) {
    const ifa = ifac.ifa.fixed;
    ifaddrRemove(head, ifac_mark);
    ifaddrInsertAfter(head, ifac, ifac_mark);
    if (familyOf(k, ifa) !== AF_UNSPEC) yield* hold(k, ifa);
  }
  ifaddrRemove(head, ifac_mark);
  mark.leaveFrame();
}

export function* read({ k }: World, actor: AddressActor, name: string): Routine<void> {
  for (let i = 0; i < actor.times; i++) {
    const msg = new NetmsgBase(k, name);
    netmsg_init(k, msg, null, curthread(k).td_msgport, 0, readHandler);
    yield* lwkt_domsg(k, netisr_cpuport(k, mycpuid(k)), msg, 0);
    msg.leaveFrame();
  }
}

/** Walks to the last address of the first interface, as a lookup would, and keeps that. */
function* readHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  let last: Ifaddr | null = null;
  const [slot] = (yield* ifnet_array_get(k)).ifnet_arr;
  if (slot !== undefined) {
    let ifac = ifaddrFirst(myAddrhead(k, slot.fixed));
    for (; ifac !== null; ifac = ifaddrNext(ifac)) {
      if (familyOf(k, ifac.ifa.fixed) !== AF_UNSPEC) last = ifac.ifa.fixed;
    }
  }
  if (last !== null) yield* hold(k, last);
  yield* lwkt_replymsg(k, nmsg, 0);
}

/** Adds a route to each CPU's table, or takes it away. */
class RouteMsg extends NetmsgBase {
  readonly ifp: Ifnet;
  readonly cmd: typeof RTM_ADD | typeof RTM_DELETE;
  readonly key: Sockaddr;

  constructor(k: Kernel, label: string, ifp: Ifnet, cmd: typeof RTM_ADD | typeof RTM_DELETE, n: number) {
    super(k, label);
    this.ifp = ifp;
    this.cmd = cmd;
    this.key = new Sockaddr(k, `route 10.0.0.${String(n)}`, sockaddrIn([10, 0, 0, n]));
  }
}

export function* route(world: World, actor: AddressActor, name: string): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  for (const cmd of [RTM_ADD, RTM_DELETE] as const) {
    for (let n = 1; n <= actor.times; n++) {
      const msg = new RouteMsg(k, name, device.ifp, cmd, n);
      netmsg_init(k, msg, null, curthread(k).td_msgport, 0, routeHandler);
      yield* rt_domsg_global(k, msg);
      msg.leaveFrame();
    }
    yield* fault(k);
  }
}

/** Each CPU by itself: the interface may be gone where the message comes later. */
function* routeHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof RouteMsg)) return misuse("no-route-message", nmsg.label);
  const { ifp, cmd, key } = nmsg;
  const spec = { key, mask: null, gateway: null, flags: 0 };
  const there = (yield* ifnet_array_get(k)).ifnet_arr.some((slot) => slot.fixed === ifp);
  // The routes over an interface that is gone are those of its detach.
  if (there) yield* rtrequest(k, cmd, spec, cmd === RTM_ADD ? linkAddress(k, ifp) : null);
  const next = mycpuid(k) + 1;
  if (next < k.params.ncpus) yield* lwkt_forwardmsg(k, netisr_cpuport(k, next), nmsg);
  else yield* lwkt_replymsg(k, nmsg, 0);
}

function linkAddress(k: Kernel, ifp: Ifnet): Ifaddr | null {
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  while (ifac !== null && familyOf(k, ifac.ifa.fixed) !== AF_LINK) ifac = ifaddrNext(ifac);
  return ifac === null ? null : ifac.ifa.fixed;
}
