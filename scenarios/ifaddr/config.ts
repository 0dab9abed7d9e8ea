/** What a thread of the workload does about the addresses of an interface, as data. */

/** One thing that is done, `times` times. */
export type AddressOp =
  /** As ioctls do it, under the ifnet lock, on netisr 0: gives the interface addresses of several families, then takes them away. */
  | "configure"
  /** On netisr 0 and without the ifnet lock, as a protocol's timer does: takes an IPv6 address away. */
  | "expire"
  /** Under the ifnet lock: walks this CPU's list with a marker, and may wait at every address. */
  | "walk-marked"
  /** In a message to this CPU's netisr: walks its list without waiting, then waits with a reference on what it found. */
  | "read"
  /** In a message that all netisrs pass on: a route over the link-level address; another one takes it away. */
  | "route"
  /** Under the ifnet lock: `if_down`, then `if_up`. */
  | "bounce"
  /** Under the ifnet lock: attaches a discipline, and turns it on. */
  | "queue";

/** An actor of the family. */
export interface AddressActor {
  readonly kind: "address";
  readonly op: AddressOp;
  readonly cpu: number;
  readonly iface: number;
  readonly times: number;
}

/** Every operation, in the order of tables. */
export const ADDRESS_OPS: readonly AddressOp[] = [
  "configure",
  "expire",
  "walk-marked",
  "read",
  "route",
  "bounce",
  "queue",
];
