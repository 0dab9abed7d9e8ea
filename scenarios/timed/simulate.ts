/** One timed run: boot, workload, quiescence, measurement. */
import {
  Execution,
  Recording,
  Timed,
  checkStuck,
  type Failure,
  type Limits,
} from "../../sim/index.ts";
import type { TimingOptions } from "../../model/index.ts";
import type { Config } from "../config.ts";
import { startWorld } from "../machine.ts";
import { STOCK, type Parts } from "../parts.ts";
import type { World } from "../world.ts";
import { startLoad, type Load, type Sources } from "./load.ts";
import { ipisSent, measure, type Measurement } from "./measurement.ts";

/** Everything that decides a timed run. */
export interface Simulation {
  readonly config: Config;
  /** A load beside the workload of the record; null for none. */
  readonly load: Load | null;
  readonly timing: TimingOptions;
  /** Answers data choices (faults, jitter). */
  readonly seed: string;
}

/** What it came to: a measurement, or what ended the run before it was quiet. */
export type Simulated =
  | { readonly measurement: Measurement }
  | { readonly failure: Failure }
  | { readonly bound: string };

/** A timed run visits no state twice: only a loop for ever gets here. 4 bytes of memory each. */
const LIMITS: Limits = { stepsMax: 100_000_000, noProgressMax: 100_000_000, ticksMax: 100_000 };

/**
 * Runs once; the same request always gives the same answer. Cost: about 20 us a packet. Throws a RangeError when the
 * record names a driver or a routine that `parts` do not have.
 */
export function simulate({ config, load, timing, seed }: Simulation, parts: Parts = STOCK): Simulated {
  const strategy = new Timed();
  strategy.begin(seed);
  const x = new Execution(strategy, new Recording(), LIMITS);
  let world!: World;
  let sources: Sources | null = null;
  let before = 0;
  const { failure, bound } = x.run(
    () => {
      world = startWorld(x, config, parts, timing);
      before = ipisSent(world.k);
      if (load !== null) sources = startLoad(world, load);
    },
    () => {
      checkStuck(x);
    },
  );
  if (failure !== null) return { failure };
  if (bound !== null) return { bound };
  return { measurement: measure(world, sources, before) };
}
