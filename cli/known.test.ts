import { describe, expect, it } from "vitest";
import { runCampaign } from "./campaign.ts";
import { loadVariant } from "./bundled-engine.ts";
import { ownThread } from "./crew.ts";
import { engine } from "./engine.ts";
import type { EngineSet } from "./engine-set.ts";
import { failuresOf, type Seen } from "./fold.ts";
import { Known } from "./known.ts";
import { makePlan } from "./plan.ts";
import { FINDINGS } from "./test-fixes.ts";
import { findRoot } from "../scripts/stamp.mjs";

/** What runs of a scenario show, and what nobody knows of it. */
async function shown(of: EngineSet, scenario: string, runs: number, findings = FINDINGS): Promise<{ readonly all: readonly Seen[]; readonly unknown: readonly Seen[] }> {
  const plan = makePlan({ seed: 7_000_000, scenarios: [scenario], strategy: null, runs, lengthOf: (name) => of.runLength(name) });
  const { tallies } = await runCampaign(ownThread({ engine: of, variant: null, code: "test", module: null }), plan);
  const all = tallies.flatMap(failuresOf);
  const known = new Known(of, findings);
  return { all, unknown: all.filter((seen) => !known.meet(seen)) };
}

const withoutClaims = FINDINGS.map((finding) => ({ ...finding, claims: null }));

describe("a finding that claims", () => {
  it("answers for what a missing lock shows under seeds that nobody has tried", async () => {
    const { all, unknown } = await shown(engine, "group-churn", 400);

    expect(unknown).toEqual([]);
    const listed = new Set(FINDINGS.map(({ fingerprint }) => fingerprint));
    expect(all.filter(({ fingerprint }) => !listed.has(fingerprint)).length).toBeGreaterThan(3);
  });

  it("answers for nothing where the lock is held: a mistake in the same routines is new", async () => {
    const { engine: mutant } = await loadVariant(findRoot(), "mutants/joins-a-group-one-way");

    const { unknown } = await shown(mutant, "group-members", 100);

    expect(unknown.map(({ failure: { id } }) => id)).toContain("memberships-end-with-their-users");
  });

  it("answers for a look at its object in its routines only", async () => {
    const { all } = await shown(engine, "kernel-callers", 300, withoutClaims);
    const nulls = all.filter(({ failure: { message } }) => message.startsWith("ifp->if_ioctl is NULL"));

    const [entry] = FINDINGS.filter(({ name }) => name === "driver-without-if-ioctl");
    const others = nulls.filter(({ fingerprint }) => fingerprint !== entry!.fingerprint);
    expect(others.length).toBeGreaterThan(0);
    const narrowed = { ...entry!, claims: { ...entry!.claims!, routines: ["if_allmulti"] } };
    expect(others.map((seen) => new Known(engine, [entry!]).meet(seen))).toEqual(others.map(() => true));
    expect(others.map((seen) => new Known(engine, [narrowed]).meet(seen))).toEqual(others.map(() => false));
  });
});

it("claims name what there is: words that some listed race is for, or objects, and a reason", () => {
  for (const { name, claims } of FINDINGS) {
    if (claims === null) continue;
    expect(claims.words.length + claims.objects.length, name).toBeGreaterThan(0);
    expect(claims.routines.length, name).toBeGreaterThan(0);
    expect(claims.why.length, name).toBeGreaterThan(40);
    // A promise needs a race as its witness.
    if (claims.promises.length > 0) expect(claims.words.length, name).toBeGreaterThan(0);
  }
});
