/**
 * `struct ifnet`, its per-CPU statistics, and the inline helpers on them.
 *
 * Mirrors: sys/net/if_var.h, sys/net/if.h (the 2013 to 2015 shape that seed 001 compiles against).
 * Left out, with what uses it (control plane: later): groups and multicast addresses (`if_multiaddrs`, `if_groups`),
 * counters of listeners, capabilities, polling.
 */
import {
  Struct,
  UNWRITTEN,
  frozen,
  guardedBy,
  published,
  word,
  type Frozen,
  type Grave,
  type Guarded,
  type Published,
  type Routine,
  type Word,
} from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { mycpuid } from "../kern/globaldata.ts";
import { Serializer } from "../kern/lwkt_serialize.ts";
import { Tailq } from "../sys/queue.ts";
import { SharedTailq } from "../sys/queue-shared.ts";
import { Ifaltq } from "./altq/if_altq.ts";
import type { Device } from "./device.ts";
import { NO_AFDATA, type Afdata } from "./domain.ts";
import type {
  AltqMapsubq,
  IfDeserialize,
  IfInit,
  IfIoctl,
  IfNpoll,
  IfResolvemulti,
  IfSerialize,
  IfSerializeAssert,
  IfStart,
  IfTryserialize,
  IfWatchdog,
} from "./driver.ts";
import type { IfdataPcpu, IfdataPcpuBlock } from "./if_data.ts";
import type { Ifaddr } from "./ifaddr/ifaddr.ts";
import type { IfaddrheadBlock } from "./ifaddr/ifaddrhead.ts";
import type { IfgList } from "./if_group_var.ts";
import { SerializeAll, type Ifmultiaddr } from "./if_multi_var.ts";

export * from "./if_iff.ts";

/** Which serializers a driver hook is asked to take: all of them. */
export const IFNET_SERIALIZE_ALL = 0;
/** The type of {@link IFNET_SERIALIZE_ALL}. */
export type IfnetSerialize = typeof IFNET_SERIALIZE_ALL;

/** Calls of `if_slowtimo` per second. */
export const IFNET_SLOWHZ = 1;

/** `struct ifnet`: a network interface. */
export class Ifnet extends Struct {
  /** The driver's own. */
  if_softc: unknown = null;
  /** What stands behind the interface; null for one that was not attached by `attachDevice`. */
  device: Device | null = null;
  /** The bytes of `if_xname`, those behind the last that is not 0 left out. Renaming stores it byte by byte under the ifnet lock; netisrs load it without. */
  xname: Published<string>;
  if_dname = "";
  if_dunit = 0;
  readonly if_type: number;

  /** `if_link`: neighbours on `ifnetlist`. `tbr_timeout` follows `if_link_next` without the ifnet lock. */
  readonly if_link_next: Published<Ifnet | null>;
  readonly if_link_prev: Guarded<Ifnet | null>;
  /** Numeric abbreviation; given by attach under the ifnet lock, before the interface can be found. */
  readonly if_index: Frozen<number>;
  /** Seconds until `if_watchdog` is called; 0: never. The driver and netisr 0 store it without a common lock. */
  readonly if_timer: Word<number>;
  /** `IFF_*`. Netisr 0, drivers and ioctls store it without a common lock. */
  readonly if_flags: Word<number>;
  /** Bytes. Drivers store it under their serializers and the ifnet lock (`SIOCSIFMTU`); senders load it with neither. */
  readonly if_mtu: Word<number>;
  /** Ioctls store what follows under the ifnet lock; whoever copies `if_data` loads it with none. */
  readonly if_metric: Word<number>;
  readonly if_physical: Word<number>;
  readonly if_tsolen: Word<number>;
  readonly if_lastchange: Word<number>;
  /** `IFCAP_*`: what the driver can do, and what is on; drivers store them under their serializers. */
  readonly if_capabilities: Word<number>;
  readonly if_capenable: Word<number>;
  /** Who wants it promiscuous. No lock. */
  readonly if_pcount: Word<number>;
  /** Who wants all multicast packets. No lock. */
  readonly if_amcount: Word<number>;
  /** `LINK_STATE_*`, as the driver last stored it. */
  readonly if_link_state: Word<number>;
  /** Multicast memberships. */
  readonly if_multiaddrs: Guarded<Tailq<Ifmultiaddr>>;
  /** The guard of {@link if_multiaddrs}. */
  readonly serializeAll = new SerializeAll(this);
  /** Groups the interface is in. No lock. */
  readonly if_groups: SharedTailq<IfgList>;
  /** What its kind of link keeps of it. */
  readonly if_l2com: Frozen<unknown>;

