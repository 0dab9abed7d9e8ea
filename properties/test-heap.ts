/** How the heap grows over many runs of one scenario, for the tests that it does not. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DEFAULT_LIMITS, RandomWalk, Recording } from "../sim/index.ts";
import { SCENARIOS, startWorld } from "../scenarios/index.ts";
import { configFor } from "./arbitraries/config.ts";
import { PROPERTIES } from "./catalogue.ts";
import { runOnce } from "./runner.ts";

/** `heapUsed` after a forced collection, bytes. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Bytes after `first` runs and after `last` runs of a scenario with every promise armed, in this process. */
export function heapAfter(name: string, first: number, last: number): { readonly first: number; readonly last: number } {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const strategy = new RandomWalk();
  const recording = new Recording();
  let early = 0;
  for (let run = 1; run <= last; run++) {
    const seed = String(run);
    strategy.begin(seed);
    const config = configFor(scenario, seed);
    const start = (x: Parameters<typeof startWorld>[0]): ReturnType<typeof startWorld> => startWorld(x, config);
    runOnce({ start, strategy, limits: DEFAULT_LIMITS, recording, properties: PROPERTIES });
    if (run === first) early = heapUsed();
  }
  return { first: early, last: heapUsed() };
}
