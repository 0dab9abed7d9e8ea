/** What is done with the interface of a module, as data. */

/** The operations, between attach and detach. */
export const MODULE_OPS = [
  /** The driver tells that the link went up, or down. */
  "link-up",
  "link-down",
  /** A protocol joins the group 224.0.0.`n`. */
  "join",
  /** Somebody looks the membership of 224.0.0.`n` up. */
  "find",
  /** The driver gives up a reference to every membership, as it does before it detaches. */
  "leave-all",
  /** BPF wants all packets, and no longer. */
  "promiscuous",
  /** Any Ethernet's address of 6 bytes is wanted. */
  "mac",
  /** A discipline is to be attached to its queue, and turned on: the driver has not said that it is ready for one. */
  "queue",
  /** The superuser makes the request that is `n`-th in the order of their names. */
  "ask",
  /** The superuser gives it another link-level address, an empty one; of 6 bytes, where `n` is 0. */
  "lladdr",
] as const;

/** One operation. */
export interface ModuleOp {
  readonly op: (typeof MODULE_OPS)[number];
  readonly n: number;
}

/** What the module's driver is like. */
export const MODULE_KINDS = [
  /** A loopback: no card, a routine for no request, a long address, a queue that nobody set up, a serializer of its own. */
  "loop",
  /** The same, but an Ethernet. */
  "ether",
  /** As the loopback, of the same kind, but another module has registered what is allocated along. */
  "alike",
  /** There is no memory for what the kind of interface allocates along. */
  "no-memory",
] as const;

/** A thread that loads a module, attaches its interface, does something with it, and unloads it. */
export interface ModuleActor {
  readonly kind: "module";
  readonly cpu: number;
  readonly driver: (typeof MODULE_KINDS)[number];
  readonly ops: readonly ModuleOp[];
}
