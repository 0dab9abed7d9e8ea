/**
 * What control requests answer when nothing runs beside, as a state machine of its own: no locks, no bytes of the kernel,
 * the answers as sys/net/if.c, the stock driver and the protocol of the scenarios give them.
 */
import {
  EADDRNOTAVAIL, EEXIST, EFAULT, EINVAL, ENAMETOOLONG, ENOENT, ENOSPC, ENOTTY, ENXIO, EOPNOTSUPP, EPERM,
  IFF_CANTCHANGE, IFF_MULTICAST, IFF_NPOLLING, IFF_PPROMISC, IFF_PROMISC, IFF_RUNNING, IFF_SMART, IFF_UP,
  IFIOCTL_ERRNOS, IF_MAXMTU, IF_MINMTU, IOCPARM_LEN, SOCKIO, interfaces,
} from "../../model/index.ts";
import { numberOf, type IoctlRecord, type IoctlUser, type World } from "../../scenarios/index.ts";
import { OK, PANICS, STRAYS, answers, fails, type Answer } from "./answer.ts";

const ETHERMTU = 1500;
const CLONES = 8;
/** Last byte of the one address of the jail. */
const JAIL_ADDRESS = 1;
/** Where the length of a link-level address is. */
const SDL_ALEN = 6;
/** What the card of the stock driver can do. */
const CAPABILITIES = 1;
/** Addresses of requests that end where the request does. */
const LONG = 0x7000_0000;
const IOC_OUT = 0x4000_0000;
const IOC_IN = 0x8000_0000;

interface Iface {
  name: string;
  readonly clone: number | null; // as which unit it was made
  readonly index: number;
  readonly alen: number;
  flags: number;
  mtu: number;
  metric: number;
  tsolen: number;
  phys: number;
  readonly groups: number[];
  /** Last bytes of its INET addresses, in order. */
  inet: number[];
}

type Call = IoctlRecord["call"];

/** The state, and what requests do to it. */
export class Reference {
  readonly #ifaces: Iface[];
  readonly #clones = new Set<number>();
  #nextIndex: number;
  /** Flags of an interface that was just attached. */
  readonly #fresh: number;

