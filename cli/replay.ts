/** `replay`: runs exactly the run of a token again, and says whether it comes to the same. */
import { resolve } from "node:path";
import type { Failure } from "../sim/index.ts";
import { anatomy, interleaving, matchedText, type FailureReport } from "../reports/index.ts";
import { lastSite, located } from "./confirm.ts";
import { EngineFault, UsageError } from "./errors.ts";
import { INCONCLUSIVE, examineCase, raceIn, type Examined } from "./examine.ts";
import { Exit } from "./exit-codes.ts";
import { readInput } from "./files.ts";
import { paintOf, say, widthOf, type Io } from "./io.ts";
import type { EngineLoader, Loaded } from "./load-engine.ts";
import { replayOutcome } from "./replay-outcome.ts";
import { finished } from "./lost.ts";
import { formatted, type ReplayFormat } from "./replay-format.ts";
import { regressionOf } from "./regressions.ts";
import { matchedResult } from "./reproduce.ts";
import { tokenText } from "./token-source.ts";
import { UNFINISHED, looksLikeToken, readOutcomeToken, readToken, writeToken, type ReadToken } from "./tokens.ts";
import { judge, type Judged } from "./verdict-of.ts";

/** What a replayed run came to. */
export interface ReplayResult {
  readonly verdict: "passed" | "failed" | "inconclusive";
  /** Null: the run did not fail. */
  readonly failure: Failure | null;
  /** Did it come to what the token says? */
  readonly asRecorded: boolean;
  readonly steps: number;
  readonly switches: number;
}

/** How the run is shown: as a story, or in a format. */
interface Shown {
  readonly format: ReplayFormat | null;
  readonly sources: string | null;
}

/** Runs the command; returns the exit code. `variant` replaces the token's own. */
export async function replay(
  io: Io,
  load: EngineLoader,
  source: string,
  variant: string | null,
  tell: (replayed: ReplayResult) => void = () => undefined,
  shown: Shown = { format: null, sources: null },
): Promise<Exit> {
  const text = tokenText(io.cwd, source);
  const ofOutcome = await readOutcomeToken(text);
  if (ofOutcome !== null) {
    if (shown.format !== null) throw new UsageError("--format is for runs of scenarios, and this token is of an outcome specification");
    return replayOutcome(io, ofOutcome);
  }
  const read = await readToken(text);
  const loaded = await load(io, variant ?? read.variant);
  loaded.engine.scenario(read.scenario);
  const sameCode = loaded.code === read.code;
  const judged = sameCode || looksLikeToken(source) ? null : await judgedFile(loaded, resolve(io.cwd, source), read);
  const token = judged === null ? finished(loaded.engine, read) : { ...read, ...judged.what };
  const found = examineCase(loaded.engine, token);
  refuseMisuse(found);
  const race = judged === null ? raceIn(loaded.engine, token, token.fingerprint) : raceOf(judged);
  const shownToken = judged === null ? text : writeToken({ ...token, variant: loaded.variant, code: loaded.code, fingerprint: found.fingerprint });
  const asRecorded = race !== null || found.fingerprint === token.fingerprint;
  const failure = race ?? found.failure;
  if (shown.format === null) {
    say(io, [heading(token, loaded, sameCode), ""]);
    say(io, [...storyLines(io, loaded, token, shownToken, failure, found.fingerprint), ""]);
    say(io, judged === null ? departureLines(loaded, token) : judgedLines(judged));
    say(io, [conclusion(found, failure, token, asRecorded)]);
  } else {
    const fingerprint = race === null ? found.fingerprint : token.fingerprint;
    const site = race === null ? found.report.site : null;
    const run = { what: token, scenario: token.scenario, token: shownToken, fingerprint, failure, site, found: null, shrunk: null };
    io.stdout.write(await formatted(io, loaded, shown.format, run, shown.sources));
    io.stderr.write(`${conclusion(found, failure, token, asRecorded)}\n`);
  }
  tell(resultOf(found, failure, asRecorded));
  if (!asRecorded && sameCode && token.fingerprint !== UNFINISHED) return Exit.Nondeterminism;
  if (failure !== null) return Exit.Failed;
  return judged?.status === "stale" ? Exit.Stale : Exit.Passed;
}

