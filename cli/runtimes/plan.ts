/** Which runs are golden: every scenario under every strategy, the known failures, and one mutant for each way to fail. */
import type { GoldenRuns } from "../../golden/index.ts";

/**
 * Parameters are spelt out, so that an entry stands alone. Runs are few and consecutive: an execution of exhaustive
 * search, and every run of round robin after the first, depends on the ones before.
 */
const STRATEGIES: readonly Pick<GoldenRuns, "strategy" | "firstSeed" | "runs">[] = [
  { strategy: "random", firstSeed: 1, runs: 8 },
  { strategy: "pct:d=3,k=256", firstSeed: 100, runs: 6 },
  { strategy: "pct:d=8,k=1024", firstSeed: 200, runs: 2 },
  { strategy: "pos", firstSeed: 300, runs: 6 },
  { strategy: "round-robin:q=1", firstSeed: 400, runs: 2 },
  { strategy: "exhaustive:p=2", firstSeed: 0, runs: 16 },
  { strategy: "timed", firstSeed: 500, runs: 2 },
];

/** Golden runs of one scenario. */
export const goldenRuns = (scenario: string): readonly GoldenRuns[] =>
  STRATEGIES.map((entry) => ({ scenario, variant: null, ...entry }));

/** A mutant, and where it is soon killed. */
export interface GoldenMutant {
  readonly name: string;
  readonly scenario: string;
  readonly strategy: string;
}

/** Seeds that are tried for a mutant. */
export const MUTANT_RUNS = 20_000;

/** One for each detector of the machine, some panics and broken promises. */
export const GOLDEN_MUTANTS: readonly GoldenMutant[] = [
  { name: "detaches-under-the-serializer", scenario: "detach-in-flight", strategy: "random" },
  { name: "drops-the-duty-on-contention", scenario: "serializer-contention", strategy: "pos" },
  { name: "exits-without-a-wakeup", scenario: "several-senders-one-subqueue", strategy: "random" },
  { name: "forgets-to-look-again", scenario: "quiet-card", strategy: "random" },
  { name: "frees-before-the-sync", scenario: "watchdog-detach", strategy: "pos" },
  { name: "frees-the-head-twice", scenario: "several-senders-one-subqueue", strategy: "random" },
  { name: "frees-the-statistics-twice", scenario: "attach-detach-churn", strategy: "random" },
  { name: "looks-before-it-locks", scenario: "one-sender", strategy: "random" },
  { name: "publishes-an-unfilled-array", scenario: "attach-detach-churn", strategy: "pos" },
  { name: "publishes-too-early", scenario: "one-sender", strategy: "random" },
  { name: "sends-a-busy-message", scenario: "ring-full", strategy: "pct:d=3,k=256" },
  { name: "stages-for-the-owner", scenario: "one-sender", strategy: "pct:d=3,k=256" },
  { name: "takes-without-removing", scenario: "polled-detach", strategy: "random" },
];
