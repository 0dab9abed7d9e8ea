/**
 * The interface of 2008, and what tun(4) calls on it.
 *
 * Mirrors: sys/net/if_var.h `struct ifnet`; sys/net/if.c `if_down`, `if_up`, `if_purgeaddrs_nolink`, `in_control`'s share
 * of them; sys/net/bpf.c `bpfattach`, `bpf_ptap`, `bpf_mtap`; sys/net/netisr.c `netisr_dispatch`; all of May 2008.
 *
 * An environment of tun(4), with this contract. `if_down` clears `IFF_UP`, tells the protocols of each address (a
 * synchronous message to every network thread, which have the routes), purges the queue and waits for every network
 * thread. `if_purgeaddrs_nolink` removes all addresses but the link-level one, by a message to each CPU's network
 * thread in turn. A packet given to `netisr_dispatch` belongs to a network thread from then on, whatever becomes of
 * it: it is always queued, and too short a one or one of no protocol is dropped.
 */
import { Struct, guardedBy, misuse, word, type Guarded, type Routine, type Word } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { curthread } from "../../kern/globaldata.ts";
import { lwkt_domsg, lwkt_replymsg, lwkt_sendmsg } from "../../kern/lwkt_msgport.ts";
import { Serializer } from "../../kern/lwkt_serialize.ts";
import { get_mplock, mp_token, rel_mplock } from "../../kern/lwkt_token.ts";
import { packetBytes, handChain, withData, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { m_freem, type Mbuf } from "../../sys/mbuf.ts";
import { IFF_UP } from "../if_var.ts";
import { NetmsgBase, netmsg_init, type NetisrFn } from "../netmsg.ts";
import { netisr_cpuport, netmsg_service_sync } from "../netisr.ts";
import { Ifaltq2008, ifq_purge } from "./ifq_2008.ts";
import type { OutSockaddr } from "./sockaddr_2008.ts";

export const NETISR_IP = 2;
export const NETISR_IPV6 = 28;

/** An address of the interface, on the list of each CPU: `struct ifaddr_container` and its `ifaddr` in one. */
export interface IfaddrOf2008 {
  /** Null where an address was made and not filled in. */
  readonly ifa_addr: { readonly sa_family: number; readonly s_addr: number } | null;
}

/** What a listener heard. */
export interface Heard {
  readonly header: number | null;
  readonly bytes: Uint8Array;
}

/** `struct bpf_if` with a listener behind it: keeps what it hears. */
export class BpfIf {
  readonly heard: Heard[] = [];
}

/** `struct ifnet`, as far as a tun interface has it. */
export class Ifnet2008 extends Struct {
  readonly if_xname: string;
  readonly if_serializer: Serializer;
  readonly if_snd: Ifaltq2008;
  readonly if_flags: Word<number>;
  readonly if_mtu: Word<number>;
  readonly if_lastchange: Word<number>;
  /** Null while nobody listens. */
  readonly if_bpf: Word<BpfIf | null>;
  readonly if_type: Guarded<number>;
  readonly if_baudrate: Guarded<number>;
  /** Counted where packets come out of the stack: under the serializer. */
  readonly if_opackets: Guarded<number>;
  readonly if_oerrors: Guarded<number>;
  readonly if_obytes: Guarded<number>;
  readonly if_omcasts: Guarded<number>;
  readonly if_collisions: Guarded<number>;
  /** Counted where a process writes: under the MP lock. */
  readonly if_ipackets: Guarded<number>;
  readonly if_ierrors: Guarded<number>;
  readonly if_ibytes: Guarded<number>;
  /** By CPU; touched on that CPU only. */
  readonly if_addrheads: readonly IfaddrOf2008[][];
  if_start!: (k: Kernel, ifp: Ifnet2008) => Routine<void>;
  if_output!: (k: Kernel, ifp: Ifnet2008, m0: DataMbuf, dst: OutSockaddr) => Routine<number>;
  if_ioctl!: (k: Kernel, ifp: Ifnet2008, cmd: number, data: IfrData) => Routine<number>;
  if_softc: Struct | null = null;

  constructor(k: Kernel, name: string, unit: number) {
    const xname = `${name}${String(unit)}`;
    super(k.x, xname);
    this.if_xname = xname;
    this.if_serializer = new Serializer(k, `${xname} if_serializer`);
    this.if_snd = new Ifaltq2008(k, `${xname} if_snd`, this.if_serializer);
    const mp = mp_token(k);
    this.if_flags = word(this, 0);
    this.if_mtu = word(this, 0);
    this.if_lastchange = word(this, 0);
    this.if_bpf = word<BpfIf | null>(this, null);
    this.if_type = guardedBy(this, mp, 0);
    this.if_baudrate = guardedBy(this, mp, 0);
    this.if_opackets = guardedBy(this, this.if_serializer, 0);
    this.if_oerrors = guardedBy(this, this.if_serializer, 0);
    this.if_obytes = guardedBy(this, this.if_serializer, 0);
    this.if_omcasts = guardedBy(this, this.if_serializer, 0);
    this.if_collisions = guardedBy(this, this.if_serializer, 0);
    this.if_ipackets = guardedBy(this, mp, 0);
    this.if_ierrors = guardedBy(this, mp, 0);
    this.if_ibytes = guardedBy(this, mp, 0);
    this.if_addrheads = k.gd.map(() => []);
  }
}

/** What `if_ioctl` gets: the parts of `struct ifreq` and `struct ifstat` a tun interface looks at. */
export interface IfrData {
  readonly ifr_mtu?: number;
  ascii?: string;
}

// -- up, down, addresses ----------------------------------------------------------------------------------

/** Clears `IFF_UP` and waits for every network thread. Context: thread. Holds: nothing a network thread needs. Blocks: yes. */
export function* downInterface(k: Kernel, ifp: Ifnet2008): Routine<void> {
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_UP);
  yield* ifp.if_lastchange.store(k.clock.ticks);
  const { length } = addressesHere(k, ifp);
  for (let i = 0; i < length; i++) yield* netmsg_service_sync(k);
  yield* ifq_purge(k, ifp.if_snd);
  yield* netmsg_service_sync(k);
}

