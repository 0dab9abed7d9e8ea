/** What the thread of a `lookups` actor does, as data. Addresses are bytes in hexadecimal, as the recorded vectors have them. */

/** The lookups. */
export const LOOKUPS = ["ifa_ifwithaddr", "ifa_ifwithdstaddr", "ifa_ifwithnet", "ifaof_ifpforaddr"] as const;
export type LookupName = (typeof LOOKUPS)[number];

/** What the interfaces are: their addresses have a broadcast address, or another end. */
export const LINKS = ["broadcast", "point-to-point"] as const;
export type Link = (typeof LINKS)[number];

/** One thing that is done. */
export type LookupOp =
  /** The netisr of the actor's CPU looks an address up; `ifaof_ifpforaddr` on the interface `iface` of the array. */
  | { readonly op: "ask"; readonly fn: LookupName; readonly addr: string; readonly iface: number }
  /** A new address is put on every CPU's list of interface `iface`, last or first. */
  | { readonly op: "add"; readonly iface: number; readonly addr: string; readonly dst: string | null; readonly mask: string | null; readonly tail: boolean }
  /** The address of any Ethernet, of so many bytes. */
  | { readonly op: "mac"; readonly minlen: number }
  /** An address that the actor has put on the lists is taken off all of them and goes. */
  | { readonly op: "remove"; readonly which: number };
