/** The fixes of known failures, for their tests: which entry says which fix mends it, and what is left with it. */
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import { runCampaign } from "./campaign.ts";
import { loadVariant } from "./bundled-engine.ts";
import { ownThread } from "./crew.ts";
import type { EngineSet } from "./engine-set.ts";
import { examineCase, raceIn } from "./examine.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { failuresOf } from "./fold.ts";
import { Known } from "./known.ts";
import { makePlan } from "./plan.ts";
import { readToken } from "./tokens.ts";
import { listVariants, type Variant } from "./variants.ts";

const ROOT = findRoot();

/** Every known failure. */
export const FINDINGS: readonly Finding[] = loadFindings(join(ROOT, "findings"));

/** Every fix that is kept. */
export const FIXES: readonly Variant[] = listVariants(ROOT).filter(({ name }) => name.startsWith("fixes/"));

/** A known failure with the fix it names. */
export interface Mended {
  readonly name: string;
  readonly finding: Finding;
  readonly fix: string;
}

/** Known failures that name a fix. */
export const MENDED: readonly Mended[] = FINDINGS.flatMap((finding) => {
  const { name, fix } = finding;
  return fix === null ? [] : [{ name, finding, fix }];
});

/** The model with a fix. */
export const fixed = async (fix: string): Promise<EngineSet> => (await loadVariant(ROOT, fix)).engine;

/** Does the run of the entry's token still show it? */
export async function shows(engine: EngineSet, { kind, token, fingerprint }: Finding): Promise<boolean> {
  const what = await readToken(token);
  return kind === "Race"
    ? raceIn(engine, what, fingerprint) !== null
    : examineCase(engine, what).fingerprint === fingerprint;
}

/** What runs of the entry's scenario show: the entry itself, though another may claim it, and what nobody knows. */
export async function leftOf(engine: EngineSet, { finding }: Mended, runs: number): Promise<readonly string[]> {
  const { scenario } = await readToken(finding.token);
  const plan = makePlan({ seed: 1, scenarios: [scenario], strategy: null, runs, memory: finding.memory ?? "sc", lengthOf: (name) => engine.runLength(name) });
  const { tallies, fault } = await runCampaign(ownThread({ engine, variant: null, code: "test", module: null }), plan);
  if (fault !== null) throw fault;
  const known = new Known(engine, FINDINGS.filter((other) => other !== finding));
  return tallies.flatMap(failuresOf)
    .filter((seen) => seen.fingerprint === finding.fingerprint || !known.meet(seen))
    .map(({ failure }) => `${failure.kind} ${failure.id}: ${failure.message}`);
}
