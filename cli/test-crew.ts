/** A crew for tests: lanes that take turns in a seeded order in this thread, and workers that die when they are told to. */
import { rng, Draws } from "../sim/index.ts";
import { answer, resultOf } from "./calls.ts";
import { WorkerLost, type Crew } from "./crew.ts";
import { Lens } from "./lens.ts";
import type { Loaded } from "./load-engine.ts";
import { runUnit } from "./run-unit.ts";

/** How a crew misbehaves. */
export interface Jumble {
  readonly lanes: number;
  readonly seed: string;
  /** A worker dies in every so-manieth of its runs; 0: never. */
  readonly dieEvery: number;
  /** Runs (numbers in the plan) that no worker survives. */
  readonly deadly?: readonly number[];
}

interface Worker {
  readonly lens: Lens;
  runs: number;
}

/** Batches cross threads as data, and arrive whenever. */
export function jumbledCrew(loaded: Loaded, { lanes, seed, dieEvery, deadly = [] }: Jumble): Crew {
  const draws = new Draws(rng(seed));
  const workers = Array.from({ length: lanes }, (): Worker => ({ lens: new Lens(loaded), runs: 0 }));
  let stopped = false;
  return {
    lanes,
    async run(lane, request, onBatch) {
      const worker = workers[lane] as Worker; // there are as many as lanes
      const begins = (at: number): void => {
        worker.runs++;
        if (!deadly.includes(at) && (dieEvery === 0 || worker.runs % dieEvery !== 0)) return;
        workers[lane] = { lens: new Lens(loaded), runs: 0 };
        throw new WorkerLost(at, "died", "it was told to die");
      };
      for (const batch of runUnit(worker.lens, request, { begins, stopped: () => stopped })) {
        onBatch(structuredClone(batch));
        for (let turns = draws.below(4); turns > 0; turns--) await new Promise(setImmediate);
      }
    },
    stop() {
      stopped = true;
    },
    call: (name, ...args) => Promise.resolve(resultOf(answer(loaded, name, args))),
    close: () => Promise.resolve(),
  };
}
