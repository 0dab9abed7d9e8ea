/** What every property looks at: the kernel of one run, its interfaces, and what the workload did. */
import { misuse } from "../sim/index.ts";
import type { Device, Driver, Kernel } from "../model/index.ts";
import type { Config } from "./config.ts";
import type { Lookup, MacAsked } from "./lookups/table.ts";
import type { IoctlRecord, LookupRecord } from "./ioctl/calls.ts";
import type { LoopbackRun } from "./loopback/run.ts";

/** Which system a machine runs, and a property is about. */
export type System = "dragonfly" | "xnu";

/** A packet the workload handed to the interface layer. */
export interface Sent {
  readonly id: number;
  /** Name of the actor that sent it. */
  readonly sender: string;
  readonly cpu: number;
  readonly device: Device;
  readonly len: number;
  readonly prio: boolean;
  readonly mcast: boolean;
  /** When the workload had it, and when it was handed to the layer: virtual time, ns. */
  readonly offeredAt: number;
  readonly handedAt: number;
  /** Errno of the call; null while it is under way. */
  error: number | null;
}

/** What a netisr saw when it walked the tables. */
export interface Walk {
  readonly cpu: number;
  /** Names in the interface array it looked at. */
  readonly array: readonly string[];
  /** The array was replaced before it had seen all of it. */
  readonly overtaken: boolean;
}

/** An IPI of the workload, as it ran. */
export interface FloodHit {
  readonly actor: string;
  readonly from: number;
  readonly to: number;
  /** n-th IPI of this sender to this target. */
  readonly n: number;
  /** Its sender was waiting for room in the ring. */
  readonly senderWaits: boolean;
}

/**
 * Everything of one run. Properties read it; actors append to what they did.
 * @see {@link deviceFor} for an example
 */
export class World {
  /** The system that runs: the DragonFly kernel, or XNU. */
  readonly system: System;
  /** XNU and what its threads did; null on the DragonFly kernel. */
  readonly loopback: LoopbackRun | null;
  readonly config: Config;
  /** The driver of its devices. */
  readonly driver: Driver;
  /** Devices attached at boot, in order. */
  readonly devices: Device[] = [];
  /** Devices that were detached. */
  readonly detached = new Set<Device>();
  readonly sent: Sent[] = [];
  readonly walks: Walk[] = [];
  readonly floods: FloodHit[] = [];
  readonly lookups: Lookup[] = [];
  readonly macs: MacAsked[] = [];
  readonly ioctls: IoctlRecord[] = [];
  readonly nameLookups: LookupRecord[] = [];
  /** What properties remember of the run, by its `PerRun`. */
  readonly notes = new Map<object, unknown>();
  /** Numbers given to interfaces, packets and messages of the workload. */
  nextUnit = 0;
  nextPacket = 1;

  readonly #k: Kernel | null;

  constructor(booted: Kernel | LoopbackRun, config: Config, driver: Driver) {
    const xnu = "xnu" in booted;
    this.system = xnu ? "xnu" : "dragonfly";
    this.loopback = xnu ? booted : null;
    this.#k = xnu ? null : booted;
    this.config = config;
    this.driver = driver;
  }

  /** The DragonFly kernel. */
  get k(): Kernel {
    return this.#k ?? misuse("no-kernel", "this machine runs XNU");
  }
}
