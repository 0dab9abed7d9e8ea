/** What an actor of memberships, modes and groups does, as data. */

/** The operations. What they need of the interface they give back when the actor ends, in the order they took it. */
export const MULTI_OPS = [
  /** Joins the IPv4 group 224.0.0.`n`, as a protocol does. */
  "join",
  /** Joins 225.0.0.`n`, which shares the link-level group of 224.0.0.`n`. */
  "join-alias",
  /** Joins the link-level group of 224.0.0.`n`, as a user does. */
  "join-link",
  /** Joins 10.0.0.`n`, which is the address of no group. */
  "join-nobody",
  /** Leaves 224.0.1.`n`, which nobody joins. */
  "leave-strange",
  /** Looks the membership of 224.0.0.`n` up. */
  "find",
  /** Wants all packets, as BPF does. */
  "promiscuous",
  /** Wants all multicast packets, as a bridge does. */
  "all-multicast",
  /** Puts the interface into group `n`. */
  "add-group",
  /** Puts the interface into group `n` and leaves it there, as who configures it does. */
  "keep-group",
  /** Wants to take it out of a group that nobody is in. */
  "leave-strange-group",
  /** Wants to put it into a group whose name ends in a digit. */
  "add-numbered-group",
  /** Lists the groups of the interface: asks for the length, then for the names. */
  "list-groups",
  /** Lists the members of group `n` likewise. */
  "list-members",
  /** Lists both likewise, but has less room than the first answer said. */
  "list-short",
  /** Detaches the interface, as its driver does: there is nothing more to be done with it. */
  "detach",
  /** The card refuses its next control request. */
  "refuse",
] as const;

/** One operation. */
export interface MultiOp {
  readonly op: (typeof MULTI_OPS)[number];
  readonly n: number;
}
