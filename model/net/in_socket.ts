/**
 * Sockets of INET, as far as control requests go.
 *
 * Mirrors, as an environment: sys/netinet/in.c `in_control` behind a socket's `pru_control`, `in_ifinit`.
 *
 * Contract: questions are answered on the caller's CPU from its list of addresses. What changes addresses takes the
 * superuser and is done by netisr 0, where the caller waits: an address is made and linked, the driver told of it
 * (`SIOCSIFADDR`, inside the serializers), and taken back when the driver says no; `SIOCSIFADDR` deletes the one there
 * was, if there was one, behind that; `SIOCDIFADDR` deletes the one that is named, or the first. Anything else is the
 * driver's, where there is an interface.
 */
import { misuse, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { PRIV_ROOT, priv_check_cred, type Ucred } from "../kern/kern_prot.ts";
import { lwkt_domsg, lwkt_replymsg } from "../kern/lwkt_msgport.ts";
import { EADDRNOTAVAIL, EINVAL, EOPNOTSUPP } from "../sys/errno.ts";
import { M_WAITOK } from "../sys/malloc.ts";
import {
  SIOCAIFADDR,
  SIOCDIFADDR,
  SIOCGIFADDR,
  SIOCGIFBRDADDR,
  SIOCGIFDSTADDR,
  SIOCGIFNETMASK,
  SIOCSIFADDR,
} from "../sys/sockio.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { IFF_BROADCAST, IFF_POINTOPOINT, type Ifnet } from "./if_var.ts";
import { IFR_IFRU } from "./ifreq.ts";
import { ifa_destroy, ifa_iflink, ifa_ifunlink } from "./ifaddr/ifa_chain.ts";
import { familyOf, ifa_create } from "./ifaddr/ifa_ref.ts";
import { IFADDR_SIZE, type Ifaddr } from "./ifaddr/ifaddr.ts";
import { ifaddrFirst, ifaddrNext, myAddrhead } from "./ifaddr/ifaddrhead.ts";
import type { Socket } from "./ioctl/request.ts";
import { netisr_cpuport } from "./netisr.ts";
import { NetmsgBase, netmsg_init } from "./netmsg.ts";
import { deleteAddress, in_control } from "./protocols.ts";
import { AF_INET, SOCKADDR_SIZE, Sockaddr, loadSockaddr } from "./sockaddr.ts";

/** A change of the addresses, on its way to netisr 0. */
class NetmsgControl extends NetmsgBase {
  readonly cmd: number;
  readonly addr: Uint8Array;
  readonly ifp: Ifnet;

  constructor(k: Kernel, cmd: number, addr: Uint8Array, ifp: Ifnet) {
    super(k, "in_control");
    this.cmd = cmd;
    this.addr = addr;
    this.ifp = ifp;
  }
}

/** The first INET address of this CPU's list. Context: any, on a CPU. */
function firstAddress(k: Kernel, ifp: Ifnet): Ifaddr | null {
  let ifac = ifaddrFirst(myAddrhead(k, ifp));
  for (; ifac !== null; ifac = ifaddrNext(ifac)) {
    if (familyOf(k, ifac.ifa.fixed) === AF_INET) return ifac.ifa.fixed;
  }
  return null;
}

/** Where the answer to a question is, which the interface must be of the right kind for; null: it is not. */
function* answerOf(cmd: number, ifp: Ifnet, ifa: Ifaddr): Routine<Sockaddr | null> {
  const flags = yield* ifp.if_flags.load();
  switch (cmd) {
    case SIOCGIFBRDADDR:
      return (flags & IFF_BROADCAST) === 0 ? null : ifa.ifa_dstaddr.fixed;
    case SIOCGIFDSTADDR:
      return (flags & IFF_POINTOPOINT) === 0 ? null : ifa.ifa_dstaddr.fixed;
    case SIOCGIFNETMASK:
      return ifa.ifa_netmask.fixed;
    default:
      return ifa.ifa_addr.fixed;
  }
}

function* question(k: Kernel, cmd: number, data: Uint8Array, ifp: Ifnet): Routine<number> {
  const ifa = firstAddress(k, ifp);
  if (ifa === null) return EADDRNOTAVAIL;
  const sa = yield* answerOf(cmd, ifp, ifa);
  if (sa === null) return EINVAL;
  data.set((yield* loadSockaddr(k, sa)).subarray(0, SOCKADDR_SIZE), IFR_IFRU);
  return 0;
}

/** A new address on every CPU. Context: netisr 0. Blocks: yes. */
function* linkAddress(k: Kernel, ifp: Ifnet, addr: Uint8Array): Routine<Ifaddr> {
  const label = `${ifp.label} inet ${addr.subarray(4, 8).join(".")}`;
  const ifa = yield* ifa_create(k, IFADDR_SIZE + 3 * SOCKADDR_SIZE, M_WAITOK, label);
  if (ifa === null) return misuse("no-memory", label);
  const sockaddr = (name: string, bytes: readonly number[]): Sockaddr => {
    const memory = new Uint8Array(SOCKADDR_SIZE);
    memory.set(bytes);
    return new Sockaddr(k, `${label} ${name}`, memory);
  };
  const [a = 0, b = 0, c = 0, d = 0] = addr.subarray(4, 8);
  ifa.ifa_addr.fixed = sockaddr("addr", [SOCKADDR_SIZE, AF_INET, 0, 0, a, b, c, d]);
  ifa.ifa_dstaddr.fixed = sockaddr("broadaddr", [SOCKADDR_SIZE, AF_INET, 0, 0, a, b, c, 255]);
  ifa.ifa_netmask.fixed = sockaddr("netmask", [7, AF_INET, 0, 0, 255, 255, 255]);
  ifa.behind = [ifa.ifa_addr.fixed, ifa.ifa_dstaddr.fixed, ifa.ifa_netmask.fixed];
  ifa.ifa_ifp.fixed = ifp;
  yield* ifa_iflink(k, ifa, ifp, true);
  return ifa;
}

/** `in_ifinit`: the driver is told; its errno. */
function* tellDriver(k: Kernel, ifp: Ifnet, data: Uint8Array): Routine<number> {
  const if_ioctl = ifp.if_ioctl.fixed;
  if (if_ioctl === null) return 0;
  yield* ifnet_serialize_all(k, ifp);
  const error = yield* if_ioctl(k, ifp, SIOCSIFADDR, data, null);
  yield* ifnet_deserialize_all(k, ifp);
  return error;
}

function* addAddress(k: Kernel, { cmd, addr, ifp }: NetmsgControl): Routine<number> {
  const old = cmd === SIOCSIFADDR ? firstAddress(k, ifp) : null;
  const ifa = yield* linkAddress(k, ifp, addr);
  const error = yield* tellDriver(k, ifp, addr);
  if (error !== 0) {
    yield* ifa_ifunlink(k, ifa, ifp);
    yield* ifa_destroy(k, ifa);
  } else if (old !== null) {
    yield* deleteAddress(k, old, ifp);
  }
  return error;
}

function* deleteNamed(k: Kernel, { addr, ifp }: NetmsgControl): Routine<number> {
  if (addr[1] === AF_INET) return yield* in_control(k, addr, ifp);
  const first = firstAddress(k, ifp);
  if (first === null) return EADDRNOTAVAIL;
  yield* deleteAddress(k, first, ifp);
  return 0;
}

/**
 * The protocol adds an address by itself (`10.0.0.n`), or deletes the one there is: at netisr 0, and without the ifnet lock.
 * Context: thread; of the netisrs only 0. Holds: nothing netisr 0 or an ifnet thread needs. Blocks: yes.
 */
export function* protocolAddress(k: Kernel, ifp: Ifnet, n: number, add: boolean): Routine<void> {
  const addr = Uint8Array.of(SOCKADDR_SIZE, AF_INET, 0, 0, 10, 0, 0, n, 0, 0, 0, 0, 0, 0, 0, 0);
  const msg = new NetmsgControl(k, add ? SIOCAIFADDR : SIOCDIFADDR, addr, ifp);
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, change);
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
  msg.leaveFrame();
}

