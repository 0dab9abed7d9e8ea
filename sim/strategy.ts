/**
 * The seam every strategy is one short file against: begin a run or stop, choose the next context, draw a
 * number. A strategy never looks at the kernel.
 */
import type { Context } from "./context.ts";
import type { Execution } from "./execution.ts";
import type { Failure } from "./failure.ts";

/** Answers the choices of a run. */
export interface Strategy {
  /** Its name in plans and tokens. */
  readonly name: string;
  /** Wants to be asked also where only one context is enabled. Default false. */
  readonly everyPoint?: boolean;
  /**
   * Called once, before the first {@link begin}: the strategy may make runs of the program under another strategy, each
   * with a seed of its own. What it learns is a function of the program alone, so that its runs stand alone.
   */
  prepare?(run: (strategy: Strategy, seed: string) => void): void;
  /**
   * A run begins; `seed` is the run's seed string, the same for the same run of the same plan. False: the
   * strategy has nothing more to explore.
   */
  begin(seed: string): boolean;
  /**
   * Is asked rarely, because it grants leases. Kept apart from those asked at every point, so that these stay
   * small enough to be inlined there. Default false.
   */
  readonly leasing?: boolean;
  /** An execution of the run is made; called before its set-up. */
  attach?(x: Execution): void;
  /**
   * Which of `x.enabled` (two or more, by ascending id) goes next. `current` has just announced an operation
   * and is enabled; null when the context that ran is gone or blocked. May `x.grant` a lease.
   */
  choose(x: Execution, current: Context | null): Context;
  /** A data choice in `[0, n)`, `n >= 2`. 0 is the benign answer. */
  draw(x: Execution, n: number): number;
  /** Nothing is enabled. True: time passed and something is now (timed mode). */
  idle?(x: Execution): boolean;
  /** The run ended. */
  end?(x: Execution): void;
  /** Something it found wrong when the run ended; null: nothing. */
  readonly divergence?: Failure | null;
  /**
   * Strategies whose runs follow from one another: where they stand between two runs, as data that can be cloned, so
   * that another instance can {@link resume} there. Others do without: each of their runs stands alone.
   */
  checkpoint?(): unknown;
  /**
   * Complete searches: about how many executions are left, each branch taken to be as large as its siblings (the weighted
   * backtrack estimator; Kilby, Slaney, Thiebaux, Walsh: "Estimating search tree size", AAAI 2006, section 3). Asked
   * between two runs.
   */
  readonly left?: number;
  /** Complete searches: orders that were planned and turned out impossible, so that others may be missing; 0 where dependence is exact. */
  readonly infeasible?: number;
  /** Goes on where {@link checkpoint} was taken; before the first {@link begin}. */
  resume?(checkpoint: unknown): void;
}
