/** The known failures first: each is replayed from its token, and says whether it is still there. */
import type { FindingResult } from "../reports/index.ts";
import type { Finding } from "./findings.ts";
import { UsageError, isUsageError } from "./errors.ts";
import { examineCase, raceIn } from "./examine.ts";
import type { Loaded } from "./load-engine.ts";
import { readToken } from "./tokens.ts";

/** One result for each finding, in their order. */
export async function reproduce(
  loaded: Loaded,
  findings: readonly Finding[],
  scenarios: readonly string[],
  stopped: () => boolean,
): Promise<readonly FindingResult[]> {
  const results: FindingResult[] = [];
  for (const finding of findings) {
    const { name, property, fingerprint } = finding;
    const status = stopped() ? "not-tried" : await statusOf(loaded, finding, scenarios);
    results.push({ name, property, fingerprint, status });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}

/** A finding is about the model as it is: with a variant, one that is gone is what the variant is for. */
async function statusOf(
  { engine, variant }: Loaded,
  finding: Finding,
  scenarios: readonly string[],
): Promise<FindingResult["status"]> {
  const token = await readFindingToken(finding);
  if (!scenarios.includes(token.scenario) || (token.variant !== null && token.variant !== variant)) return "not-tried";
  const now = finding.kind === "Race"
    ? raceIn(engine, token, finding.fingerprint) !== null
    : examineCase(engine, token).fingerprint === finding.fingerprint;
  if (now) return "known";
  return variant === null ? "stale" : "gone";
}

async function readFindingToken(finding: Finding): ReturnType<typeof readToken> {
  try {
    return await readToken(finding.token);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    throw new UsageError(`findings/${finding.name}.json: ${error.message}`);
  }
}
