/**
 * `npm run findings`: gives every entry of `findings/` whose token no longer reproduces it a new one, found by a
 * search of its scenario and shrunk; what an entry says and which failure it means stays as it is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCampaign, type Seen } from "./campaign.ts";
import { codeIdentity } from "./code-identity.ts";
import { engine } from "./engine.ts";
import { examineCase, raceIn } from "./examine.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { findRoot } from "../scripts/stamp.mjs";
import { makePlan } from "./plan.ts";
import { smallerCase } from "./shrinking.ts";
import { readToken, writeToken } from "./tokens.ts";

const RUNS = 8_000;
const REPLAYS = 600;

/** An entry says which scenario shows it. */
const scenarioOf = (file: string): string =>
  (JSON.parse(readFileSync(file, "utf8")) as { readonly scenario: string }).scenario;

async function reproduces(finding: Finding): Promise<boolean> {
  try {
    const token = await readToken(finding.token);
    return finding.kind === "Race"
      ? raceIn(engine, token, finding.fingerprint) !== null
      : examineCase(engine, token).fingerprint === finding.fingerprint;
  } catch {
    return false;
  }
}

/** The failures of a scenario's plan, each by its shortest run. */
async function search(scenario: string): Promise<ReadonlyMap<string, Seen>> {
  const plan = makePlan({ seed: 1, scenarios: [scenario], strategy: null, runs: RUNS });
  const { tallies, fault } = await runCampaign(engine, plan, {
    property: null,
    endsAt: () => false,
    stopped: () => false,
    onProgress: () => undefined,
  });
  if (fault !== null) throw fault;
  return tallies[0]?.failures ?? new Map<string, Seen>();
}

function tokenOf({ what, failure, fingerprint }: Seen): string {
  const small = smallerCase(engine, what, failure, fingerprint, REPLAYS);
  return writeToken({ ...small.what, variant: null, code: codeIdentity(null), fingerprint });
}

const folder = join(findRoot(), "findings");
const searched = new Map<string, ReadonlyMap<string, Seen>>();

async function renew(finding: Finding): Promise<string> {
  if (await reproduces(finding)) return "as it was";
  const file = join(folder, `${finding.name}.json`);
  const scenario = scenarioOf(file);
  const failures = searched.get(scenario) ?? await search(scenario);
  searched.set(scenario, failures);
  const seen = failures.get(finding.fingerprint);
  if (seen === undefined) return `not found in ${String(RUNS)} runs of ${scenario}`;
  const entry = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, `${JSON.stringify({ ...entry, token: tokenOf(seen) }, null, 2)}\n`);
  return "renewed";
}

for (const finding of loadFindings(folder)) console.log(`${finding.name}: ${await renew(finding)}`);
