/** How the heap grows over many runs of one scenario, for the tests that it does not. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { engine } from "./engine.ts";

type Collect = (options?: { readonly type: "minor" }) => void;

/** `heapUsed` after two forced collections, bytes. */
function heapUsed(how?: { readonly type: "minor" }): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as Collect;
  collect(how);
  collect(how);
  return process.memoryUsage().heapUsed;
}

/**
 * The part of what runs allocate that a collection of young objects leaves behind although the runs are over: objects that
 * something old and dead still points to, as V8 has them (see `NESTED_GENERATOR` in the lint rules).
 */
export function keptByOld(scenario: string, runs: number): number {
  const job = engine.open(scenario, { name: "random", parameters: {} }, null);
  let seed = 0;
  const allocated = (count: number): number => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < count; i++) job.run(String(++seed));
    return process.memoryUsage().heapUsed - before;
  };
  allocated(runs);
  heapUsed();
  const before = heapUsed({ type: "minor" });
  let sum = 0;
  // So few at once that no other collection comes between.
  for (let done = 0; done < runs; done += 10) {
    sum += allocated(10);
    heapUsed({ type: "minor" });
  }
  return (heapUsed({ type: "minor" }) - before) / sum;
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
