/** A crew of worker threads. A thread that dies, runs out of memory or does not come back is replaced. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Batch } from "./batch.ts";
import { resultOf, type CallArguments, type CallName, type answer } from "./calls.ts";
import { buildFolder } from "./build-folder.ts";
import { WorkerLost, type Crew, type CrewOptions } from "./crew.ts";
import { messageOf } from "./errors.ts";
import type { Loaded } from "./load-engine.ts";
import type { UnitRequest } from "./run-unit.ts";
import { STOP, laneWord, type CallTask, type WorkerTask } from "./worker.ts";

const WORKER = "cli/worker.js";

/** How often the lanes are looked at. */
const WATCH_MS = 250;

interface Lane {
  abort: AbortController | null;
  run: number;
  since: number;
}

/** Starts the threads. `module`: of the engine set they run. */
export async function threads(loaded: Loaded, module: string, options: CrewOptions): Promise<Crew> {
  const { jobs, patienceMs, memoryMiB } = options;
  const pool = new Piscina({
    filename: pathToFileURL(join(await buildFolder(), WORKER)).href,
    name: "work",
    minThreads: jobs,
    maxThreads: jobs,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
  });
  // What a pool says of a thread that is gone, the task of that thread says as well.
  pool.on("error", () => undefined);
  const control = new Int32Array(new SharedArrayBuffer(4 * (1 + jobs)));
  const lanes = Array.from({ length: jobs }, (): Lane => ({ abort: null, run: -1, since: 0 }));
  const watch = setInterval(() => giveUpSilent(lanes, control, patienceMs), WATCH_MS);
  return {
    lanes: jobs,
    run: (lane, request, onBatch) => runUnit(pool, loaded, module, control, lanes, lane, request, onBatch),
    stop() {
      Atomics.store(control, STOP, 1);
    },
    call: async (name, ...args) => resultOf(await callOne(pool, loaded, module, patienceMs, name, args)),
    async close() {
      clearInterval(watch);
      await pool.destroy();
    },
  };
}

function giveUpSilent(lanes: readonly Lane[], control: Int32Array, patienceMs: number): void {
  const now = performance.now();
  lanes.forEach((lane, i) => {
    const run = Atomics.load(control, laneWord(i));
    if (run !== lane.run) {
      lane.run = run;
      lane.since = now;
    } else if (lane.abort !== null && run >= 0 && now - lane.since > patienceMs) lane.abort.abort();
  });
}

async function runUnit(
  pool: Piscina,
  { variant, code }: Loaded,
  module: string,
  control: Int32Array,
  lanes: readonly Lane[],
  at: number,
  request: UnitRequest,
  onBatch: (batch: Batch) => void,
): Promise<void> {
  const lane = lanes[at] as Lane; // there are as many as jobs
  const abort = new AbortController();
  const { port1: mine, port2: port } = new MessageChannel();
  let heard = 0;
  const hear = (batch: Batch): void => {
    heard++;
    onBatch(batch);
  };
  mine.on("message", hear);
  Atomics.store(control, laneWord(at), -1);
  lane.abort = abort;
  lane.since = performance.now();
  const task: WorkerTask = { request, lane: at, control, port, module: pathToFileURL(module).href, variant, code };
  try {
    const told = (await pool.run(task, { transferList: [port], signal: abort.signal })) as number;
    drain(mine, hear);
    if (heard !== told) throw new Error(`${String(heard)} of ${String(told)} batches arrived`);
  } catch (error) {
    drain(mine, hear);
    throw lostBy(error, Atomics.load(control, laneWord(at)), abort.signal.aborted);
  } finally {
    lane.abort = null;
    Atomics.store(control, laneWord(at), -1);
    mine.off("message", hear);
    mine.close();
  }
}

/** Has one thread answer; it is given up when it shows no sign of life for so long. */
async function callOne<N extends CallName>(
  pool: Piscina,
  { variant, code }: Loaded,
  module: string,
  patienceMs: number,
  name: N,
  args: CallArguments<N>,
): Promise<ReturnType<typeof answer<N>>> {
  const life = new Int32Array(new SharedArrayBuffer(4));
  const abort = new AbortController();
  let last = 0;
  let since = performance.now();
  const watch = setInterval(() => {
    const now = Atomics.load(life, 0);
    if (now !== last) {
      last = now;
      since = performance.now();
    } else if (now > 0 && performance.now() - since > patienceMs) abort.abort();
  }, WATCH_MS);
  const task: CallTask<N> = { call: name, args, life, module: pathToFileURL(module).href, variant, code };
  try {
    return (await pool.run(task, { name: "call", signal: abort.signal })) as ReturnType<typeof answer<N>>;
  } catch (error) {
    throw lostBy(error, -1, abort.signal.aborted);
  } finally {
    clearInterval(watch);
  }
}

/** What was told before the task ended has arrived, though nobody may have been called yet. */
function drain(port: MessagePort, hear: (batch: Batch) => void): void {
  for (let told = receiveMessageOnPort(port); told !== undefined; told = receiveMessageOnPort(port)) {
    hear(told.message as Batch);
  }
}

function lostBy(error: unknown, at: number, aborted: boolean): WorkerLost {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (aborted) return new WorkerLost(at, "silent", "it did not come back in time");
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return new WorkerLost(at, "out-of-memory", "it ran out of memory");
  return new WorkerLost(at, "died", messageOf(error));
}
