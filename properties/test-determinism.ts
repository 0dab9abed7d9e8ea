/** Runs one after the other and compares what they left in the log, for the tests of determinism. */
import {
  DEFAULT_LIMITS,
  Exhaustive,
  Execution,
  Recording,
  Replay,
  checkStuck,
  describeOp,
  entries,
  type Entry,
  type Strategy,
} from "../sim/index.ts";
import { startWorld, type Config, type Scenario } from "../scenarios/index.ts";
import { configFor } from "./arbitraries/config.ts";

/** One side of a comparison: its recording is its own. */
class Side {
  readonly recording = new Recording();
  readonly strategy: Strategy;
  x: Execution;

  constructor(strategy: Strategy) {
    this.strategy = strategy;
    this.x = new Execution(strategy, this.recording, DEFAULT_LIMITS);
  }

  /** Begins and runs; false when the strategy has nothing more to explore. */
  run(config: Config, seed: string): boolean {
    if (!this.strategy.begin(seed)) return false;
    const x = new Execution(this.strategy, this.recording, DEFAULT_LIMITS);
    this.x = x;
    x.run(() => startWorld(x, config), () => checkStuck(x));
    this.strategy.end?.(x);
    return true;
  }
}

/** What a comparison of many runs found. */
export interface Compared {
  readonly runs: number;
  /** The first difference, in words; null: none. */
  readonly difference: string | null;
}

/** Two instances of a seeded strategy, side by side. */
export function compareSeeds(scenario: Scenario, make: () => Strategy, seeds: number): Compared {
  const [one, two] = [new Side(make()), new Side(make())];
  for (let seed = 0; seed < seeds; seed++) {
    const name = String(seed);
    one.run(configFor(scenario, name), name);
    two.run(configFor(scenario, name), name);
    const difference = firstDifference(one, two);
    if (difference !== null) return { runs: seed, difference: `seed ${name}: ${difference}` };
  }
  return { runs: seeds, difference: null };
}

/** Exhaustive search of the smallest configuration, twice side by side, each execution replayed twice. */
export function compareExecutions(scenario: Scenario, preemptions: number, executions: number): Compared {
  const [one, two] = [new Side(new Exhaustive(preemptions)), new Side(new Exhaustive(preemptions))];
  for (let i = 0; i < executions; i++) {
    const more = one.run(scenario.smallest, "");
    const moreToo = two.run(scenario.smallest, "");
    if (more !== moreToo) return { runs: i, difference: `execution ${String(i)}: only one search goes on` };
    if (!more) return { runs: i, difference: null };
    const difference = firstDifference(one, two) ?? replayed(one, scenario);
    if (difference !== null) return { runs: i, difference: `execution ${String(i)}: ${difference}` };
  }
  return { runs: executions, difference: null };
}

function replayed(side: Side, { smallest }: Scenario): string | null {
  const strategy = new Replay(side.recording.choices);
  const again = new Side(strategy);
  again.run(smallest, "");
  if (strategy.departure !== null) return `replay departed: ${JSON.stringify(strategy.departure)}`;
  return firstDifference(side, again);
}

function firstDifference(one: Side, two: Side): string | null {
  const [a, b] = [one.recording.log, two.recording.log];
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a[at] === b[at]) continue;
    return `entry ${String(at)}: ${entryAt(one.x, a, at)}, then ${entryAt(two.x, b, at)}`;
  }
  const draws = [one, two].map(({ recording }) => JSON.stringify(recording.choices.draws));
  return draws[0] === draws[1] ? null : `draws ${draws.join(", then ")}`;
}

function entryAt(x: Execution, log: Int32Array, at: number): string {
  for (const entry of entries(log)) if (entry.at >= at) return described(x, entry);
  return "the end of the run";
}

function described(x: Execution, entry: Entry): string {
  const name = x.contexts[entry.context]?.name ?? `context ${String(entry.context)}`;
  return entry.kind === "switch" ? `${name} goes on` : `${name}: ${describeOp(x, entry.word)}`;
}

/** Strategies that a seed decides. */
export const SEEDED = ["random", "pct", "pos", "round-robin"] as const;
