/** What a card is made of, and how its options are named. */
import { Serializer } from "../kern/lwkt_serialize.ts";
import { ifsq_get_priv, type IfaltqSubque, type Ifnet, type Kernel } from "../net/driver.ts";
import type { NicFaults } from "./nic-device.ts";
import { NicRing } from "./nic-ring.ts";

/** How a card is made. */
export interface NicOptions {
  readonly name: string;
  readonly unit: number;
  /** Rings, and subqueues; a power of two. */
  readonly subqs: number;
  /** Slots of each ring. */
  readonly ringSize: number;
  /** Packets taken in one `if_start`. */
  readonly startBudget: number;
  /** Bytes. */
  readonly mtu: number;
  /** Limit of each subqueue: argument of `ifq_set_maxlen`, or `altq_maxlen` itself. */
  readonly queue: { readonly qmax: number } | { readonly maxlen: number };
  /** Owner CPU of each subqueue. */
  readonly owners: readonly number[];
  /** Owner CPU of each subqueue while the interface is polled; null: it cannot be. */
  readonly polling: readonly number[] | null;
  /** CPU that takes the completion interrupt of each ring. */
  readonly interruptCpus: readonly number[];
  /** One serializer for everything, or one per ring and the driver's own serialize functions. */
  readonly serializers: "single" | "per-ring";
  /** Who makes completions: the card, or whoever calls `nicTxeof`. */
  readonly completions: "card" | "by-hand";
  /** Watchdog, seconds; 0: none. Of the subqueues, or of the interface (`if_timer`). */
  readonly watchdog: { readonly of: "subqueue" | "interface"; readonly seconds: number };
  readonly faults: NicFaults;
}

/** A card and its interface: `if_softc`. */
export class Nic {
  readonly options: NicOptions;
  readonly ifp: Ifnet;
  readonly rings: readonly NicRing[];
  /** Protects what belongs to no ring, when every ring has a serializer of its own. */
  readonly mainSerializer: Serializer | null;

  constructor(k: Kernel, options: NicOptions, ifp: Ifnet) {
    const single = options.serializers === "single";
    this.options = options;
    this.ifp = ifp;
    this.mainSerializer = single ? null : new Serializer(k, `${ifp.if_xname} main serializer`);
    this.rings = Array.from({ length: options.subqs }, (_, q) => {
      const label = `${ifp.if_xname} tx${q}`;
      const serializer = single
        ? ifp.if_default_serializer
        : new Serializer(k, `${label} serializer`);
      return new NicRing(k, label, q, options.ringSize, serializer);
    });
  }
}

/** The card of an interface. */
export const nicOf = (ifp: Ifnet): Nic => ifp.if_softc as Nic; // set by nicAttach
/** The ring of a subqueue. */
export const ringOf = (ifsq: IfaltqSubque): NicRing => ifsq_get_priv(ifsq) as NicRing; // set by nicAttach
/** The subqueue of a ring. Context: after attach. */
export const subqueOf = (ring: NicRing): IfaltqSubque => ring.ifsq as IfaltqSubque; // set by nicAttach
