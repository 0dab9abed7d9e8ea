/**
 * A scenario: a situation worth exploring. Data first: a name, a purpose, a smallest configuration and the
 * ranges it may vary in. Booting the machine and starting the workload is the same for all of them
 * ({@link startWorld}); what should hold is not its business.
 */
import type { ActorConfig, Config, FaultConfig, TopologyConfig } from "./config.ts";

/** An inclusive range of integers. */
export type Range = readonly [least: number, most: number];

/** What the configuration record of a scenario may vary in; everything not named stays as in `smallest`. */
export interface Vary {
  readonly topology?: { readonly [K in keyof TopologyConfig]?: readonly TopologyConfig[K][] };
  /** The kinds of actor of a drawn workload, with how many of each and their size. */
  readonly actors?: readonly {
    readonly kind: ActorConfig["kind"];
    readonly count: Range;
    /** Packets of a sender, repetitions of anything else. */
    readonly size: Range;
    /** Senders only: through a netisr, from a thread, or either. Default: mostly through a netisr. */
    readonly netisr?: readonly boolean[];
  }[];
  /** Packet lengths, bytes. */
  readonly lengths?: readonly number[];
  readonly faults?: { readonly [K in keyof FaultConfig]?: readonly FaultConfig[K][] };
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
}
