/** A worker thread: runs units and tells their batches through a port. */
import type { MessagePort } from "node:worker_threads";
import { answer, type CallArguments, type CallName } from "./calls.ts";
import type { EngineSet } from "./engine-set.ts";
import { Lens } from "./lens.ts";
import { runUnit, type UnitRequest } from "./run-unit.ts";

/** Words of the memory that all workers share: the first says stop, then a word for each lane. */
export const STOP = 0;
export const laneWord = (lane: number): number => 1 + lane;

/** What a worker works with. */
interface WorkerEngine {
  /** URL of the module that exports `engine`. */
  readonly module: string;
  readonly variant: string | null;
  readonly code: string;
}

/** Units to run. */
export interface WorkerTask extends WorkerEngine {
  readonly request: UnitRequest;
  readonly lane: number;
  /** The lanes say here which run they are in. */
  readonly control: Int32Array;
  readonly port: MessagePort;
}

/** Something else to do. */
export interface CallTask<N extends CallName = CallName> extends WorkerEngine {
  readonly call: N;
  readonly args: CallArguments<N>;
  /** One word that counts up while it is done; 0 before. */
  readonly life: Int32Array;
}

let known: { readonly module: string; readonly lens: Promise<Lens> } | null = null;

/** The engine set is loaded once; its lens lives as long as the thread. */
function lensOf({ module, variant, code }: WorkerEngine): Promise<Lens> {
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
  lens.engine.onRun(NOTHING);
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

const NOTHING = (): void => undefined;

/** Answers a call. */
export async function call(task: CallTask): Promise<unknown> {
  const { life, variant, code, module } = task;
  const { engine } = await lensOf(task);
  const live = (): void => {
    Atomics.add(life, 0, 1);
  };
  live();
  engine.onRun(live);
  return answer({ engine, variant, code, module }, task.call, task.args);
}
