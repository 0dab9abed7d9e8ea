/**
 * A scenario: a situation worth exploring. Data first: a name, a purpose, a smallest configuration and the
 * ranges it may vary in. Booting the machine and starting the workload is the same for all of them
 * ({@link startWorld}); what should hold is not its business.
 */
import type { ActorConfig, Config, FaultConfig, TopologyConfig } from "./config.ts";
import type { LoopbackOp } from "./loopback/config.ts";
import type { AddressOp } from "./ifaddr/config.ts";
import type { TunOp } from "./tun/config.ts";
import type { MultiOp } from "./multi/op.ts";
import type { ModuleActor, ModuleOp } from "./module/op.ts";
import type { ActorRoutines } from "./parts.ts";

/** An inclusive range of integers. */
export type Range = readonly [least: number, most: number];

/** What the configuration record of a scenario may vary in; everything not named stays as in `smallest`. */
export interface Vary {
  readonly topology?: { readonly [K in keyof TopologyConfig]?: readonly TopologyConfig[K][] };
  /** The kinds of actor of a drawn workload, with how many of each and their size. */
  readonly actors?: readonly (VaryStock | VaryMulti | VaryModule | VaryAddress | VaryRun | VaryLoopback | VaryTun)[];
  /** Packet lengths, bytes. */
  readonly lengths?: readonly number[];
  readonly faults?: { readonly [K in keyof FaultConfig]?: readonly FaultConfig[K][] };
}

/** So many actors of a kind. */
interface VaryActor {
  readonly count: Range;
  /** Packets of a sender, repetitions of anything else. */
  readonly size: Range;
}

/** Actors on the addresses of an interface, each with one of the operations. */
export interface VaryAddress extends VaryActor {
  readonly kind: "address";
  readonly ops: readonly AddressOp[];
}

/** Actors of a stock kind. */
export interface VaryStock extends VaryActor {
  readonly kind: Exclude<ActorConfig["kind"], "run" | "address" | "multi" | "module" | "loopback" | "tun">;
  /** Senders only: through a netisr, from a thread, or either. Default: mostly through a netisr. */
  readonly netisr?: readonly boolean[];
  /** Users who make control requests only: out of these names, instead of any. */
  readonly names?: readonly string[];
}

/** Threads of XNU, whose operations are drawn from these. */
export interface VaryLoopback extends VaryActor {
  readonly kind: "loopback";
  readonly ops: readonly LoopbackOp[];
}

/** Processes that make system calls on tun devices, out of these. */
export interface VaryTun extends VaryActor {
  readonly kind: "tun";
  readonly ops: readonly TunOp[];
}

/** Actors of memberships, modes and groups. */
export interface VaryMulti extends VaryActor {
  readonly kind: "multi";
  readonly ops: readonly MultiOp["op"][];
  readonly numbers: readonly number[];
  readonly locked?: boolean;
}

/** Modules, with a driver out of these. */
export interface VaryModule extends VaryActor {
  readonly kind: "module";
  readonly drivers: readonly ModuleActor["driver"][];
  readonly ops: readonly ModuleOp["op"][];
}

/** Actors that run a routine of the scenario's or the project's own. */
export interface VaryRun extends VaryActor {
  readonly kind: "run";
  readonly routine: string;
}

/** One entry of the catalogue. */
export interface Scenario {
  /** Noun phrase of the situation, kebab-case. */
  readonly name: string;
  /** One line. */
  readonly purpose: string;
  /** The smallest interesting configuration; what exhaustive search explores. */
  readonly smallest: Config;
  readonly vary: Vary;
  /**
   * What `explore` searches where the smallest configuration has more orders than can be explored: the same situation, with
   * one of everything. Default: the smallest.
   */
  readonly bounded?: Config;
  /** The scenario it is a version of: what that one must reach by some run, this one must reach too. */
  readonly like?: string;
  /** What its `run` actors do, by name; before the routines of the project. */
  readonly routines?: ActorRoutines;
}

/** What `explore` searches of a scenario. */
export const boundedOf = ({ smallest, bounded = smallest }: Scenario): Config => bounded;
