import { join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadFindings } from "../findings.ts";
import { BREAKING } from "../test-mutants.ts";
import { checkClasses, classesSummary } from "./test-classes.ts";
import { FAILING } from "./test-failing.ts";
import { checkFinding, checkMutant, summary, type Explained } from "./test-orderings.ts";

describe("explain", () => {
  const all: Explained[] = [];

  it.each(FAILING)("names the root ordering of the mutant $name", async (mutant) => checkMutant(mutant, all));

  it.each(loadFindings(join(findRoot(), "findings")))("names the root ordering of the finding $name", async (finding) => checkFinding(finding, all));

  afterAll(() => {
    console.log(summary(all));
  });
});

describe("failures of a mutant", () => {
  it.each(BREAKING)("of $name are one class, unless it is listed", checkClasses);

  afterAll(() => {
    console.log(classesSummary());
  });
});
