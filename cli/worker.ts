/** A worker thread: runs units and tells their batches through a port. */
import type { MessagePort } from "node:worker_threads";
import type { EngineSet } from "./engine-set.ts";
import { Lens } from "./lens.ts";
import { runUnit, type UnitRequest } from "./run-unit.ts";

/** Words of the memory that all workers share: the first says stop, then a word for each lane. */
export const STOP = 0;
export const laneWord = (lane: number): number => 1 + lane;

/** One call of a worker. */
export interface WorkerTask {
  readonly request: UnitRequest;
  readonly lane: number;
  /** The lanes say here which run they are in. */
  readonly control: Int32Array;
  readonly port: MessagePort;
  /** URL of the module that exports `engine`. */
  readonly module: string;
  readonly variant: string | null;
  readonly code: string;
}

let known: { readonly module: string; readonly lens: Promise<Lens> } | null = null;

/** The engine set is loaded once; its lens lives as long as the thread. */
function lensOf({ module, variant, code }: WorkerTask): Promise<Lens> {
  if (known?.module !== module) known = { module, lens: load(module, variant, code) };
  return known.lens;
}

async function load(module: string, variant: string | null, code: string): Promise<Lens> {
  const { engine } = (await import(module)) as { engine: EngineSet };
  return new Lens({ engine, variant, code, module });
}

/** Runs a unit; returns how many batches were told. */
export async function work(task: WorkerTask): Promise<number> {
  const { control, lane, port, request } = task;
  const lens = await lensOf(task);
  const word = laneWord(lane);
  let told = 0;
  const batches = runUnit(lens, request, {
    begins(at) {
      Atomics.store(control, word, at);
    },
    stopped: () => Atomics.load(control, STOP) !== 0,
  });
  for (const batch of batches) {
    port.postMessage(batch, [batch.hashes.buffer as ArrayBuffer]);
    told++;
  }
  port.close();
  return told;
}
