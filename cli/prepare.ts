/** Strategies that make runs of their own, before or after those of a job. */
import type { Strategy } from "../sim/index.ts";
import type { RunReport } from "../properties/index.ts";

/**
 * `begin` of a strategy that makes its own runs before the first. They are a function of the program, so that every
 * worker and every unit makes the same ones.
 */
export function beginning(strategy: Strategy, make: (strategy: Strategy, seed: string) => void): (seed: string) => boolean {
  let ready = false;
  return (seed) => {
    if (!ready) {
      ready = true;
      strategy.prepare?.((other, each) => {
        if (other.begin(each)) make(other, each);
      });
    }
    return strategy.begin(seed);
  };
}

/** A run, or what the strategy has against it. */
export function judged<T extends RunReport>(strategy: Strategy, report: T): T {
  const failure = strategy.divergence ?? null;
  return failure === null ? report : { ...report, outcome: "failed", failure, evidence: [] };
}
