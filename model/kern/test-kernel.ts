/**
 * For the unit tests of this folder: a bare kernel with threads, under a random walk or all schedules.
 */
import {
  DEFAULT_LIMITS,
  Dpor,
  Execution,
  RandomWalk,
  Recording,
  type Context,
  type RunResult,
  type Strategy,
} from "../../sim/index.ts";
import { Kernel } from "../kernel.ts";
import { DEFAULT_PARAMS, type Params } from "../params.ts";
import { bootKern } from "./init_main.ts";
import { startCpus } from "./lwkt_thread.ts";

/** What one run came to. */
export interface TestRun extends RunResult {
  readonly k: Kernel;
  /** Threads that are not done, by name. */
  readonly stuck: readonly string[];
}

/** Boots a bare kernel, starts what `start` makes, runs until nothing can run. */
function runKernel(
  strategy: Strategy,
  start: (k: Kernel) => void,
  params: Partial<Params> = {},
  ticks = 0,
): TestRun {
  const x = new Execution(strategy, new Recording(), DEFAULT_LIMITS);
  const k = new Kernel(x, { ...DEFAULT_PARAMS, ...params });
  const result = x.run(() => {
    bootKern(k);
    start(k);
    startCpus(k);
    k.clock.allow(ticks);
  });
  strategy.end?.(x);
  const stuck = x.contexts.filter((c) => !c.daemon && c.life !== "done").map(({ name }) => name);
  return { ...result, k, stuck };
}

/** Runs once with a random walk. */
export function runOnce(
  seed: number,
  start: (k: Kernel) => void,
  params: Partial<Params> = {},
  ticks = 0,
): TestRun {
  const walk = new RandomWalk();
  walk.begin(String(seed));
  return runKernel(walk, start, params, ticks);
}

/** Outcomes of many random walks: how often each. A failed run is named by its failure, a stuck one by its threads. */
export function outcomes(
  runs: number,
  start: (k: Kernel) => () => string,
  params: Partial<Params> = {},
  ticks = 0,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < runs; seed++) {
    let tell = (): string => "";
    const run = runOnce(seed, (k) => (tell = start(k)), params, ticks);
    count(seen, describe(run, tell));
  }
  return seen;
}

/** Outcomes of every schedule with at most `preemptions` preemptions. */
export function allOutcomes(
  start: (k: Kernel) => () => string,
  params: Partial<Params> = {},
  preemptions = Number.POSITIVE_INFINITY,
  ticks = 0,
): ReadonlyMap<string, number> {
  return outcomesOf(new EverySchedule(preemptions), start, params, ticks);
}

/** Outcomes of one schedule of each order that could be noticed. */
export function reducedOutcomes(start: (k: Kernel) => () => string, params: Partial<Params> = {}): ReadonlyMap<string, number> {
  return outcomesOf(new Dpor(), start, params, 0);
}

function outcomesOf(
  search: Strategy,
  start: (k: Kernel) => () => string,
  params: Partial<Params>,
  ticks: number,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  while (search.begin("")) {
    let tell = (): string => "";
    const run = runKernel(search, (k) => (tell = start(k)), params, ticks);
    count(seen, describe(run, tell));
  }
  return seen;
}

function count(seen: Map<string, number>, outcome: string): void {
  seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
}

function describe(run: TestRun, tell: () => string): string {
  if (run.failure !== null) return `${run.failure.kind}: ${run.failure.id}`;
  if (run.outcome === "inconclusive") return `inconclusive: ${String(run.bound)}`;
  return run.stuck.length > 0 ? `stuck: ${run.stuck.join(", ")}` : tell();
}

/** Depth first over all choices. */
class EverySchedule implements Strategy {
  readonly name = "every-schedule";
  readonly #preemptions: number;
  #path: { taken: number; options: number }[] = [];
  #depth = 0;
  #spent = 0;
  #begun = false;

  constructor(preemptions: number) {
    this.#preemptions = preemptions;
  }

  begin(): boolean {
    this.#depth = 0;
    this.#spent = 0;
    if (!this.#begun) return (this.#begun = true);
    for (;;) {
      const last = this.#path.at(-1);
      if (last === undefined) return false;
      if (++last.taken < last.options) return true;
      this.#path.pop();
    }
  }

  choose(x: Execution, current: Context | null): Context {
    if (current !== null && this.#spent >= this.#preemptions) return current;
    const order = current === null ? x.enabled : [current, ...x.enabled.filter((c) => c !== current)];
    const next = order[this.#take(order.length)] ?? x.current;
    if (current !== null && next !== current) this.#spent++;
    return next;
  }

  draw(_x: Execution, n: number): number {
    return this.#take(n);
  }

  #take(options: number): number {
    const at = this.#depth++;
    const branch = (this.#path[at] ??= { taken: 0, options });
    return branch.taken;
  }
}
