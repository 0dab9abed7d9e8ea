/** Shrinking what kills a mutant, for the tests of how small that gets. */
import { findRoot } from "../scripts/stamp.mjs";
import { caseSize } from "./case-size.ts";
import type { EngineSet } from "./engine-set.ts";
import { examineCase, examineFailure, failureWith } from "./examine.ts";
import type { CaseSize } from "./regressions.ts";
import { smallerCase, type ShrinkCase } from "./shrinking.ts";
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

/** What kills a mutant, to be shrunk. */
export function caseOfKill(engine: EngineSet, { what, run, failure, row, seed }: Kill, budget: number): ShrinkCase {
  const { fingerprint } = examineFailure(engine, what, run, failure, run.evidence);
  return { what, failure, fingerprint, drawnFrom: runsFollow(row) ? null : String(seed), budget };
}

/** Shrinks what killed a mutant. */
export async function shrinkKill(mutant: Mutant, kill: Kill, budget: number): Promise<Shrinkage> {
  const { engine } = await loadVariant(findRoot(), mutant.variant.name);
  const { what, run } = kill;
  const request = caseOfKill(engine, kill, budget);
  const small = smallerCase(engine, request);
  const { report } = examineCase(engine, small.what);
  return {
    scenario: what.scenario,
    found: caseSize(run, what),
    shrunk: caseSize(report, small.what),
    shows: failureWith(engine, small.what, request.fingerprint) !== null,
    text: JSON.stringify(small.what),
  };
}
