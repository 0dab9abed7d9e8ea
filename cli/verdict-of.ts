/**
 * A regression is tried: exactly as recorded, or, when the code is another, along its choices by meaning.
 *
 *   reproduced  it fails as recorded: the same fingerprint, or, in other code, the same kind and id with the witnesses as they were
 *   fixed       the witnesses are reached, and it does not fail; in other code, along all its choices, by the same contexts
 *   stale       it does not fail otherwise: nothing is known
 *   changed     it fails in another way, or hits a bound
 */
import { ByName, Pct, RandomWalk, happenedIn, standingsIn, type Failure, type Happening, type Matched, type Standing } from "../sim/index.ts";
import type { RegressionResult } from "../reports/index.ts";
import type { Failing } from "./confirm.ts";
import type { Case, EngineSet, Ran } from "./engine-set.ts";
import { INCONCLUSIVE, examineCase, examineFailure, failureWith } from "./examine.ts";
import type { Loaded } from "./load-engine.ts";
import { castOf, namedIn, orderingsIn, type Meaning } from "./meaning.ts";
import type { RegressionFile } from "./regressions.ts";
import type { ReadToken } from "./tokens.ts";

/** What became of a regression. */
export interface Judged {
  readonly status: Exclude<RegressionResult["status"], "not-tried">;
  /** The run that says so. */
  readonly what: Case;
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
  /** All its choices were followed, by the contexts that there were; behind an edit that is known of choices by meaning alone. */
  readonly whole: boolean;
}

/** The verdict. `known`: fingerprints that findings/ accepts, which are accepted here as well. A few runs. */
export function judge({ engine, code }: Loaded, regression: RegressionFile, token: ReadToken, known: ReadonlySet<string>): Judged {
  const { fingerprint, meaning } = regression;
  const edited = token.code !== code;
  const same = failureWith(engine, token, fingerprint);
  if (same !== null) return { status: "reproduced", what: token, matched: null, failing: { ...same, what: token, fingerprint } };
  if (meaning === null || !edited) return judgedAs(engine, regression, exactly(engine, regression, token, edited), known);
  const named = judgedAs(engine, regression, byName(engine, regression, meaning, token), known);
  return named.status === "stale" ? (foundAgain(engine, regression, token, known) ?? named) : named;
}

/** Where the recorded run leads nowhere, others may still show the failure. That none does is no proof: it stays stale. */
function foundAgain(engine: EngineSet, regression: RegressionFile, token: ReadToken, known: ReadonlySet<string>): Judged | null {
  const { scenario, config, property } = token;
  const steps = Math.max(2, regression.size.shrunk.steps);
  for (let i = 0; i < LOOKS; i++) {
    const run = engine.runUnder(token, i % 2 === 0 ? new RandomWalk() : new Pct({ depth: 2 + (i % 3), steps }), `regression/${String(i)}`);
    if (regression.kind === "Race" ? racesBetween(regression, run).length === 0 : run.failure === null || !isSame(regression, run.failure)) continue;
    const what: Case = { scenario, config, property, choices: run.choices };
    const judged = judgedAs(engine, regression, { what, matched: null, standings: standingsOf(run.x, regression), edited: true, whole: false }, known);
    if (judged.status === "reproduced") return judged;
  }
  return null;
}

/** Runs. */
const LOOKS = 100;

/** Along the token. Its choices mean what they meant on the same code alone. */
function exactly(engine: EngineSet, regression: RegressionFile, token: ReadToken, edited: boolean): Tried {
  const { x, strategy } = engine.replay(token);
  return { what: token, matched: null, standings: standingsOf(x, regression), edited, whole: !edited && strategy.departure === null };
}

/** Along the choices by meaning. */
function byName(engine: EngineSet, regression: RegressionFile, meaning: Meaning, token: ReadToken): Tried {
  const strategy = new ByName(namedIn(meaning));
  const { x, choices } = engine.runUnder(token, strategy, "");
  const { scenario, config, property } = token;
  const matched = strategy.followed;
  const whole = matched.matched + matched.near === matched.choices && castOf(strategy.cast) === meaning.cast;
  return { what: { scenario, config, property, choices }, matched, standings: standingsOf(x, regression), edited: true, whole };
}

const standingsOf = (x: Ran["x"], { meaning }: RegressionFile): readonly Standing[] =>
  meaning === null ? [] : standingsIn(happenedIn(x), orderingsIn(meaning));

function judgedAs(engine: EngineSet, regression: RegressionFile, { what, matched, standings, edited, whole }: Tried, known: ReadonlySet<string>): Judged {
  const { fingerprint } = regression;
  const same = failureWith(engine, what, fingerprint);
  if (same !== null) return { status: "reproduced", what, matched, failing: { ...same, what, fingerprint } };
  const race = edited && regression.kind === "Race" ? raceBetween(engine, regression, what, known) : null;
  if (race !== null) return { status: "reproduced", what, matched, failing: race };
  const now = examineCase(engine, what);
  if (now.fingerprint === INCONCLUSIVE) return { status: "changed", what, matched, failing: null };
  const { failure } = now;
  if (failure !== null && !known.has(now.fingerprint)) {
    const again = edited && isSame(regression, failure) && standings.length > 0 && !standings.includes("reversed");
    const status = again ? "reproduced" : "changed";
    return { status, what, matched, failing: { failure, run: now.report, what, fingerprint: now.fingerprint } };
  }
  // On the same code the run itself is a witness; in other code one without witnesses could have come to anything.
  const reached = standings.every((standing) => standing === "holds") && (edited ? whole && standings.length > 0 : whole || standings.length > 0);
  return { status: reached ? "fixed" : "stale", what, matched, failing: null };
}

/** A race between what the witnesses of a race say, whatever the routines are called now; the how-manieth times do not count. */
function raceBetween(engine: EngineSet, regression: RegressionFile, what: Case, known: ReadonlySet<string>): Failing | null {
  const run = engine.replay(what);
  for (const race of racesBetween(regression, run)) {
    const { fingerprint } = examineFailure(engine, what, run, race, race.sites ?? []);
    if (!known.has(fingerprint)) return { failure: race, run, what, fingerprint };
  }
  return null;
}

function racesBetween({ meaning }: RegressionFile, { x, races }: Ran): readonly Failure[] {
  if (races.length === 0 || meaning === null) return [];
  const happened = happenedIn(x);
  const wanted = orderingsIn(meaning).map(({ before, after }) => pairText([before, after]));
  return races.filter(({ sites = [] }) => wanted.includes(pairText(happened.filter(({ at }) => sites.includes(at)).map((each) => each.what))));
}

const pairText = (pair: readonly Happening[]): string =>
  pair.map(({ actor, operation, object }) => `${actor}\n${operation}\n${object}`).sort().join("\n");

const isSame = ({ kind, property }: RegressionFile, failure: Failure): boolean => failure.kind === kind && failure.id === property;
