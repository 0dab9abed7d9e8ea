/** Shrinking what kills a mutant, for the tests of how small that gets. */
import { findRoot } from "../scripts/stamp.mjs";
import { caseSize } from "./case-size.ts";
import { examineCase, examineFailure, failureWith } from "./examine.ts";
import type { CaseSize } from "./regressions.ts";
import { smallerCase } from "./shrinking.ts";
import type { Kill } from "./test-hunt.ts";
import type { Mutant } from "./test-mutants.ts";
import { runsFollow } from "./units.ts";
import { loadVariant } from "./bundled-engine.ts";

/** What killed a mutant, before and after. */
export interface Shrinkage {
  readonly scenario: string;
  readonly found: CaseSize;
  readonly shrunk: CaseSize;
  /** The smaller case still shows the failure. */
  readonly shows: boolean;
  /** The smaller case as text: the same for the same budget. */
  readonly text: string;
}

/** Shrinks what killed a mutant. */
export async function shrinkKill(mutant: Mutant, kill: Kill, budget: number): Promise<Shrinkage> {
  const { engine } = await loadVariant(findRoot(), mutant.variant.name);
  const { what, run, failure } = kill;
  const { fingerprint } = examineFailure(engine, what, run, failure, run.evidence);
  const drawnFrom = runsFollow(kill.row) ? null : String(kill.seed);
  const small = smallerCase(engine, { what, failure, fingerprint, drawnFrom, budget });
  const { report } = examineCase(engine, small.what);
  return {
    scenario: what.scenario,
    found: caseSize(run, what),
    shrunk: caseSize(report, small.what),
    shows: failureWith(engine, small.what, fingerprint) !== null,
    text: JSON.stringify(small.what),
  };
}
