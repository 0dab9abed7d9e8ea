/** A distinct failure made ready to be shown: shrunk within a budget, replayed for its story. */
import type { Fact, Failure } from "../sim/index.ts";
import type { FailureReport } from "../reports/index.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { EngineFault, isEngineFault } from "./errors.ts";
import type { Seen } from "./fold.ts";
import type { Loaded } from "./load-engine.ts";
import { smallerCase } from "./shrinking.ts";
import { writeToken } from "./tokens.ts";

/** The document about a failure, or the fault of the engine that came up instead. `budget`: replays for shrinking. */
export function reportSeen(loaded: Loaded, seen: Seen, budget: number): FailureReport | EngineFault {
  try {
    const { engine, variant, code } = loaded;
    const { fingerprint } = seen;
    const shrunk = smallerCase(engine, seen.what, seen.failure, fingerprint, budget);
    const { failure } = shrunk;
    const { run, story } = engine.story(shrunk.what, lastSite(failure));
    return {
      failure: failure.kind === "Race" ? located(engine, shrunk.what, failure) : failure,
      scenario: seen.what.scenario,
      site: failure.kind === "Race" ? null : run.site,
      story,
      token: writeToken({ ...shrunk.what, variant, code, fingerprint }),
      fingerprint,
      found: { steps: seen.run.steps, switches: seen.run.switches, strategy: seen.strategy, seed: seen.seed, runs: seen.runs },
      shrunk: shrunk.tried ? { steps: run.steps, switches: run.switches } : null,
    };
  } catch (error) {
    if (isEngineFault(error)) return error;
    throw error;
  }
}

/** A race with the routines of its two accesses. */
export function located(engine: EngineSet, what: Case, race: Failure): Failure {
  const { stacks } = engine.stacks(what, race.sites ?? []);
  const facts = race.facts.map(([label, value], i): Fact => {
    const routines = (stacks[i] ?? []).slice(-ROUTINES_SHOWN).join(" > ");
    return [label, routines === "" ? value : `${value}, in ${routines}`];
  });
  return { ...race, facts };
}

/** The innermost routines tell most. */
const ROUTINES_SHOWN = 3;

/** A race does not end its run, but it ends its story. */
export const lastSite = ({ kind, sites }: Failure): number | undefined =>
  kind === "Race" && sites !== undefined ? Math.max(...sites) : undefined;