/** Sets `IFF_UP`. Context: thread. Holds: nothing a network thread needs. Blocks: no. */
export function* upInterface(k: Kernel, ifp: Ifnet2008): Routine<void> {
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) | IFF_UP);
  yield* ifp.if_lastchange.store(k.clock.ticks);
}

/** The addresses on the running CPU's list. */
export const addressesHere = (k: Kernel, ifp: Ifnet2008): IfaddrOf2008[] =>
  ifp.if_addrheads[curthread(k).td_gd.gd_cpuid] as IfaddrOf2008[]; // one per CPU

class AddressMsg extends NetmsgBase {
  readonly ifp: Ifnet2008;
  /** Null: remove all. */
  readonly add: IfaddrOf2008 | null;

  constructor(k: Kernel, ifp: Ifnet2008, add: IfaddrOf2008 | null) {
    super(k, `${ifp.if_xname} addresses`);
    this.ifp = ifp;
    this.add = add;
  }
}

function* addressHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof AddressMsg)) return misuse("no-address-message", nmsg.label);
  const here = addressesHere(k, nmsg.ifp);
  if (nmsg.add === null) here.length = 0;
  else here.push(nmsg.add);
  yield* lwkt_replymsg(k, nmsg, 0);
}

function* onEveryCpu(k: Kernel, ifp: Ifnet2008, add: IfaddrOf2008 | null): Routine<void> {
  for (const gd of k.gd) {
    const msg = new AddressMsg(k, ifp, add);
    netmsg_init(k, msg, null, curthread(k).td_msgport, 0, addressHandler);
    yield* lwkt_domsg(k, netisr_cpuport(k, gd.gd_cpuid), msg, 0);
    msg.leaveFrame();
  }
}

/** Removes all addresses but the link-level one. Context: thread. Holds: nothing a network thread needs. Blocks: yes. */
export const purgeAddresses = (k: Kernel, ifp: Ifnet2008): Routine<void> => onEveryCpu(k, ifp, null);

/** Puts an address on every CPU's list. Context: thread. Holds: nothing a network thread needs. Blocks: yes. */
export const addAddress = (k: Kernel, ifp: Ifnet2008, ifa: IfaddrOf2008): Routine<void> => onEveryCpu(k, ifp, ifa);

// -- listeners ----------------------------------------------------------------------------------------------

/** What is heard of a packet, with four bytes in front. Context: thread. Holds: anything. Blocks: yes, for the MP lock. */
export function* bpf_ptap(k: Kernel, bp: BpfIf, m: DataMbuf, af: number): Routine<void> {
  yield* get_mplock(k);
  bp.heard.push({ header: af, bytes: packetBytes(m) });
  yield* rel_mplock(k);
}

/** What is heard of a packet. Context: thread. Holds: anything. Blocks: yes, for the MP lock. */
export function* bpf_mtap(k: Kernel, bp: BpfIf, m: DataMbuf): Routine<void> {
  yield* get_mplock(k);
  bp.heard.push({ header: null, bytes: packetBytes(m) });
  yield* rel_mplock(k);
}

// -- input --------------------------------------------------------------------------------------------------

class PacketMsg extends NetmsgBase {
  readonly isr: number;
  readonly m: DataMbuf;

  constructor(k: Kernel, isr: number, m: DataMbuf) {
    super(k, `message of ${m.label}`);
    this.isr = isr;
    this.m = m;
  }
}

/** Told what comes in: by scenarios. */
export type InputWatcher = (isr: number, bytes: Uint8Array, m: Mbuf) => void;

const protocolInput: NetisrFn = function* protocolInput(k, nmsg) {
  if (!(nmsg instanceof PacketMsg)) return misuse("no-packet-message", nmsg.label);
  const m = withData(nmsg.m);
  k.net.tun?.input?.(nmsg.isr, packetBytes(m), m);
  m_freem(k, m, "netisr");
};

/** Queues a packet for its protocol, on CPU 0. Context: thread. Holds: anything. Blocks: no. */
export function* netisr_dispatch(k: Kernel, isr: number, m: DataMbuf): Routine<void> {
  const msg = new PacketMsg(k, isr, m);
  netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, protocolInput);
  handChain(m, "netisr");
  yield* lwkt_sendmsg(k, netisr_cpuport(k, 0), msg);
}
