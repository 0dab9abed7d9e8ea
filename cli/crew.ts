/**
 * Who runs units: worker threads, or this thread when the engine set exists nowhere else (or somebody debugs it).
 * Lanes are numbered from 0; each runs one unit at a time.
 */
import type { Batch } from "./batch.ts";
import { answer, resultOf, type CallArguments, type CallName, type CallResult } from "./calls.ts";
import { Lens } from "./lens.ts";
import { messageOf } from "./errors.ts";
import type { Loaded } from "./load-engine.ts";
import { runUnit, type UnitRequest } from "./run-unit.ts";

/** Runs units. */
export interface Crew {
  /** How many units can run at a time. */
  readonly lanes: number;
  /**
   * Runs a unit, telling its batches as they are made. Throws a {@link WorkerLost} when whoever ran it is gone; the
   * batches told until then are whole.
   */
  run(lane: number, request: UnitRequest, onBatch: (batch: Batch) => void): Promise<void>;
  /** Ends every unit between two runs. */
  stop(): void;
  /** Has something done by whoever is free. Throws a {@link WorkerLost} when they are gone before it is. */
  call<N extends CallName>(name: N, ...args: CallArguments<N>): Promise<CallResult<N>>;
  close(): Promise<void>;
}

/** Whoever ran a unit died, or did not come back. */
export class WorkerLost extends Error {
  /** Number in the plan of the run it was in. */
  readonly at: number;
  readonly how: "died" | "out-of-memory" | "silent";

  constructor(at: number, how: WorkerLost["how"], why: string) {
    super(why);
    this.name = "WorkerLost";
    this.at = at;
    this.how = how;
  }
}

/** How a crew is put together. */
export interface CrewOptions {
  /** Threads; 0: none, everything runs in this one. */
  readonly jobs: number;
  /** A run that takes longer is given up, ms. */
  readonly patienceMs: number;
  /** Heap of a thread, MiB. */
  readonly memoryMiB: number;
}

/** What a crew has, if nobody wants anything else. */
export const USUAL_CREW = { patienceMs: 30_000, memoryMiB: 1024 } as const;

/** The crew for an engine set. */
export async function crewFor(loaded: Loaded, options: CrewOptions): Promise<Crew> {
  const { module } = loaded;
  if (module === null || options.jobs === 0) return ownThread(loaded);
  const { threads } = await import("./threads.ts");
  return threads(loaded, module, options);
}

const SLICE_MS = 15;

const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const NOTHING = (): void => undefined;

/** This thread: between batches the event loop gets its turn, so that signals are seen and progress is shown. */
export function ownThread(loaded: Loaded): Crew {
  const lens = new Lens(loaded);
  let stopped = false;
  const control = { begins: NOTHING, stopped: () => stopped };
  return {
    lanes: 1,
    async run(_lane, request, onBatch) {
      let sliceEnds = performance.now() + SLICE_MS;
      for (const batch of runUnit(lens, request, control)) {
        onBatch(batch);
        if (performance.now() < sliceEnds) continue;
        await eventLoop();
        sliceEnds = performance.now() + SLICE_MS;
      }
    },
    stop() {
      stopped = true;
    },
    async call(name, ...args) {
      await eventLoop();
      try {
        return resultOf(answer(loaded, name, args));
      } catch (error) {
        // As if a thread had died of it.
        throw new WorkerLost(-1, "died", messageOf(error));
      }
    },
    close: () => Promise.resolve(),
  };
}
