/**
 * A network device as the interface layer's surroundings see it: an interface, the card behind it, and the driver
 * that ties them. What every driver keeps of a subqueue (`struct NAME_tx_ring` of a kernel driver) is a {@link TxRing}.
 */
import { Struct, fail, guardedBy, misuse, type Guarded } from "../../sim/index.ts";
import type { CardFaults } from "../hw/card-engine.ts";
import { CardFilter } from "../hw/card-filter.ts";
import { CardRing } from "../hw/card-ring.ts";
import type { Kernel } from "../kernel.ts";
import { Serializer } from "../kern/lwkt_serialize.ts";
import type { IfaltqSubque } from "./altq/if_altq.ts";
import type { Driver } from "./driver.ts";
import type { Ifnet } from "./if_var.ts";
import { IfsubqWatchdog } from "./if_watchdog.ts";
import { ifsq_get_priv } from "./ifsq_var.ts";

/** What a machine says of a device: the card as it is, and how the driver is asked to run it. */
export interface DeviceOptions {
  readonly unit: number;
  /** Rings of the card, and subqueues; a power of two. */
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
  /** Owner CPU of each subqueue while the interface is polled; null: it is not. */
  readonly polling: readonly number[] | null;
  /** CPU that takes the completion interrupt of each ring. */
  readonly interruptCpus: readonly number[];
  /** One serializer for everything, or one per ring; a driver without serialize functions of its own has one. */
  readonly serializers: SerializerMode;
  /** Who makes completions: the card, or whoever drives the machine. */
  readonly completions: "card" | "by-hand";
  /** Watchdog, seconds; 0: none. Of the subqueues, or of the interface (`if_timer`). */
  readonly watchdog: { readonly of: "subqueue" | "interface"; readonly seconds: number };
  readonly faults: CardFaults;
}

/** "Single serializer mode" and "multi serializers mode" of sys/net/if_var.h. */
export type SerializerMode = "single" | "per-ring";

/** What a driver keeps of a subqueue: its ring of the card, its serializer, its watchdog. */
export class TxRing extends Struct {
  readonly device: Device;
  readonly index: number;
  /** The card's ring. */
  readonly hw: CardRing;
  /** Hardware serializer of the ring: the guard of its slots. */
  readonly serializer: Serializer;
  /** `ifsubq_watchdog`: the driver sets `wd_timer` when it gives packets to the card. */
  readonly watchdog: IfsubqWatchdog;
  /** Calls of `if_start`. */
  readonly starts: Guarded<number>;
  #ifsq: IfaltqSubque | null = null;

  constructor(k: Kernel, device: Device, index: number) {
    const { ifp, options } = device;
    const label = `${ifp.if_xname} tx${index}`;
    super(k.x, label);
    this.device = device;
    this.index = index;
    this.serializer = device.mode === "single" ? ifp.if_default_serializer : new Serializer(k, `${label} serializer`);
    this.hw = new CardRing(k, label, index, options.ringSize, this.serializer);
    this.starts = guardedBy(this, this.serializer, 0);
    this.watchdog = new IfsubqWatchdog(k, `${label} watchdog`);
  }

  /**
   * The subqueue of the ring; a null pointer between `if_attach`, from where on users find the interface, and the driver's
   * next lines. Context: after `if_attach`.
   */
  get ifsq(): IfaltqSubque {
    if (this.#ifsq !== null) return this.#ifsq;
    return fail("Memory", "null-subqueue", `${this.label} has no subqueue before attachDevice has set it`, [
      ["by", this.x.current.name],
    ]);
  }
  set ifsq(value: IfaltqSubque) {
    this.#ifsq = value;
  }
}

/** One network device. Made by `attachDevice`. */
export class Device {
  readonly driver: Driver;
  readonly options: DeviceOptions;
  readonly mode: SerializerMode;
  readonly ifp: Ifnet;
  /** Protects what belongs to no ring, when every ring has a serializer of its own. */
  readonly mainSerializer: Serializer;
  /** What the card receives. */
  readonly filter: CardFilter;
  /** In the order of the subqueues. */
  readonly rings: readonly TxRing[];

  constructor(k: Kernel, driver: Driver, options: DeviceOptions, ifp: Ifnet) {
    this.driver = driver;
    this.options = options;
    this.mode = modeOf(driver, options);
    this.ifp = ifp;
    this.mainSerializer =
      this.mode === "single" ? ifp.if_default_serializer : new Serializer(k, `${ifp.if_xname} main serializer`);
    this.filter = new CardFilter(k, ifp.if_xname, this.mainSerializer);
    this.rings = Array.from({ length: options.subqs }, (_, q) => new TxRing(k, this, q));
  }

  /** All serializers in the order in which they are taken: the main one, then the rings' ascending. */
  get serializers(): readonly Serializer[] {
    return [...new Set([this.mainSerializer, ...this.rings.map(({ serializer }) => serializer)])];
  }
}

function modeOf(driver: Driver, options: DeviceOptions): SerializerMode {
  const { serializers } = driver;
  if (typeof serializers === "function") return serializers(options);
  return serializers ?? (driver.if_serialize === undefined ? "single" : "per-ring");
}

/**
 * The device of an interface.
 * @see {@link defineDriver} for an example
 */
export const deviceOf = (ifp: Ifnet): Device =>
  ifp.device ?? misuse("no-device", `${ifp.if_xname} was not attached by attachDevice`);

/**
 * The ring of a subqueue. Context: after `if_attach`, for drivers that leave `ifsq_set_priv` to `attachDevice`.
 * @see {@link defineDriver} for an example
 */
export const ringOf = (ifsq: IfaltqSubque): TxRing => ifsq_get_priv(ifsq) as TxRing; // set by attachDevice
