/** A distinct failure made ready to be shown and kept: shrunk within a budget, replayed once more for its story. */
import type { Fact, Failure } from "../sim/index.ts";
import type { FailureReport, RunSize } from "../reports/index.ts";
import { caseSize, sizeChanges } from "./case-size.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { EngineFault, isEngineFault } from "./errors.ts";
import { confirmSame } from "./examine.ts";
import { ORDERINGS_BUDGET, whyOf, type Why } from "./explain/class.ts";
import { chain } from "./fingerprint.ts";
import type { Loaded } from "./load-engine.ts";
import { meaningOf } from "./meaning.ts";
import type { RegressionDraft } from "./regressions.ts";
import { smallerCase } from "./shrinking.ts";
import { writeToken } from "./tokens.ts";

/** A run that failed. */
export interface Failing {
  readonly failure: Failure;
  readonly what: Case;
  readonly run: RunSize;
  readonly fingerprint: string;
}

/** What is shown of a failure, what a regression file says of it, and of which cause it is. */
export interface Confirmed {
  readonly report: FailureReport;
  readonly draft: RegressionDraft;
  readonly why: Omit<Why, "causes">;
}

/** Where a failure came from. */
export interface Origin {
  readonly found: RegressionDraft["found"];
  /** Runs that failed so; null when nobody counted. */
  readonly runs: number | null;
  /** The seed its configuration record was drawn from, by fast-check; null when it was not. */
  readonly drawnFrom: string | null;
}

/**
 * Shrinks and replays a failure. Gives back the fault of the engine that came up instead: then two runs of the same
 * choices differed. `budget`: runs that may be spent on shrinking; 0: it is shown as it is.
 */
export function confirm(loaded: Loaded, failing: Failing, origin: Origin, budget: number): Confirmed | EngineFault {
  try {
    return confirmed(loaded, failing, origin, budget);
  } catch (error) {
    if (isEngineFault(error)) return error;
    throw error;
  }
}

function confirmed(loaded: Loaded, failing: Failing, { found, runs, drawnFrom }: Origin, budget: number): Confirmed {
  const { engine, variant, code } = loaded;
  const { fingerprint, what: original } = failing;
  const small = smallerCase(engine, { ...failing, drawnFrom, budget });
  const { failure, what } = small;
  const { run, story } = engine.story(what, lastSite(failure));
  confirmSame(what, small.run, failure, run);
  const shown = failure.kind === "Race" ? located(engine, what, failure) : failure;
  const token = writeToken({ ...what, variant, code, fingerprint });
  const { causes, ...why } = whyOf(engine, what, failure, fingerprint, Math.min(budget, ORDERINGS_BUDGET));
  const size = { found: caseSize(failing.run, original), shrunk: caseSize(run, what) };
  return {
    report: {
      failure: shown,
      scenario: what.scenario,
      site: failure.kind === "Race" ? null : run.site,
      story,
      token,
      fingerprint,
      found: { steps: failing.run.steps, switches: failing.run.switches, strategy: found.strategy, seed: found.seed, runs },
      shrunk: small.shrunk.length > 0 ? { steps: run.steps, switches: run.switches, also: sizeChanges(size) } : null,
      kept: null,
    },
    draft: {
      property: failure.id,
      kind: failure.kind,
      message: failure.message,
      scenario: what.scenario,
      fingerprint,
      token,
      found,
      size,
      meaning: meaningOf(engine, what, failure, causes),
      shrunk: small.shrunk,
    },
    why,
  };
}

/** A race with the call stacks of its two accesses, outermost routine first. */
export function located(engine: EngineSet, what: Case, race: Failure): Failure {
  const { stacks } = engine.stacks(what, race.sites ?? []);
  const facts = race.facts.map(([label, value], i): Fact => {
    const routines = chain(stacks[i] ?? []).join(" > ");
    return [label, routines === "" ? value : `${value}, in ${routines}`];
  });
  return { ...race, facts };
}

/** A race does not end its run, but it ends its story. */
export const lastSite = ({ kind, sites }: Failure): number | undefined =>
  kind === "Race" && sites !== undefined ? Math.max(...sites) : undefined;
