/** Every place of a workload where memory can run out, for the tests that let it run out at each. */
import { RandomWalk, type Failure } from "../sim/index.ts";
import type { Config, World } from "../scenarios/index.ts";
import type { EngineSet, Setting } from "./engine-set.ts";
import { examineCase } from "./examine.ts";
import { FINDINGS } from "./test-fixes.ts";
import { Known } from "./known.ts";

/** What a scenario's workloads came to. */
export interface Exhausted {
  readonly scenario: string;
  readonly schedules: number;
  /** Allocations that may fail, over all schedules with none failing. */
  readonly places: number;
  /** Runs in which one of them failed, or two. */
  readonly runs: number;
  /** Failures that no finding lists, each once, with how to see it: the seed and which allocations failed. */
  readonly failures: readonly string[];
}

/** How much is looked at. */
export interface Breadth {
  /** Each with a configuration and a schedule of its own, from seed 1 on. */
  readonly schedules: number;
  /** Places of a workload, from the first, of which pairs fail too. */
  readonly paired: number;
}

const SPEC = { name: "random", parameters: {} } as const;

/** Runs workloads of a scenario with no allocation failing, then once for each that may fail with it failing. */
export function exhaust(engine: EngineSet, name: string, { schedules, paired }: Breadth): Exhausted {
  const known = new Known(engine, FINDINGS);
  const failures = new Map<string, string>();
  let places = 0;
  let runs = 0;
  for (let seed = 1; seed <= schedules; seed++) {
    const config = engine.configOf(name, SPEC, String(seed));
    const run = (failing: readonly number[]): number => {
      const setting = settingOf(name, config, failing);
      const ran = engine.runUnder(setting, new RandomWalk(), String(seed));
      const what = { ...setting, choices: ran.choices };
      if (ran.failure !== null) {
        const { failure, fingerprint } = examineCase(engine, what);
        if (failure !== null && !known.meet({ fingerprint, failure, what })) {
          failures.set(fingerprint, `${told(failure)} (seed ${String(seed)}, failing ${failing.join(" and ")})`);
        }
      }
      return failing.length === 0 ? placesOf(engine, what) : 0;
    };
    const met = run([]);
    places += met;
    for (const failing of choose(met, paired)) {
      run(failing);
      runs++;
    }
  }
  return { scenario: name, schedules, places, runs, failures: [...failures.values()] };
}

const told = ({ kind, id, message }: Failure): string => `${kind} ${id}: ${message}`;

const settingOf = (scenario: string, config: Config, failing: readonly number[]): Setting =>
  ({ scenario, config: { ...config, faults: { ...config.faults, nowaitFails: false, failing } }, property: null });

/** Each of the places, and each pair of the first ones. */
function choose(places: number, paired: number): readonly (readonly number[])[] {
  const each = Array.from({ length: places }, (_, i) => i + 1);
  const some = each.slice(0, paired);
  return [...each.map((k) => [k]), ...some.flatMap((a) => some.filter((b) => b > a).map((b) => [a, b]))];
}

function placesOf(engine: EngineSet, what: Parameters<EngineSet["replay"]>[0]): number {
  const worlds: World[] = [];
  engine.replay(what, { onBooted: (_x, world) => worlds.push(world) });
  const [world] = worlds as [World];
  return (world.loopback?.xnu ?? world.k).shortage.met;
}