function resultOf({ fingerprint, report }: Examined, failure: Failure | null, asRecorded: boolean): ReplayResult {
  const passed = fingerprint === INCONCLUSIVE ? "inconclusive" : "passed";
  const { steps, switches } = report;
  return { verdict: failure === null ? passed : "failed", failure, asRecorded, steps, switches };
}

function heading({ scenario }: ReadToken, { variant }: Loaded, sameCode: boolean): string {
  const under = variant === null ? "" : `, variant ${variant}`;
  const age = sameCode ? "" : "; the code has changed since it was recorded";
  return `replay of scenario ${scenario}${under}${age}`;
}

/** What becomes of a file of regressions/ in other code; null: it is none, or says nothing by meaning. */
async function judgedFile(loaded: Loaded, path: string, token: ReadToken): Promise<Judged | null> {
  const file = await regressionOf(readInput(path), path);
  return file === null || file.meaning === null ? null : judge(loaded, file, token, new Set());
}

const raceOf = ({ failing }: Judged): Failure | null => (failing?.failure.kind === "Race" ? failing.failure : null);

const judgedLines = ({ status, matched }: Judged): readonly string[] =>
  [`by meaning: ${status}${matched === null ? "" : `; ${matchedText(matchedResult(matched))}`}`];

/** A token may ask for a machine that no scenario would: that is refused, not reported. */
function refuseMisuse({ failure }: Examined): void {
  if (failure?.kind === "Misuse") {
    throw new UsageError(`this run cannot be made: ${failure.id}: ${failure.message}`);
  }
  if (failure?.kind === "Divergence") {
    throw new EngineFault(`${failure.id}: ${failure.message}`, Exit.Nondeterminism);
  }
}

function storyLines(
  io: Io,
  { engine }: Loaded,
  token: ReadToken,
  text: string,
  failure: Failure | null,
  fingerprint: string,
): readonly string[] {
  const isRace = failure?.kind === "Race";
  const { run, story } = engine.story(token, failure === null ? undefined : lastSite(failure));
  const width = widthOf(io.stdout);
  const paint = paintOf(io.stdout);
  if (failure === null) return interleaving(story, width, paint);
  const report: FailureReport = {
    failure: isRace ? located(engine, token, failure) : failure,
    scenario: token.scenario,
    site: isRace ? null : run.site,
    story,
    token: text,
    fingerprint: isRace ? token.fingerprint : fingerprint,
    found: null,
    shrunk: null,
    kept: null,
  };
  return anatomy(report, width, paint);
}

/** How far the recorded choices could be followed. */
function departureLines({ engine }: Loaded, token: ReadToken): readonly string[] {
  const { departure } = engine.replay(token).strategy;
  if (departure === null) return [];
  const where = departure.what === "schedule" ? `step ${String(departure.at)}` : `draw ${String(departure.at)}`;
  const why = departure.kind === "unused" ? "was never asked for" : "was not possible";
  return [`followed up to ${where}, where the recorded choice ${why}; from there on the default was taken`];
}

function conclusion(
  { fingerprint, report }: Examined,
  failure: Failure | null,
  token: ReadToken,
  asRecorded: boolean,
): string {
  const size = `after ${String(report.steps)} steps, ${String(report.switches)} switches`;
  if (failure !== null) {
    const before = token.fingerprint === UNFINISHED ? "did not come back" : `recorded ${token.fingerprint}`;
    const how = asRecorded ? "as recorded" : `differently (${before}, now ${fingerprint})`;
    return `fails ${how}: ${failure.kind} ${failure.id} ${size}`;
  }
  if (fingerprint === INCONCLUSIVE) return `inconclusive ${size}: a bound was reached`;
  if (token.fingerprint === UNFINISHED) return `passes ${size}; when it was recorded it did not come back`;
  return asRecorded ? `passes as recorded ${size}` : `passes ${size}; recorded was the failure ${token.fingerprint}`;
}
