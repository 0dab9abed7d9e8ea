/** What comes out of a few runs of a unit, as data that crosses threads. Batches add up in the order of the plan. */
import type { ProtocolCoverage } from "../protocol/index.ts";
import type { Failure, StandstillKind } from "../sim/index.ts";
import type { Case } from "./engine-set.ts";
import type { Exit } from "./exit-codes.ts";

/** A run that showed a failure. */
export interface Sighting {
  readonly fingerprint: string;
  /** Number of the run in the plan. */
  readonly at: number;
  /** The run itself; null when this worker has sent a shorter one that failed so. */
  readonly shown: Shown | null;
}

/** The run of a sighting: what a reader is shown. */
export interface Shown {
  readonly failure: Failure;
  readonly what: Case;
  readonly run: { readonly steps: number; readonly switches: number };
  readonly strategy: string;
  readonly seed: number;
  readonly token: string;
}

/**
 * A run whose races were looked at where their accesses stand. `keys`: what can be told of each race without looking,
 * and what the look said. `due`: it was this run's turn to be looked at, whatever the others showed.
 */
export interface Look {
  readonly at: number;
  readonly due: boolean;
  readonly keys: readonly (readonly [key: string, fingerprint: string])[];
  readonly sightings: readonly Sighting[];
}

/** Interlock's own fault, at a run. */
export interface Fault {
  readonly message: string;
  readonly exit: Exit;
}

/** Some runs of a unit, in their order. */
export interface Batch {
  readonly unit: number;
  /** The position in the unit behind the last of its runs. */
  readonly next: number;
  readonly runs: number;
  readonly steps: number;
  readonly switches: number;
  readonly inconclusiveRuns: number;
  /** Why they were: how many of each. */
  readonly standstills: readonly (readonly [why: StandstillKind, runs: number])[];
  /** Of the choices of each run. */
  readonly hashes: BigUint64Array;
  /** The happens-before class of each run, and the run's number in its row; empty unless they are counted. */
  readonly classes: BigUint64Array;
  readonly classRuns: Uint32Array;
  readonly reached: readonly string[];
  /** Protocol coverage of the runs; of nothing unless it is collected. */
  readonly coverage: ProtocolCoverage;
  readonly sightings: readonly Sighting[];
  readonly looks: readonly Look[];
  /** Runs with races that were not looked at: the keys of a run as one text, and how many runs had them. */
  readonly unlooked: readonly (readonly [signature: string, runs: number])[];
  readonly fault: Fault | null;
  /** The strategy has nothing more to explore. */
  readonly over: boolean;
  /** Where the strategy stands behind the batch, if its runs follow from one another. */
  readonly checkpoint: unknown;
}
