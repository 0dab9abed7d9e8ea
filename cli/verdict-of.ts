/**
 * A regression is tried: exactly as recorded, or, when the code is another, along its choices by meaning.
 *
 *   reproduced  it fails as recorded: the same fingerprint, or, in other code, the same kind and id with the witnesses as they were
 *   fixed       the witnesses are reached, and it does not fail
 *   stale       it does not fail, and the witnesses are not reached: nothing is known
 *   changed     it fails in another way, or hits a bound
 */
import { ByName, happenedIn, standingsIn, type Failure, type Matched, type Standing } from "../sim/index.ts";
import type { RegressionResult } from "../reports/index.ts";
import type { Failing } from "./confirm.ts";
import type { Case, EngineSet, Ran } from "./engine-set.ts";
import { INCONCLUSIVE, examineCase, failureWith } from "./examine.ts";
import type { Loaded } from "./load-engine.ts";
import { namedIn, orderingsIn } from "./meaning.ts";
import type { RegressionFile } from "./regressions.ts";
import type { ReadToken } from "./tokens.ts";

/** What became of a regression. */
export interface Judged {
  readonly status: Exclude<RegressionResult["status"], "not-tried">;
  /** How far its choices could be followed; null: it was run exactly as recorded, or as far as its token says. */
  readonly matched: Matched | null;
  /** What is to be told of it; null: nothing, or that it hits a bound. */
  readonly failing: Failing | null;
}

/** A run, and how it was made. */
interface Tried {
  readonly what: Case;
  readonly matched: Matched | null;
  readonly standings: readonly Standing[];
  /** The code is another than it was recorded with. */
  readonly edited: boolean;
  /** On the same code: all its choices were possible. */
  readonly whole: boolean;
}

/** The verdict. `known`: fingerprints that findings/ accepts, which are accepted here as well. A few runs. */
export function judge({ engine, code }: Loaded, regression: RegressionFile, token: ReadToken, known: ReadonlySet<string>): Judged {
  const { fingerprint, meaning } = regression;
  const edited = token.code !== code;
  const exact = exactly(engine, regression, token, edited);
  const same = failureWith(engine, token, fingerprint);
  if (same !== null) return { status: "reproduced", matched: null, failing: { ...same, what: token, fingerprint } };
  if (meaning === null || !edited) return judgedAs(engine, regression, exact, known);
  const named = judgedAs(engine, regression, byName(engine, regression, token), known);
  if (named.status !== "stale") return named;
  // The steps of the token may lead where the names do not; only what says something counts.
  const { status } = judgedAs(engine, regression, exact, known);
  return status === "fixed" ? { ...named, status } : named;
}

/** Along the token. Its choices mean what they meant on the same code alone. */
function exactly(engine: EngineSet, regression: RegressionFile, token: ReadToken, edited: boolean): Tried {
  const { x, strategy } = engine.replay(token);
  return { what: token, matched: null, standings: standingsOf(x, regression), edited, whole: !edited && strategy.departure === null };
}

/** Along the choices by meaning. */
function byName(engine: EngineSet, regression: RegressionFile, token: ReadToken): Tried {
  const strategy = new ByName(namedIn(regression.meaning ?? { choices: [], draws: [], witnesses: [] }));
  const { x, choices } = engine.runUnder(token, strategy, "");
  const { scenario, config, property } = token;
  return { what: { scenario, config, property, choices }, matched: strategy.followed, standings: standingsOf(x, regression), edited: true, whole: false };
}

const standingsOf = (x: Ran["x"], { meaning }: RegressionFile): readonly Standing[] =>
  meaning === null ? [] : standingsIn(happenedIn(x), orderingsIn(meaning));

function judgedAs(engine: EngineSet, regression: RegressionFile, { what, matched, standings, edited, whole }: Tried, known: ReadonlySet<string>): Judged {
  const { fingerprint } = regression;
  const same = failureWith(engine, what, fingerprint);
  if (same !== null) return { status: "reproduced", matched, failing: { ...same, what, fingerprint } };
  const now = examineCase(engine, what);
  if (now.fingerprint === INCONCLUSIVE) return { status: "changed", matched, failing: null };
  const { failure } = now;
  if (failure !== null && !known.has(now.fingerprint)) {
    const again = edited && isSame(regression, failure) && standings.length > 0 && !standings.includes("reversed");
    const status = again ? "reproduced" : "changed";
    return { status, matched, failing: { failure, run: now.report, what, fingerprint: now.fingerprint } };
  }
  // Without witnesses the run itself is the witness.
  const reached = standings.length === 0 ? whole : standings.every((standing) => standing === "holds");
  return { status: reached ? "fixed" : "stale", matched, failing: null };
}

const isSame = ({ kind, property }: RegressionFile, failure: Failure): boolean => failure.kind === kind && failure.id === property;
