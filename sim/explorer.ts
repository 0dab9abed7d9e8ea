/** Many runs of one program under one strategy. Memory is flat in the number of runs. */
import { executionUnder } from "./buffered-execution.ts";
import type { Execution } from "./execution.ts";
import { choicesHash } from "./hash.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { MemoryModel } from "./memory-model.ts";
import type { Observer } from "./observer.ts";
import { Recording, type Choices } from "./recording.ts";
import type { RunResult } from "./run-result.ts";
import type { Strategy } from "./strategy.ts";
import { Replay, type Departure } from "./strategies/replay.ts";

/** What is explored: makes the contexts of a run, and judges it at quiescence. */
export interface Program {
  /** Default `sc`. */
  readonly memory?: MemoryModel | undefined;
  setup(x: Execution): void;
  /** Throws a `RunFailure` where something is wrong. */
  atEnd?(x: Execution): void;
}

/** An exploration. */
export interface Plan {
  readonly program: Program;
  readonly strategy: Strategy;
  /** The seed of run i is `seed/i`. */
  readonly seed: string;
  /** At most so many; the strategy may have nothing more to explore before. */
  readonly runs: number;
  /** The number of the first run, to go on where another exploration ended. */
  readonly firstRun?: number;
  readonly limits?: Limits;
  /** Reused from run to run. */
  readonly recording?: Recording;
}

/** One run of an exploration. What it holds of the execution is valid until the next one. */
export interface ExploredRun extends RunResult {
  readonly run: number;
  readonly seed: string;
  readonly x: Execution;
  /** The choices it took. Cost: linear in the log. */
  choices(): Choices;
  /** 64-bit hash of the choices. */
  hash(): bigint;
}

/** What became of an exploration. */
export interface Explored {
  readonly runs: number;
  /** The strategy had nothing more to explore. */
  readonly finished: boolean;
}

/**
 * Explores; `onRun` sees every run and may end the exploration by answering `"stop"`. A failing run is data
 * (`run.failure`); throws only what is no failure of the program.
 * @example
 * import { Gate, Struct, explore, fail, guardedBy, strategyNamed, word } from "interlock/sim";
 * import type { Execution, Program, Routine } from "interlock/sim";
 *
 * class Counter extends Struct {
 *   readonly hits = word<number>(this, 0); // a plain word: every access is a point
 *   readonly lock: Gate;
 *   readonly held;
 *
 *   constructor(x: Execution) {
 *     super(x, "counter");
 *     this.lock = new Gate(x, "lock");
 *     this.held = guardedBy(this, this.lock, 0); // checked: only with the lock held
 *   }
 * }
 *
 * function* hit(counter: Counter): Routine<void> {
 *   yield* counter.lock.acquire();
 *   counter.held.held += 1;
 *   yield* counter.lock.release();
 *   const seen = yield* counter.hits.load();
 *   yield* counter.hits.store(seen + 1);
 * }
 *
 * let counter: Counter | null = null;
 * const program: Program = {
 *   setup(x) {
 *     const shared = (counter = new Counter(x));
 *     for (const name of ["a", "b"]) {
 *       const cpu = x.processor();
 *       x.setThread(cpu, x.thread(name, cpu, () => hit(shared)));
 *     }
 *   },
 *   atEnd() {
 *     const hits = counter?.hits.peek() ?? 0;
 *     if (hits !== 2) fail("Violation", "lost-update", "Every hit is counted.", [["hits", String(hits)]]);
 *   },
 * };
 *
 * const failures = new Set<string>();
 * explore({ program, strategy: strategyNamed("random"), seed: "1", runs: 50 }, ({ failure }) => {
 *   if (failure !== null) failures.add(failure.id);
 *   return undefined;
 * });
 * [...failures]; // => ["lost-update"]
 */
export function explore(plan: Plan, onRun: (run: ExploredRun) => "stop" | undefined): Explored {
  const { program, strategy, firstRun = 0, limits = DEFAULT_LIMITS } = plan;
  const recording = plan.recording ?? new Recording();
  const memory = program.memory ?? "sc";
  strategy.prepare?.((other, seed) => {
    if (!other.begin(seed)) return;
    const x = executionUnder(memory, other, recording, limits);
    runProgram(x, program);
    other.end?.(x);
  });
  for (let i = 0; i < plan.runs; i++) {
    const run = firstRun + i;
    const seed = `${plan.seed}/${String(run)}`;
    if (!strategy.begin(seed)) return { runs: i, finished: true };
    const x = executionUnder(memory, strategy, recording, limits);
    const result = runProgram(x, program);
    strategy.end?.(x);
    const choices = (): Choices => recording.choices;
    const hash = (): bigint => choicesHash(recording.choices);
    if (onRun({ ...result, run, seed, x, choices, hash }) === "stop")
      return { runs: i + 1, finished: false };
  }
  return { runs: plan.runs, finished: false };
}

/** A run that was repeated from its choices. */
export interface Replayed extends RunResult {
  readonly x: Execution;
  /** The first recorded choice that was not followed; null: followed exactly. */
  readonly departure: Departure | null;
}

/** Repeats one run. `observer` sees it from the first choice on. */
export function replay(
  program: Program,
  choices: Choices,
  options: { readonly limits?: Limits; readonly observer?: Observer } = {},
): Replayed {
  const strategy = new Replay(choices);
  strategy.begin();
  const x = executionUnder(program.memory ?? "sc", strategy, new Recording(), options.limits);
  x.observer = options.observer ?? null;
  const result = runProgram(x, program);
  return { ...result, x, departure: strategy.departure };
}

/** Runs a program once. */
export function runProgram(x: Execution, program: Program): RunResult {
  return x.run(
    () => {
      program.setup(x);
    },
    () => {
      program.atEnd?.(x);
    },
  );
}
