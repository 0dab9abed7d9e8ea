import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Draws, rng } from "../../sim/rng.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadFindings } from "../findings.ts";
import { BREAKING } from "../test-mutants.ts";
import { FINDINGS_SAY, MUTANTS_SAY } from "./expected.ts";
import { checkClasses } from "./test-classes.ts";
import { FAILING } from "./test-failing.ts";
import { checkFinding, checkMutant } from "./test-orderings.ts";

const SEED = "1";
const MUTANTS = 3;
const FINDINGS = 15;
const CLASSES = 2;
const findings = loadFindings(join(findRoot(), "findings"));

/** A few of them; all in `orderings.long.ts`. */
function few<T>(of: readonly T[], many: number): readonly T[] {
  const draws = new Draws(rng(SEED));
  const left = [...of];
  return Array.from({ length: many }, () => left.splice(draws.below(left.length), 1)[0] as T);
}

describe(`explain, of what was drawn from seed ${SEED}`, () => {
  it.each(few(FAILING, MUTANTS))("names the root ordering of the mutant $name", async (mutant) => checkMutant(mutant));

  it.each(few(findings, FINDINGS))("names the root ordering of the finding $name", async (finding) => checkFinding(finding));

  it.each(few(BREAKING, CLASSES))("finds one class in the failures of $name, unless it is listed", checkClasses);
});

describe("what explain has to say", () => {
  it("is known of every mutant that fails, and of every finding that is no race", () => {
    expect(Object.keys(MUTANTS_SAY).sort()).toEqual(FAILING.map(({ name }) => name).sort());
    expect(Object.keys(FINDINGS_SAY).sort()).toEqual(findings.filter(({ kind }) => kind !== "Race").map(({ name }) => name).sort());
  });
});
