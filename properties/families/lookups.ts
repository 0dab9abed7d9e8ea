/**
 * Lookups of addresses answer what a naive reference does, on the lists of their CPU as they are at that moment and the
 * interfaces of an array that was current meanwhile.
 */
import { ENOENT, type Ifaddr } from "../../model/index.ts";
import {
  indexNamed,
  ofInterface,
  withAddr,
  withDstaddr,
  withNet,
  type KnownInterface,
  type ListedAddress,
  type Lookup,
  type MacAsked,
  type World,
} from "../../scenarios/index.ts";
import type { Always, Sometimes } from "../property.ts";

type Table = readonly KnownInterface<ListedAddress>[];

/** What the reference answers on one table. */
function answerOn(table: Table, { fn, addr, on }: Lookup): Ifaddr | null {
  switch (fn) {
    case "ifa_ifwithaddr":
      return withAddr(table, addr)?.ifa ?? null;
    case "ifa_ifwithdstaddr":
      return withDstaddr(table, addr)?.ifa ?? null;
    case "ifa_ifwithnet":
      return withNet(table, addr)?.ifa ?? null;
    case "ifaof_ifpforaddr":
      return on === null ? null : (ofInterface(on, addr)?.ifa ?? null);
  }
}

/** An AF_LINK address that names an index is looked up in the index table, which goes its own way. */
const isByIndex = ({ fn, addr }: Lookup): boolean => fn === "ifa_ifwithnet" && indexNamed(addr) !== 0;

/** What is found by an index is the link-level address of that interface. */
const namesIndex = (found: Ifaddr | null, index: number): boolean =>
  found === null || found.ifa_ifp.peek()?.if_index.peek() === index;

const labelOf = (ifa: Ifaddr | null): string => ifa?.label ?? "nothing";

/** Lookups equal the reference. */
const equalReference: Always = {
  kind: "always",
  name: "lookups-equal-a-naive-reference",
  promise: "A lookup of an address finds what a naive search of its CPU's lists finds.",
  watch() {
    // What was looked up is written down with what there was to find; quiescence is soon enough.
  },
  holds(world: World) {
    for (const lookup of world.lookups) {
      const { fn, addr, found, tables, cpu } = lookup;
      const expected = tables.map((table) => answerOn(table, lookup));
      const right = isByIndex(lookup) ? namesIndex(found, indexNamed(addr)) : expected.includes(found);
      if (right) continue;
      return [
        ["by", `netisr of cpu ${String(cpu)}`],
        ["lookup", `${fn} of ${[...addr].join(" ")}`],
        ["expected", isByIndex(lookup) ? `of index ${String(indexNamed(addr))}` : expected.map(labelOf).join(" or ")],
        ["got", labelOf(found)],
      ];
    }
    return null;
  },
};

/** What {@link MacAsked} has to be when these are the addresses there are. */
function macOf(addresses: readonly Uint8Array[], { minlen, node }: MacAsked): string {
  const first = addresses.find((address) => address.length >= minlen);
  if (first === undefined) return `error ${String(ENOENT)}: ${new Uint8Array(node.length).join(" ")}`;
  const copied = new Uint8Array(node.length);
  copied.set(first.subarray(0, minlen));
  return `error 0: ${copied.join(" ")}`;
}

/** The Ethernet address one gets is the first one of its length. */
const firstMac: Always = {
  kind: "always",
  name: "any-ethernet-address-is-the-first",
  promise: "Whoever asks for any Ethernet address gets that of the first interface whose address is long enough, or ENOENT.",
  watch() {
    // What was asked for is written down with what there was.
  },
  holds(world) {
    for (const asked of world.macs) {
      const expected = asked.lists.map((list) => macOf(list, asked));
      const got = `error ${String(asked.error)}: ${asked.node.join(" ")}`;
      if (!expected.includes(got)) return [["asked for", `${String(asked.minlen)} bytes`], ["expected", expected.join(" or ")], ["got", got]];
    }
    return null;
  },
};

/** Some lookup finds an address that other CPUs do not list yet, or not any more. */
const amidChain: Sometimes = {
  kind: "sometimes",
  name: "lookup-amid-a-chain",
  promise: "Some lookup finds an address while CPUs differ about the addresses there are.",
  scenarios: ["address-lookups"],
  watch() {
    // The handler notices.
  },
  seenAtEnd: (world) => world.lookups.some(({ amidChain: amid, found }) => amid && found !== null),
};

/** The family. */
export const LOOKUP_FAMILY = [equalReference, firstMac, amidChain] as const;