  /** Addresses, by CPU: made by attach, freed by detach. */
  readonly if_addrheads: Frozen<IfaddrheadBlock>;
  /** The link-level address: set by attach, cleared by detach without a lock. */
  readonly if_lladdr: Word<Ifaddr | null>;
  /** What the domains hang on the interface, by family. */
  readonly if_afdata: Word<Afdata>;
  /** Bytes of a link-level address. Set by the driver before attach. */
  readonly if_addrlen: Frozen<number>;

  readonly if_start: Frozen<IfStart>;
  readonly if_ioctl: Frozen<IfIoctl | null>;
  readonly if_watchdog: Frozen<IfWatchdog | null>;
  readonly if_init: Frozen<IfInit | null>;
  readonly if_npoll: Frozen<IfNpoll | null>;
  readonly if_resolvemulti: Frozen<IfResolvemulti | null>;
  readonly if_mapsubq: Frozen<AltqMapsubq | null>;
  readonly if_serialize: Frozen<IfSerialize | null>;
  readonly if_deserialize: Frozen<IfDeserialize | null>;
  readonly if_tryserialize: Frozen<IfTryserialize | null>;
  readonly if_serialize_assert: Frozen<IfSerializeAssert | null>;

  readonly if_snd: Ifaltq;
  /** In single serializer mode the serializer of everything; null when the driver brings its own functions. */
  readonly if_serializer: Frozen<Serializer | null>;
  readonly if_default_serializer: Serializer;
  readonly if_data_pcpu: Frozen<IfdataPcpuBlock>;
  /** See {@link compatStat}; null until the first copy. */
  if_stats: ReadonlyMap<IfnetStat, Word<number>> | null = null;

  /** `called`: what its locks and fields are called by in reports, however it is named. */
  constructor(k: Kernel, type: number, called: string) {
    super(k.x, called);
    this.if_type = type;
    const mtx = k.net.ifnet_mtx;
    this.xname = published(this, mtx, "");
    this.if_link_next = published<Ifnet | null>(this, mtx, null);
    this.if_link_prev = guardedBy<Ifnet | null>(this, mtx, null);
    this.if_index = frozen(this, 0);
    this.if_timer = word(this, 0);
    this.if_flags = word(this, 0);
    this.if_mtu = word(this, 0);
    this.if_metric = word(this, 0);
    this.if_physical = word(this, 0);
    this.if_tsolen = word(this, 0);
    this.if_lastchange = word(this, 0);
    this.if_capabilities = word(this, 0);
    this.if_capenable = word(this, 0);
    this.if_pcount = word(this, 0);
    this.if_addrheads = frozen<IfaddrheadBlock>(this, UNWRITTEN);
    this.if_lladdr = word<Ifaddr | null>(this, null);
    this.if_afdata = word(this, NO_AFDATA);
    this.if_addrlen = frozen(this, 0);
    this.if_amcount = word(this, 0);
    this.if_link_state = word(this, 0);
    const multiaddrs = new Tailq<Ifmultiaddr>(`${called} if_multiaddrs`, ({ ifma_link }) => ifma_link);
    this.if_multiaddrs = guardedBy(this, this.serializeAll, multiaddrs);
    this.if_groups = new SharedTailq<IfgList>(this, `${called} if_groups`, ({ ifgl_next }) => ifgl_next);
    this.if_l2com = frozen<unknown>(this, null);
    this.if_start = frozen<IfStart>(this, UNWRITTEN);
    this.if_ioctl = frozen<IfIoctl | null>(this, null);
    this.if_watchdog = frozen<IfWatchdog | null>(this, null);
    this.if_init = frozen<IfInit | null>(this, null);
    this.if_npoll = frozen<IfNpoll | null>(this, null);
    this.if_resolvemulti = frozen<IfResolvemulti | null>(this, null);
    this.if_mapsubq = frozen<AltqMapsubq | null>(this, null);
    this.if_serialize = frozen<IfSerialize | null>(this, null);
    this.if_deserialize = frozen<IfDeserialize | null>(this, null);
    this.if_tryserialize = frozen<IfTryserialize | null>(this, null);
    this.if_serialize_assert = frozen<IfSerializeAssert | null>(this, null);
    this.if_snd = new Ifaltq(k, `${called} if_snd`);
    this.if_serializer = frozen<Serializer | null>(this, null);
    this.if_default_serializer = new Serializer(k, `${called} if_default_serializer`);
    this.if_data_pcpu = frozen<IfdataPcpuBlock>(this, UNWRITTEN);
  }