/** In netisr 0. */
function* change(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof NetmsgControl)) return misuse("no-control-message", nmsg.label);
  const error = nmsg.cmd === SIOCDIFADDR ? yield* deleteNamed(k, nmsg) : yield* addAddress(k, nmsg);
  yield* lwkt_replymsg(k, nmsg, error);
}

function* pru_control(
  k: Kernel,
  cmd: number,
  data: Uint8Array,
  ifp: Ifnet | null,
  cred: Ucred,
): Routine<number> {
  if (ifp === null) return EOPNOTSUPP;
  switch (cmd) {
    case SIOCGIFADDR:
    case SIOCGIFBRDADDR:
    case SIOCGIFDSTADDR:
    case SIOCGIFNETMASK:
      return yield* question(k, cmd, data, ifp);
    case SIOCSIFADDR:
    case SIOCAIFADDR:
    case SIOCDIFADDR: {
      const error = priv_check_cred(cred, PRIV_ROOT, 0);
      if (error !== 0) return error;
      const msg = new NetmsgControl(k, cmd, data.slice(IFR_IFRU, IFR_IFRU + SOCKADDR_SIZE), ifp);
      netmsg_init(k, msg, null, curthread(k).td_msgport, 0, change);
      const answer = yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
      msg.leaveFrame();
      return answer;
    }
    default:
      return yield* ofDriver(k, cmd, data, ifp, cred);
  }
}

function* ofDriver(k: Kernel, cmd: number, data: Uint8Array, ifp: Ifnet, cred: Ucred): Routine<number> {
  const if_ioctl = ifp.if_ioctl.fixed;
  if (if_ioctl === null) return EOPNOTSUPP;
  yield* ifnet_serialize_all(k, ifp);
  const error = yield* if_ioctl(k, ifp, cmd, data, cred);
  yield* ifnet_deserialize_all(k, ifp);
  return error;
}

/** A datagram socket of INET. */
export const inetSocket: Socket = { so_proto: { pru_control } };
