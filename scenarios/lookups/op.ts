/** What the thread of a `lookups` actor does, as data. Addresses are bytes in hexadecimal, as the recorded vectors have them. */

/** The lookups. */
export const LOOKUPS = ["ifa_ifwithaddr", "ifa_ifwithdstaddr", "ifa_ifwithnet", "ifaof_ifpforaddr"] as const;
export type LookupName = (typeof LOOKUPS)[number];

/** What the interfaces are: their addresses have a broadcast address, or another end; an Ethernet has multicast besides. */
export const LINKS = ["broadcast", "point-to-point", "ethernet"] as const;
export type Link = (typeof LINKS)[number];

/** One thing that is done. */
export type LookupOp =
  /** The netisr of the actor's CPU looks an address up; `ifaof_ifpforaddr` on the interface `iface` of the array. */
  | { readonly op: "ask"; readonly fn: LookupName; readonly addr: string; readonly iface: number }
  /** A new address is put on every CPU's list of interface `iface`, last or first; with `claims` it answers for 10.0.1.0/24 and no network. */
  | { readonly op: "add"; readonly iface: number; readonly addr: string; readonly dst: string | null; readonly mask: string | null; readonly tail: boolean; readonly claims?: boolean | undefined }
  /** The address of any Ethernet, of so many bytes. */
  | { readonly op: "mac"; readonly minlen: number }
  /** An address that the actor has put on the lists is taken off all of them and goes. */
  | { readonly op: "remove"; readonly which: number };