  /** The name, for panics, logs and reports: no point, no check. */
  get if_xname(): string {
    return cString(this.xname.peek());
  }

  /** Attach is done: index, hooks and embedded structures do not change any more. */
  publish(): void {
    this.if_index.publish();
    this.if_addrheads.publish();
    this.if_addrlen.publish();
    this.if_start.publish();
    this.if_ioctl.publish();
    this.if_watchdog.publish();
    this.if_init.publish();
    this.if_npoll.publish();
    this.if_resolvemulti.publish();
    this.if_l2com.publish();
    this.if_mapsubq.publish();
    this.if_serialize.publish();
    this.if_deserialize.publish();
    this.if_tryserialize.publish();
    this.if_serialize_assert.publish();
    this.if_serializer.publish();
    this.if_data_pcpu.publish();
    this.if_snd.publish();
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.if_snd.bury(grave);
    this.if_groups.bury(grave);
  }
}

/** What C reads where a string begins: up to the first NUL. */
export function cString(bytes: string): string {
  const end = bytes.indexOf("\0");
  return end < 0 ? bytes : bytes.slice(0, end);
}

/** Statistics by the name the kernel's macros take. */
export type IfnetStat =
  | "ipackets"
  | "ierrors"
  | "opackets"
  | "oerrors"
  | "collisions"
  | "ibytes"
  | "obytes"
  | "imcasts"
  | "omcasts"
  | "iqdrops"
  | "noproto";

const FIELD = {
  ipackets: "ifd_ipackets",
  ierrors: "ifd_ierrors",
  opackets: "ifd_opackets",
  oerrors: "ifd_oerrors",
  collisions: "ifd_collisions",
  ibytes: "ifd_ibytes",
  obytes: "ifd_obytes",
  imcasts: "ifd_imcasts",
  omcasts: "ifd_omcasts",
  iqdrops: "ifd_iqdrops",
  noproto: "ifd_noproto",
} as const satisfies Record<IfnetStat, keyof IfdataPcpu>;

/** All statistics, in the order of `struct ifdata_pcpu`. */
export const IFNET_STATS = Object.keys(FIELD) as readonly IfnetStat[];

/** `if_ipackets` and its like: where netisr 0 copies what the CPUs have counted, for readers of `struct if_data`. */
export function compatStat(ifp: Ifnet, name: IfnetStat): Word<number> {
  ifp.if_stats ??= new Map(IFNET_STATS.map((each) => [each, word(ifp, 0)]));
  return ifp.if_stats.get(name) as Word<number>; // one for each
}

/** Adds to this CPU's count. Plain arithmetic on the CPU's own slot: no lock, no point. */
export function IFNET_STAT_INC(k: Kernel, ifp: Ifnet, name: IfnetStat, value: number): void {
  const data = ifp.if_data_pcpu.fixed.pcpu[mycpuid(k)] as IfdataPcpu; // one per CPU
  data[FIELD[name]].bump(value);
}

/**
 * The sum over all CPUs: no snapshot, each CPU's slot is loaded in turn.
 * Context: any.
 * Holds: nothing.
 * Blocks: no.
 */
export function* IFNET_STAT_GET(k: Kernel, ifp: Ifnet, name: IfnetStat): Routine<number> {
  let sum = 0;
  for (const data of ifp.if_data_pcpu.fixed.pcpu) sum += yield* data[FIELD[name]].load();
  return sum;
}
