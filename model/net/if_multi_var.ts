/**
 * Multicast memberships of an interface, as data.
 *
 * Mirrors: sys/net/if_var.h `struct ifmultiaddr` and the list `if_multiaddrs`; sys/sys/queue.h `TAILQ_INSERT_AFTER`.
 *
 * Everything is guarded by all serializers of the interface. Whoever waits inside them (for memory, for the card) keeps
 * them, so that nobody sees a list between two states.
 */
import { Struct, UNWRITTEN, frozen, guardedBy, type Context, type Frozen, type Guard, type Guarded } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { TailqEntry } from "../sys/queue.ts";
import type { Ifnet } from "./if_var.ts";
import type { Sockaddr } from "./sockaddr.ts";

/**
 * All serializers of an interface as one guard. They are taken in one order, the main one first, and given up together:
 * who holds that one in order to hold all holds all.
 */
export class SerializeAll implements Guard {
  readonly #ifp: Ifnet;

  constructor(ifp: Ifnet) {
    this.#ifp = ifp;
  }

  get owner(): Context | null {
    const { device, if_default_serializer, if_serializer } = this.#ifp;
    return (device?.mainSerializer ?? if_serializer.peek() ?? if_default_serializer).owner;
  }

  get label(): string {
    return `all serializers of ${this.#ifp.label}`;
  }
}

/** `struct ifmultiaddr`: one membership. What the allocation leaves uninitialised is unwritten. */
export class Ifmultiaddr extends Struct {
  readonly ifma_link = new TailqEntry<Ifmultiaddr>();
  /** The address. */
  readonly ifma_addr: Guarded<Sockaddr>;
  /** The link-level address it stands for; null when there is none, or it is one. */
  readonly ifma_lladdr: Guarded<Sockaddr | null>;
  readonly ifma_ifp: Guarded<Ifnet>;
  readonly ifma_refcount: Guarded<number>;
  /** What a protocol keeps of it. */
  readonly ifma_protospec: Guarded<unknown>;

  constructor(k: Kernel, ifp: Ifnet, label: string) {
    super(k.x, label);
    const guard = ifp.serializeAll;
    this.ifma_addr = guardedBy<Sockaddr>(this, guard, UNWRITTEN);
    this.ifma_lladdr = guardedBy<Sockaddr | null>(this, guard, UNWRITTEN);
    this.ifma_ifp = guardedBy<Ifnet>(this, guard, UNWRITTEN);
    this.ifma_refcount = guardedBy<number>(this, guard, UNWRITTEN);
    this.ifma_protospec = guardedBy<unknown>(this, guard, UNWRITTEN);
  }
}

/** `struct sockaddr *llsa` on the stack: written by the driver, or not. */
export class Llsa extends Struct {
  readonly llsa: Frozen<Sockaddr | null>;

  constructor(k: Kernel) {
    super(k.x, "llsa");
    this.llsa = frozen<Sockaddr | null>(this, UNWRITTEN);
  }
}