  /** As a world is before its workload. */
  constructor(world: World) {
    this.#ifaces = interfaces(world.k).map((ifp): Iface => ({
      name: ifp.if_xname,
      clone: null,
      index: ifp.if_index.peek(),
      alen: ifp.if_lladdr.peek()?.ifa_addr.peek()?.sa_bytes.peek()[SDL_ALEN] ?? 0,
      flags: ifp.if_flags.peek(),
      mtu: ifp.if_mtu.peek(),
      metric: 0,
      tsolen: 0,
      phys: 0,
      groups: [],
      inet: [],
    }));
    this.#nextIndex = this.#ifaces.length + 1;
    this.#fresh = (this.#ifaces[0]?.flags ?? 0) & ~(IFF_UP | IFF_RUNNING | IFF_NPOLLING);
  }

  /** Makes a request. */
  ask(user: IoctlUser, call: Call): Answer {
    const com = numberOf(call.cmd);
    const size = IOCPARM_LEN(com);
    if (size > 4096) return fails(ENOTTY);
    const carried = (com & IOC_IN) !== 0 && size > 0;
    if (carried && call.bad === "request") return fails(EFAULT);
    const group = (com >>> 8) & 0xff;
    if (group !== 0x69) return fails(EOPNOTSUPP);
    const out = (com & IOC_OUT) !== 0 && size > 0;
    const asked = carried ? call.iface.slice(0, Math.min(size, 16)) : "";
    const answer = this.#request(user, com, asked, call);
    return answer.error === 0 && out && call.bad === "request" ? fails(EFAULT) : answer;
  }

  #request(user: IoctlUser, com: number, asked: string, call: Call): Answer {
    const refused = user !== "root";
    switch (com) {
      case SOCKIO.SIOCGIFCONF:
      case SOCKIO.OSIOCGIFCONF:
        return this.#list(call, com === SOCKIO.OSIOCGIFCONF, user === "jailed");
      case SOCKIO.SIOCIFCREATE:
      case SOCKIO.SIOCIFCREATE2:
        return refused ? fails(EPERM) : this.#create(asked);
      case SOCKIO.SIOCIFDESTROY:
        return refused ? fails(EPERM) : this.#destroy(asked);
      case SOCKIO.SIOCIFGCLONERS:
        if (call.value < 0) return fails(EINVAL);
        return call.value > 0 && call.bad === "pointer" ? fails(EFAULT) : OK;
      default: {
        const iface = this.#ifaces.find(({ name }) => name === asked);
        return iface === undefined ? fails(ENXIO) : this.#about(iface, refused, com, call);
      }
    }
  }

  #about(iface: Iface, refused: boolean, com: number, call: Call): Answer {
    if (call.bad === "socket" && !OF_THE_LAYER.has(com)) return fails(EOPNOTSUPP);
    switch (com) {
      case SOCKIO.SIOCGIFINDEX: return answers(iface.index);
      case SOCKIO.SIOCGIFFLAGS: return answers(iface.flags);
      case SOCKIO.SIOCGIFCAP: return answers(CAPABILITIES);
      case SOCKIO.SIOCGIFMETRIC: return answers(iface.metric);
      case SOCKIO.SIOCGIFMTU: return answers(iface.mtu);
      case SOCKIO.SIOCGIFTSOLEN: return answers(iface.tsolen);
      case SOCKIO.SIOCGIFDATA: return call.bad === "pointer" ? fails(EFAULT) : OK;
      case SOCKIO.SIOCGIFPHYS: return answers(iface.phys);
      case SOCKIO.SIOCGIFPOLLCPU: return answers(-1);
      case SOCKIO.SIOCSIFPOLLCPU: return OK;
      case SOCKIO.SIOCGIFADDR:
      case SOCKIO.SIOCGIFNETMASK:
      case SOCKIO.OSIOCGIFADDR:
      case SOCKIO.OSIOCGIFNETMASK:
        return iface.inet.length > 0 ? OK : fails(EADDRNOTAVAIL);
      case SOCKIO.SIOCGIFBRDADDR:
      case SOCKIO.OSIOCGIFBRDADDR:
        return iface.inet.length > 0 ? needs(iface, 0x2) : fails(EADDRNOTAVAIL);
      case SOCKIO.SIOCGIFDSTADDR:
      case SOCKIO.OSIOCGIFDSTADDR:
        return iface.inet.length > 0 ? needs(iface, 0x10) : fails(EADDRNOTAVAIL);
      default:
        if (PRIVILEGED.has(com)) return refused ? fails(EPERM) : this.#change(iface, com, call);
        return fails(EINVAL); // the driver
    }
  }

  #change(iface: Iface, com: number, { value, text, bad }: Call): Answer {
    switch (com) {
      case SOCKIO.SIOCSIFFLAGS:
        setFlags(iface, value);
        return OK;
      case SOCKIO.SIOCSIFCAP:
        return fails((value & ~CAPABILITIES) === 0 ? 0 : EINVAL);
      case SOCKIO.SIOCSIFNAME:
        return this.#rename(iface, text, bad);
      case SOCKIO.SIOCSIFMETRIC:
        iface.metric = value;
        return OK;
      case SOCKIO.SIOCSIFMTU:
        if (value < IF_MINMTU || value > Math.min(IF_MAXMTU, ETHERMTU)) return fails(EINVAL);
        iface.mtu = value;
        return OK;
      case SOCKIO.SIOCSIFTSOLEN:
        if (value <= 0) return fails(EINVAL);
        iface.tsolen = value;
        return OK;
      case SOCKIO.SIOCSIFPHYS:
        iface.phys = value & 0xff;
        return OK;
      case SOCKIO.SIOCSIFMEDIA: return OK;
      case SOCKIO.SIOCADDMULTI:
      case SOCKIO.SIOCDELMULTI:
        if (value < 0 && (iface.flags & IFF_MULTICAST) !== 0) return fails(EINVAL);
        if (com === SOCKIO.SIOCADDMULTI && value > LONG && (iface.flags & IFF_MULTICAST) !== 0) return isStrange(iface, value) ? fails(EADDRNOTAVAIL) : PANICS;
        return membership(iface, com === SOCKIO.SIOCADDMULTI, value & 0x1ff);
      case SOCKIO.SIOCSIFLLADDR:
        return fails(iface.alen === (value < 0 ? 0 : 6) ? 0 : EINVAL);
      case SOCKIO.SIOCSIFADDR:
      case SOCKIO.SIOCAIFADDR:
        iface.inet = [...(com === SOCKIO.SIOCSIFADDR ? iface.inet.slice(1) : iface.inet), value & 0xff];
        iface.flags |= IFF_UP | IFF_RUNNING;
        return OK;
      case SOCKIO.SIOCDIFADDR: {
        const at = iface.inet.indexOf(value & 0xff);
        if (at < 0) return fails(EADDRNOTAVAIL);
        iface.inet.splice(at, 1);
        return OK;
      }
      default:
        return fails(EINVAL); // the driver
    }
  }

  #rename(iface: Iface, text: string, bad: Call["bad"]): Answer {
    if (bad === "pointer") return fails(EFAULT);
    if (text.length > 15) return fails(ENAMETOOLONG);
    if (text === "") return fails(EINVAL);
    if (this.#ifaces.some(({ name }) => name === text)) return fails(EEXIST);
    iface.name = text;
    return OK;
  }

  #create(asked: string): Answer {
    if (!asked.startsWith("cl") || !/^[0-9]*$/.test(asked.slice(2))) return fails(EINVAL);
    if (this.#ifaces.some(({ name }) => name === asked)) return fails(EEXIST);
    const free = Array.from({ length: CLONES }, (_, n) => n).find((n) => !this.#clones.has(n));
    const unit = asked === "cl" ? free : Number(asked.slice(2));
    if (unit === undefined) return fails(ENOSPC);
    if (unit >= CLONES) return fails(ENXIO);
    if (this.#clones.has(unit)) return PANICS;
    this.#clones.add(unit);
    this.#ifaces.push({
      name: `cl${String(unit)}`, clone: unit, index: this.#nextIndex++, alen: this.#ifaces[0]?.alen ?? 6, flags: this.#fresh, mtu: ETHERMTU, metric: 0,
      tsolen: 0, phys: 0, groups: [], inet: [],
    });
    return OK;
  }

  #destroy(asked: string): Answer {
    if (!asked.startsWith("cl") || !/^[0-9]+$/.test(asked.slice(2))) return fails(EINVAL);
    const at = this.#ifaces.findIndex(({ name }) => name === asked);
    if (at < 0) return fails(ENXIO);
    const unit = Number(asked.slice(2));
    if (this.#ifaces[at]?.clone !== unit) return this.#clones.has(unit) ? STRAYS : PANICS;
    this.#ifaces.splice(at, 1);
    this.#clones.delete(unit);
    return OK;
  }

  /** Every entry takes 32 bytes and what its address has beyond 16; a negative size is as large as can be, and what is listed is not told. */
  #list(call: Call, old: boolean, jailed: boolean): Answer {
    const list: [string, number][] = [];
    let space = call.value < 0 ? Number.POSITIVE_INFINITY : call.value;
    for (const { name, inet } of this.#ifaces) {
      if (space <= 32) break;
      const addresses = [
        ...(jailed ? [] : [[18, old ? 32 : 72]]),
        ...inet.filter((byte) => !jailed || byte === JAIL_ADDRESS).map(() => [2, 32]),
      ] as [number, number][];
      let any = false;
      for (const [family, size] of addresses) {
        if (space <= 32) break;
        any = true;
        if (space < size) break;
        if (call.bad === "pointer") return fails(EFAULT);
        list.push([name, family]);
        space -= size;
      }
      if (any) continue;
      if (call.bad === "pointer") return fails(EFAULT);
      list.push([name, 0]);
      space -= 32;
    }
    return call.value < 0 ? OK : { ...OK, list };
  }
}

