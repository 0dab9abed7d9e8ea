/** How the heap grows over many runs of one scenario, for the tests that it does not. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { engine } from "./engine.ts";

/** `heapUsed` after a forced collection, bytes. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Bytes after `first` runs and after `last` runs of a scenario with every promise armed, in this process. */
export function heapAfter(scenario: string, first: number, last: number): { readonly first: number; readonly last: number } {
  const job = engine.open(scenario, { name: "random", parameters: {} }, null);
  let early = 0;
  for (let run = 1; run <= last; run++) {
    job.run(String(run));
    if (run === first) early = heapUsed();
  }
  return { first: early, last: heapUsed() };
}
