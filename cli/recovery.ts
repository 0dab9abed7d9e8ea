/**
 * What a killed check left is taken up: its failures are replayed, shrunk and kept as regressions, and its reader is
 * told which runs to repeat. A journal is removed when everything it said is safe elsewhere, and set aside otherwise.
 */
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { confirm, type Failing } from "./confirm.ts";
import { EngineFault, isUsageError, oneLine } from "./errors.ts";
import { failureWith } from "./examine.ts";
import { Exit } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { setAside, type Found } from "./journal-folder.ts";
import type { FailureEntry, JournalHeader } from "./journal.ts";
import type { EngineLoader } from "./load-engine.ts";
import { keep, type Regressions } from "./regressions.ts";
import type { Reporting } from "./reporters.ts";
import { budgetFor } from "./shrinking.ts";
import { strategyText } from "../reports/index.ts";
import { readToken } from "./tokens.ts";
import { runOfPlan, unfinishedLines } from "./unfinished.ts";
import { runsFollow } from "./units.ts";

/** What recovering takes. */
export interface RecoveryContext {
  readonly io: Io;
  readonly load: EngineLoader;
  readonly reporting: Reporting;
  readonly regressions: Regressions;
  /** Fingerprints that findings/ lists. */
  readonly known: ReadonlySet<string>;
  readonly stopped: () => boolean;
}

/** What came of it. */
export interface Recovered {
  /** Fingerprints of failures that were told, and still fail. */
  readonly failing: ReadonlySet<string>;
  /** Interlock contradicted itself; null: it did not. */
  readonly fault: EngineFault | null;
}

/** Takes up what is found in the folder of the journals. */
export async function recover(context: RecoveryContext, found: Found): Promise<Recovered> {
  const { io } = context;
  for (const { path, aside, why } of found.damaged) {
    io.stderr.write(`interlock: ${oneLine(basename(path))} is no journal that can be read (${why}); it is now ${oneLine(basename(aside))}\n`);
  }
  for (const { process: other } of found.running) {
    io.stderr.write(`interlock: another check runs here (process ${String(other.pid)} on ${oneLine(other.host)}); this one writes a journal of its own\n`);
  }
  const failing = new Set<string>();
  let fault: EngineFault | null = null;
  for (const { path, content } of found.killed) {
    const { header, failures, strange } = content;
    context.reporting.say([...unfinishedLines(content).map(oneLineKept), ""]);
    const news = failures.filter(({ fingerprint }) => !context.known.has(fingerprint) && !context.regressions.has(fingerprint));
    let safe = strange === 0;
    for (const entry of news) {
      const outcome = await recoverOne(context, header, entry, news.length);
      if (outcome === "failing") failing.add(entry.fingerprint);
      if (outcome instanceof EngineFault) fault ??= outcome;
      if (outcome === "left" || outcome instanceof EngineFault) safe = false;
    }
    if (safe) rmSync(path, { force: true });
    else {
      const aside = setAside(path);
      const why = strange === 0 ? "not all of it could be recovered" : `${String(strange)} of its lines ${strange === 1 ? "says" : "say"} nothing a journal says`;
      io.stderr.write(`interlock: ${why}: the journal is now ${oneLine(join(basename(dirname(aside)), basename(aside)))}\n`);
    }
  }
  return { failing, fault };
}

/** Indented lines stay so. */
const oneLineKept = (line: string): string => `${/^ */.exec(line)?.[0] ?? ""}${oneLine(line)}`;

/** `failing`: told and kept. `left`: told, but it is nowhere but in the journal. */
type Outcome = "failing" | "left" | EngineFault;

async function recoverOne(context: RecoveryContext, header: JournalHeader, entry: FailureEntry, failures: number): Promise<Outcome> {
  const { io, reporting, regressions, stopped } = context;
  const name = `the failure ${oneLine(entry.property)} of the killed check`;
  try {
    const token = await readToken(entry.token);
    const loaded = await context.load(io, token.variant);
    const now = failureWith(loaded.engine, token, entry.fingerprint);
    const found = foundBy(header, entry, token.variant);
    if (now === null) {
      if (loaded.code === token.code) return divergence(entry);
      reporting.say([`${name} does not show with the code as it is now; it was ${entry.token}`, ""]);
      return "left";
    }
    const failing: Failing = { ...now, fingerprint: entry.fingerprint, what: token };
    const confirmed = confirm(loaded, failing, { found, runs: null, drawnFrom: drawnFrom(header, entry) }, stopped() ? 0 : budgetFor(failures));
    if (confirmed instanceof EngineFault) return confirmed;
    const kept = keep(io, regressions, confirmed.draft);
    await reporting.failure({ ...confirmed.report, kept });
    return kept === null ? "left" : "failing";
  } catch (error) {
    if (!isUsageError(error)) throw error;
    io.stderr.write(`interlock: ${name} cannot be replayed: ${error.message}; its token is ${entry.token}\n`);
    return "left";
  }
}

/** The same code, the same choices, another outcome. */
const divergence = ({ kind, property, run, token }: FailureEntry): EngineFault =>
  new EngineFault(
    `Divergence: run ${String(run)} of the killed check came to ${kind} ${property}; replayed, it does not: ${token.slice(0, 80)}…`,
    Exit.Nondeterminism,
  );

function foundBy({ plan, version, code }: JournalHeader, { run }: FailureEntry, variant: string | null) {
  const made = runOfPlan(plan, run);
  const strategy = made === null ? "unknown" : strategyText(made.row.strategy, made.row.parameters);
  return { version, code, variant, strategy, seed: made?.seed ?? 0, run };
}

function drawnFrom({ plan }: JournalHeader, { run }: FailureEntry): string | null {
  const made = runOfPlan(plan, run);
  return made === null || runsFollow(made.row) ? null : String(made.seed);
}