/** An answer for interfaces with the flag. */
const needs = ({ flags }: Iface, flag: number): Answer => fails((flags & flag) === 0 ? EINVAL : 0);

/** Requests that the interface layer answers itself; the others are the protocol's. */
const OF_THE_LAYER: ReadonlySet<number> = new Set(
  Object.keys(IFIOCTL_ERRNOS).map((name) => numberOf(name as keyof typeof IFIOCTL_ERRNOS)),
);

/** Requests that ask for privileges. */
const PRIVILEGED: ReadonlySet<number> = new Set([
  SOCKIO.SIOCSIFFLAGS, SOCKIO.SIOCSIFCAP, SOCKIO.SIOCSIFNAME, SOCKIO.SIOCSIFMETRIC, SOCKIO.SIOCSIFPHYS, SOCKIO.SIOCSIFMTU,
  SOCKIO.SIOCSIFTSOLEN, SOCKIO.SIOCADDMULTI, SOCKIO.SIOCDELMULTI, SOCKIO.SIOCSIFPHYADDR, SOCKIO.SIOCDIFPHYADDR,
  SOCKIO.SIOCSIFPHYADDR_IN6, SOCKIO.SIOCSLIFPHYADDR, SOCKIO.SIOCSIFMEDIA, SOCKIO.SIOCSIFGENERIC, SOCKIO.SIOCSIFLLADDR,
  SOCKIO.SIOCSIFADDR, SOCKIO.SIOCAIFADDR, SOCKIO.SIOCDIFADDR,
]);

function setFlags(iface: Iface, asked: number): void {
  let { flags } = iface;
  if ((flags & IFF_SMART) === 0) flags = (flags & ~IFF_UP) | (asked & IFF_UP);
  flags = (flags & ~IFF_NPOLLING) | (asked & IFF_NPOLLING);
  flags = (flags & IFF_CANTCHANGE) | (asked & ~IFF_CANTCHANGE);
  flags = (asked & IFF_PPROMISC) === 0 ? flags & ~IFF_PROMISC : flags | IFF_PROMISC;
  iface.flags = (flags & IFF_UP) === 0 ? flags & ~IFF_RUNNING : flags | IFF_RUNNING;
}

/** Nothing is compared with the address, and it is of no group: it is refused before it is copied. */
const isStrange = ({ groups }: Iface, value: number): boolean => groups.length === 0 && (value & 0x100) !== 0;

function membership(iface: Iface, join: boolean, group: number): Answer {
  if ((iface.flags & IFF_MULTICAST) === 0) return fails(EOPNOTSUPP);
  if (join) {
    if ((group & 0x100) !== 0) return fails(EADDRNOTAVAIL); // the address of no group
    iface.groups.push(group);
    return OK;
  }
  const at = iface.groups.indexOf(group);
  if (at < 0) return fails(ENOENT);
  iface.groups.splice(at, 1);
  return OK;
}
