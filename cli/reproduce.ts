/** Regressions and known failures first: each is replayed from its token, and says whether it is still there. */
import { happeningText, type Matched } from "../sim/index.ts";
import type { FindingResult, MatchedResult, RegressionResult } from "../reports/index.ts";
import type { Failing } from "./confirm.ts";
import type { Finding } from "./findings.ts";
import { UsageError, isUsageError } from "./errors.ts";
import { examineCase, raceIn } from "./examine.ts";
import type { Loaded } from "./load-engine.ts";
import type { Regression } from "./regressions.ts";
import { readToken } from "./tokens.ts";
import { judge } from "./verdict-of.ts";

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
  const token = await readNamed(`findings/${finding.name}.json`, finding.token);
  if (!scenarios.includes(token.scenario) || (token.variant !== null && token.variant !== variant)) return "not-tried";
  const now = finding.kind === "Race"
    ? raceIn(engine, token, finding.fingerprint) !== null
    : examineCase(engine, token).fingerprint === finding.fingerprint;
  if (now) return "known";
  return variant === null ? "stale" : "gone";
}

async function readNamed(path: string, token: string): ReturnType<typeof readToken> {
  try {
    return await readToken(token);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    throw new UsageError(`${path}: ${error.message}`);
  }
}

/** A regression that was tried. */
export interface Retried {
  readonly regression: Regression;
  readonly result: RegressionResult;
  /** What is to be told of it; null: nothing, or that it hits a bound. */
  readonly failing: Failing | null;
}

/** Which regressions are tried, and what is no news. */
export interface RetryRequest {
  readonly scenarios: readonly string[];
  /** The only property that is armed; null: all are. */
  readonly property: string | null;
  /** Fingerprints that findings/ lists. */
  readonly known: ReadonlySet<string>;
  readonly stopped: () => boolean;
}

/** Replays every regression, in their order. */
export async function retry(loaded: Loaded, regressions: readonly Regression[], request: RetryRequest): Promise<readonly Retried[]> {
  const retried: Retried[] = [];
  for (const regression of regressions) {
    const { name, property, fingerprint } = regression;
    const token = await readNamed(regression.path, regression.token);
    const { status, matched, failing } = request.stopped() || !concerns(loaded, regression, token.variant, request)
      ? { status: "not-tried" as const, matched: null, failing: null }
      : judge(loaded, regression, token, request.known);
    retried.push({ regression, result: { name, property, fingerprint, status, matched: matched === null ? null : matchedResult(matched) }, failing });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return retried;
}

/** One that was found on a variant is about that variant; a promise is about its property. */
function concerns({ variant }: Loaded, regression: Regression, of: string | null, { scenarios, property }: RetryRequest): boolean {
  const armed = property === null || regression.kind !== "Violation" || regression.property === property;
  return armed && scenarios.includes(regression.scenario) && (of === null || of === variant);
}

/** The same, as reports have it. */
export const matchedResult = ({ firstMiss, ...counts }: Matched): MatchedResult =>
  ({ ...counts, firstMiss: firstMiss === null ? null : happeningText(firstMiss) });
