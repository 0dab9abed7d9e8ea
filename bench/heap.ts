/** Is memory flat in the number of runs? */
import { RandomWalk, explore } from "../sim/index.ts";
import { atomicWords } from "./programs.ts";

/** Heap after 100,000 runs over heap after 1,000, each after a forced collection (`--expose-gc`). */
export function heapGrowth(): number {
  const program = { setup: atomicWords };
  const strategy = new RandomWalk();
  const after = (firstRun: number, runs: number): number => {
    explore({ program, strategy, seed: "heap", firstRun, runs }, () => undefined);
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const early = after(0, 1000);
  return after(1000, 99_000) / early;
}
