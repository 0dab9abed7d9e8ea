/**
 * `npm run findings`: gives every entry of `findings/` whose token no longer reproduces it a new one, found by a
 * search of its scenario and shrunk; what an entry says and which failure it means stays as it is.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCampaign } from "./campaign.ts";
import { codeIdentity } from "./code-identity.ts";
import { ownThread } from "./crew.ts";
import { engine } from "./engine.ts";
import { examineCase, sitesIn } from "./examine.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { failuresOf, type Seen } from "./fold.ts";
import { findRoot } from "../scripts/stamp.mjs";
import { makePlan } from "./plan.ts";
import type { MemoryModel } from "../sim/index.ts";
import { parseStrategy } from "./strategies.ts";
import { smallerCase } from "./shrinking.ts";
import { readToken, writeToken } from "./tokens.ts";

const RUNS = 8_000;
const REPLAYS = 600;

/** Where an entry says that it is found: a scenario, and what the usual plan is too small for. */
interface Hint {
  readonly scenario: string;
  readonly strategy?: string;
  readonly runs?: number;
  readonly memory?: MemoryModel;
}

async function reproduces(finding: Finding): Promise<boolean> {
  try {
    const token = await readToken(finding.token);
    return finding.kind === "Race"
      ? String(sitesIn(engine, token, finding.fingerprint)) === String(finding.sites)
      : examineCase(engine, token).fingerprint === finding.fingerprint;
  } catch {
    return false;
  }
}

/** The failures that a search finds, each by its shortest run. */
async function search({ scenario, strategy, runs, memory }: Hint): Promise<ReadonlyMap<string, Seen>> {
  const spec = strategy === undefined ? null : parseStrategy(strategy);
  const lengthOf = (name: string): number => engine.runLength(name);
  const plan = makePlan({ seed: 1, scenarios: [scenario], strategy: spec, runs: runs ?? RUNS, memory, lengthOf });
  const { tallies, fault } = await runCampaign(ownThread({ engine, variant: null, code: codeIdentity(null), module: null }), plan);
  if (fault !== null) throw fault;
  return new Map(tallies.flatMap(failuresOf).map((seen) => [seen.fingerprint, seen]));
}

/** Token and sites of a failure made smaller. */
function shownBy({ what, failure, fingerprint }: Seen): object {
  const small = smallerCase(engine, { what, failure, fingerprint, drawnFrom: null, budget: REPLAYS });
  const token = writeToken({ ...small.what, variant: null, code: codeIdentity(null), fingerprint });
  const sites = failure.kind === "Race" ? sitesIn(engine, small.what, fingerprint) : null;
  return sites === null ? { token } : { sites, token };
}

const folder = join(findRoot(), "findings");
const searched = new Map<string, ReadonlyMap<string, Seen>>();

async function renew(finding: Finding): Promise<string> {
  if (await reproduces(finding)) return "as it was";
  const file = join(folder, `${finding.name}.json`);
  const entry = JSON.parse(readFileSync(file, "utf8")) as Hint;
  const { scenario, strategy, runs, memory } = entry;
  const where = [scenario, strategy, runs, memory].join(" ");
  const failures = searched.get(where) ?? await search(entry);
  searched.set(where, failures);
  const seen = failures.get(finding.fingerprint);
  if (seen === undefined) return `not found in ${scenario}`;
  writeFileSync(file, `${JSON.stringify({ ...entry, ...shownBy(seen) }, null, 2)}\n`);
  return "renewed";
}

for (const finding of loadFindings(folder)) console.log(`${finding.name}: ${await renew(finding)}`);
