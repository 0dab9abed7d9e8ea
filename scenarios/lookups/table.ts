/** The lists of addresses as data, for whoever compares a lookup with what it should have found. */
import { AF_LINK, IFF_BROADCAST, IFF_POINTOPOINT, Ifnet, type Ifaddr, type IfnetArray } from "../../model/index.ts";
import type { LookupName } from "./op.ts";
import type { KnownAddress, KnownInterface } from "./reference.ts";

/** An address on a list, and which one it is. */
export interface ListedAddress extends KnownAddress {
  readonly ifa: Ifaddr;
}

/** What a netisr looked up, and what it found. */
export interface Lookup {
  readonly cpu: number;
  readonly fn: LookupName;
  readonly addr: Uint8Array;
  /** The interface it was about, for `ifaof_ifpforaddr`. */
  readonly on: KnownInterface<ListedAddress> | null;
  /** What there was to find, by the arrays of interfaces that were current meanwhile. */
  readonly tables: readonly (readonly KnownInterface<ListedAddress>[])[];
  readonly found: Ifaddr | null;
  /** An address was on the lists of some CPUs and not of others. */
  readonly amidChain: boolean;
}

/** An Ethernet address that was asked for. */
export interface MacAsked {
  readonly minlen: number;
  readonly error: number;
  /** What it was copied to. */
  readonly node: Uint8Array;
  /** The addresses there were before and after, in the order of the list of interfaces. */
  readonly lists: readonly (readonly Uint8Array[])[];
}

/** The addresses of an interface, as a CPU's list has them now. */
function listOf(ifp: Ifnet, cpu: number): readonly Ifaddr[] {
  const list: Ifaddr[] = [];
  let ifac = ifp.if_addrheads.peek().heads[cpu]?.tqh_first.peek() ?? null;
  for (; ifac !== null; ifac = ifac.ifa_link_next.peek()) list.push(ifac.ifa.peek());
  return list;
}

/** The interfaces in an array. Under PSO a slot may be seen later than the array: the lookup itself fails then. */
export const interfacesIn = (array: IfnetArray): readonly Ifnet[] =>
  array.ifnet_arr.map((slot) => slot.peek()).filter((ifp) => ifp instanceof Ifnet);

/** The interfaces with their addresses on a CPU's lists now. */
export const tableOf = (ifnets: readonly Ifnet[], cpu: number): readonly KnownInterface<ListedAddress>[] =>
  ifnets.map((ifp) => {
    const flags = ifp.if_flags.peek();
    return {
      index: ifp.if_index.peek(),
      broadcast: (flags & IFF_BROADCAST) !== 0,
      pointToPoint: (flags & IFF_POINTOPOINT) !== 0,
      addrs: listOf(ifp, cpu).map(listed),
    };
  });

const NONE = new Uint8Array(2);

const listed = (ifa: Ifaddr): ListedAddress => ({
  ifa,
  addr: ifa.ifa_addr.peek()?.sa_bytes.peek() ?? NONE,
  dst: ifa.ifa_dstaddr.peek()?.sa_bytes.peek() ?? null,
  mask: ifa.ifa_netmask.peek()?.sa_bytes.peek() ?? null,
  claims: ifa.ifa_claim_addr.peek() !== null,
});

/** Is some address on the lists of some CPUs only? */
export const isAmidChain = (ifnets: readonly Ifnet[]): boolean =>
  ifnets.some((ifp) => {
    const lists = ifp.if_addrheads.peek().heads.map((_, cpu) => listOf(ifp, cpu));
    return lists.some((list) => list.length !== lists[0]?.length || list.some((ifa, i) => ifa !== lists[0]?.[i]));
  });

/** The index of an interface that an AF_LINK address names; 0: none. */
export const indexNamed = (addr: Uint8Array): number =>
  addr[1] === AF_LINK ? (addr[2] ?? 0) | ((addr[3] ?? 0) << 8) : 0;
