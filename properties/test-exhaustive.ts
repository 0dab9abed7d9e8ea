/** Complete searches of smallest configurations, for the tests that count them. */
import { DEFAULT_LIMITS, Exhaustive, Recording } from "../sim/index.ts";
import { SCENARIOS, startWorld } from "../scenarios/index.ts";
import { PROPERTIES } from "./catalogue.ts";
import { runOnce } from "./runner.ts";

/** What a search came to. */
export interface Searched {
  readonly executions: number;
  /** Nothing is left to explore. */
  readonly complete: boolean;
  /** Executions by what they came to: `passed`, a bound, or the id of a failure. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Every execution of a scenario's smallest configuration within a bound of preemptions, every promise armed. */
export function searchAll(name: string, preemptions: number, most: number): Searched {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const strategy = new Exhaustive(preemptions);
  const recording = new Recording();
  const outcomes: Record<string, number> = {};
  while (strategy.executions < most && strategy.begin()) {
    const { outcome, failure } = runOnce({
      start: (x) => startWorld(x, scenario.smallest),
      strategy,
      limits: DEFAULT_LIMITS,
      recording,
      properties: PROPERTIES,
    });
    const came = failure?.id ?? outcome;
    outcomes[came] = (outcomes[came] ?? 0) + 1;
  }
  return { executions: strategy.executions, complete: strategy.exhausted, outcomes };
}
