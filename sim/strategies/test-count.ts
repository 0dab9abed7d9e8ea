/** Complete searches of small programs, for the tests of the reduction. */
import { explore, type Program } from "../explorer.ts";
import { TraceHasher } from "../trace-class.ts";
import { Dpor, type Reduction } from "./dpor/index.ts";

/** All there are. */
export const REDUCTIONS: readonly Reduction[] = ["optimal", "source", "sleep"];

/** What a complete search came to. */
export interface Count {
  /** Executions that were not given up. */
  readonly traces: number;
  readonly covered: number;
  readonly infeasible: number;
  /** Distinct trace hashes. */
  readonly distinct: number;
  readonly failed: number;
}

/** Searches a program completely. Throws when it does not end. */
export function count(program: Program, reduction: Reduction = "optimal"): Count {
  const strategy = new Dpor(reduction);
  const hasher = new TraceHasher();
  const hashes = new Set<bigint>();
  let failed = 0;
  const { runs, finished } = explore({ program, strategy, seed: "none", runs: 100_000 }, (run) => {
    if (run.bound === "covered") return undefined;
    if (run.failure !== null) failed++;
    hashes.add(hasher.hash(run.x));
    return undefined;
  });
  if (!finished || strategy.left !== 0) throw new Error(`the search did not end: about ${String(strategy.left)} left`);
  const { covered, infeasible } = strategy;
  return { traces: runs - covered, covered, infeasible, distinct: hashes.size, failed };
}
