/** Runs that do not come back: the worker that was in them died, ran out of memory, or was given up. */
import { strategyText, type LostResult } from "../reports/index.ts";
import type { LostRun } from "./campaign.ts";
import { UsageError } from "./errors.ts";
import type { EngineSet } from "./engine-set.ts";
import type { Loaded } from "./load-engine.ts";
import { specOf, type RunSpec } from "./strategies.ts";
import { UNFINISHED, writeToken, type ReadToken } from "./tokens.ts";
import { runsFollow } from "./units.ts";

/** The entry of `results.json`. */
export function lostResult(loaded: Loaded, lost: LostRun, property: string | null): LostResult {
  const { row, seed, how } = lost;
  const { scenario } = row;
  const strategy = specOf(row);
  return { scenario, strategy: strategyText(strategy.name, strategy.parameters), seed, how, token: tokenOf(loaded, lost, strategy, property) };
}

/** There are no choices to carry: it says how the run is made. */
function tokenOf(
  { engine, variant, code }: Loaded,
  { row, seed }: LostRun,
  { memory, ...strategy }: RunSpec,
  property: string | null,
): string {
  return writeToken({
    scenario: row.scenario,
    config: engine.configOf(row.scenario, { ...strategy, memory }, String(seed)),
    choices: { schedule: [], draws: [] },
    property,
    variant,
    fingerprint: UNFINISHED,
    code,
    origin: { strategy, number: runsFollow(row) ? seed - row.firstSeed : seed },
  });
}

/** What is said on standard error when a worker is gone. */
export function lostLine(loaded: Loaded, lost: LostRun, property: string | null, why: string, again: boolean): string {
  const { scenario, strategy, seed, token } = lostResult(loaded, lost, property);
  const what = again ? "its run is done again by another" : "its run is given up, and no other";
  return `a worker is gone (${why}) in ${scenario}, ${strategy}, seed ${String(seed)}: ${what}; it was running ${token}`;
}

const EXECUTIONS_MAX = 10_000_000;

/** The run of a token that knows how it is made but not what it chose: it is made. May not come back. */
export function finished(engine: EngineSet, token: ReadToken): ReadToken {
  const { origin = null, scenario, property } = token;
  if (origin === null) return token;
  const job = engine.open(scenario, { ...origin.strategy, memory: token.config.memory }, property);
  const follows = runsFollow({ strategy: origin.strategy.name });
  if (follows && origin.number > EXECUTIONS_MAX) throw new UsageError("the token's run is too far into its search");
  let run = job.run(String(origin.number));
  for (let i = 0; follows && i < origin.number && run !== null; i++) run = job.run(String(origin.number));
  if (run === null) throw new UsageError("the token's run is behind the end of its search");
  return { ...token, config: run.config, choices: run.choices };
}
