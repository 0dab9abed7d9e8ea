/**
 * What outlives a check: its journal while it runs, and its failures as regressions. What an earlier check left is
 * taken up first.
 */
import { basename, join, resolve } from "node:path";
import { strategyText, type FailureReport, type RegressionResult } from "../reports/index.ts";
import type { Batch, Sighting } from "./batch.ts";
import type { WorkerPosition } from "./campaign.ts";
import { sizeChanges } from "./case-size.ts";
import { confirm, type Confirmed, type Origin } from "./confirm.ts";
import { WorkerLost, type Crew } from "./crew.ts";
import { EngineFault, UsageError, isUsageError, oneLine } from "./errors.ts";
import { prepareFolder, reason } from "./files.ts";
import type { Seen } from "./fold.ts";
import type { Io } from "./io.ts";
import { findJournals, startJournal, thisProcess } from "./journal-folder.ts";
import type { Journal, JournalEnd, JournalHeader } from "./journal.ts";
import type { EngineLoader, Loaded } from "./load-engine.ts";
import type { Plan } from "./plan.ts";
import { recover, type Recovered } from "./recovery.ts";
import { Regressions, keep } from "./regressions.ts";
import type { Reporting } from "./reporters.ts";
import { retry, type Retried } from "./reproduce.ts";
import { runOfPlan } from "./unfinished.ts";
import { runsFollow, type Shard } from "./units.ts";

/** What the user said about it. */
export interface KeepingOptions {
  /** The folder of the regressions; null: the usual one. False: none are replayed or written. */
  readonly regressions: string | null | false;
  /** The folder of the journal; null: the usual one. */
  readonly out: string | null;
  readonly property: string | null;
  readonly shard: Shard | null;
  /** The shard has whole rows, not every n-th run. Default false. */
  readonly wholeRows?: boolean;
}

const USUAL_REGRESSIONS = "regressions";
const USUAL_OUT = "interlock-out";

/** What is known before the first run. */
export interface KeepingContext {
  readonly load: EngineLoader;
  readonly loaded: Loaded;
  readonly crew: Crew;
  readonly plan: Plan;
  readonly reporting: Reporting;
  /** Fingerprints that findings/ lists or claims; it grows. */
  readonly known: ReadonlySet<string>;
  readonly stopped: () => boolean;
  /** The command line that makes this check again. */
  readonly command: string;
}

/** One for each check. */
export class Keeping {
  readonly #io: Io;
  readonly #options: KeepingOptions;
  readonly #out: string;
  #regressions: Regressions;
  #journal: Journal | null = null;
  #context!: KeepingContext;
  /** Fingerprints that were told. */
  readonly #told = new Set<string>();
  readonly #journaled = new Set<string>();

  private constructor(io: Io, options: KeepingOptions, regressions: Regressions) {
    this.#io = io;
    this.#options = options;
    this.#out = resolve(io.cwd, options.out ?? USUAL_OUT);
    this.#regressions = regressions;
  }

  /** Reads the regressions. Throws a {@link UsageError} for a damaged one, or for a folder that was named and cannot be written. */
  static async open(io: Io, options: KeepingOptions): Promise<Keeping> {
    const { regressions: named } = options;
    const folder = named === false ? null : resolve(io.cwd, named ?? USUAL_REGRESSIONS);
    if (folder !== null && typeof named === "string") prepareFolder(folder);
    return new Keeping(io, options, await Regressions.open(folder));
  }

  /** Takes up what killed checks left, replays the regressions, and starts the journal. The fault that came up, or null. */
  async begin(context: KeepingContext): Promise<{ readonly regressions: readonly RegressionResult[]; readonly fault: EngineFault | null }> {
    this.#context = context;
    const { failing, fault } = await this.#recover();
    if (failing.size > 0) this.#regressions = await Regressions.open(this.#regressions.folder);
    const scenarios = [...new Set(context.plan.rows.map(({ scenario }) => scenario))];
    const retried = await retry(context.loaded, this.#regressions.entries, { ...context, scenarios, property: this.#options.property });
    const results: RegressionResult[] = [];
    for (const each of retried) {
      const recovered = failing.has(each.result.fingerprint);
      results.push(recovered ? { ...each.result, status: "reproduced" } : each.result);
      const trouble = recovered ? null : await this.#tell(each);
      if (trouble !== null) return { regressions: results, fault: trouble };
    }
    this.#startJournal();
    return { regressions: results, fault };
  }

  /** Others have run it, and have replayed the regressions: these came to what they say. */
  join(context: KeepingContext, regressions: readonly RegressionResult[]): void {
    this.#context = context;
    for (const { status, fingerprint } of regressions) if (status === "reproduced") this.#told.add(fingerprint);
  }

  /** Was it told as a regression? */
  isTold(fingerprint: string): boolean {
    return this.#told.has(fingerprint);
  }

  /** Is the failure new, as far as one knows while the runs are made: neither a finding nor told as a regression? */
  isNew(fingerprint: string): boolean {
    return !this.isTold(fingerprint) && !this.#context.known.has(fingerprint);
  }

  /** How far the runs are. */
  progress(done: number, workers: readonly WorkerPosition[]): void {
    this.#journal?.progress(done, workers);
  }

  /** A batch has come in: its new failures are on the disk when this returns. */
  batch({ sightings, looks }: Batch): void {
    if (this.#journal === null) return;
    for (const sighting of [...sightings, ...looks.flatMap((look) => look.sightings)]) this.#record(sighting);
  }

  #record({ fingerprint, at, shown }: Sighting): void {
    if (shown === null || this.#journaled.has(fingerprint) || !this.isNew(fingerprint)) return;
    this.#journaled.add(fingerprint);
    const { failure: { id, kind, message }, what, token } = shown;
    this.#journal?.failure({ run: at, fingerprint, property: id, kind, message, scenario: what.scenario, token });
  }

  /** Shrinks, confirms and keeps a failure of this check; the document about it and its cause, or the fault that came up. */
  async report(seen: Seen, budget: number): Promise<Pick<Confirmed, "report" | "why"> | EngineFault> {
    const confirmed = await this.#confirm(seen, budget);
    if (confirmed instanceof EngineFault) return confirmed;
    const { report, why, draft } = confirmed;
    // The shards of a plan would come in each other's way: their failures are kept when they are merged.
    if (this.#options.shard !== null) return { report: { ...report, kept: null }, why };
    return { report: { ...report, kept: keep(this.#io, this.#regressions, draft) }, why };
  }

  /** A smaller run may do to its worker what this one does not: then it is shown as it is. */
  async #confirm(seen: Seen, budget: number): Promise<Confirmed | EngineFault> {
    const { crew } = this.#context;
    const origin = this.#originOf(seen);
    try {
      return await crew.call("confirm", seen, origin, budget);
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      this.#io.stderr.write(`interlock: ${oneLine(seen.failure.id)} is not made smaller: a smaller run cost its worker (${error.message})\n`);
      return crew.call("confirm", seen, origin, 0);
    }
  }

  /** The check ended in order. */
  end(how: JournalEnd): void {
    this.#journal?.end(how);
  }

  #originOf({ at, strategy, seed, runs }: Seen): Origin {
    const { plan, loaded } = this.#context;
    const row = runOfPlan(plan.rows, at)?.row;
    const text = row === undefined ? strategy : strategyText(row.strategy, row.parameters);
    const found = { version: this.#io.version, code: loaded.code, variant: loaded.variant, strategy: text, seed, run: at };
    return { found, runs, drawnFrom: runsFollow({ strategy }) ? null : String(seed) };
  }

  /** Without regressions there is nowhere to put what is recovered: then it is left for another check. */
  async #recover(): Promise<Recovered> {
    if (this.#options.regressions === false) return { failing: new Set(), fault: null };
    const found = await findJournals(this.#out);
    return recover({ ...this.#context, io: this.#io, regressions: this.#regressions }, found);
  }

  /** Tells of a regression that fails; the fault that came up, or null. */
  async #tell({ regression, result, failing }: Retried): Promise<EngineFault | null> {
    const { loaded, reporting } = this.#context;
    const { path, found, size } = regression;
    if (result.status === "changed" && failing === null) reporting.say([`${oneLine(path)}: it hits a bound now`, ""]);
    if (failing === null) return null;
    this.#told.add(failing.fingerprint);
    const confirmed = confirm(loaded, { ...failing, run: size.found }, { found, runs: null, drawnFrom: null }, 0);
    if (confirmed instanceof EngineFault) return confirmed;
    await reporting.failure(retold(confirmed, regression, result.status === "changed"));
    return null;
  }

  #startJournal(): void {
    const complain = (why: string): void => {
      this.#io.stderr.write(`interlock: no journal is kept, so that a killed check loses what it found: ${why}\n`);
    };
    try {
      prepareFolder(this.#out);
      this.#journal = startJournal(this.#out, this.#header(), complain);
      if (this.#journal === null) complain(`every name in ${oneLine(this.#out)} is in use`);
      else if (basename(this.#journal.path) !== "journal.jsonl") this.#io.stderr.write(`interlock: the journal is ${oneLine(join(basename(this.#out), basename(this.#journal.path)))}\n`);
    } catch (error) {
      if (this.#options.out !== null) throw isUsageError(error) ? error : new UsageError(reason(error));
      complain(isUsageError(error) ? error.message : reason(error));
    }
  }

  #header(): JournalHeader {
    const { loaded, plan, command } = this.#context;
    const { property, shard, wholeRows = false } = this.#options;
    return {
      journal: 1,
      version: this.#io.version,
      command,
      seed: plan.seed,
      plan: plan.rows,
      property,
      variant: loaded.variant,
      code: loaded.code,
      shard: wholeRows ? null : shard,
      process: thisProcess(),
      started: new Date().toISOString(),
    };
  }
}

/** A regression as it fails now, with what its file says of how it was found. */
function retold({ report, draft }: Confirmed, { path, kind, property, size, shrunk }: Retried["regression"], changed: boolean): FailureReport {
  const { steps, switches } = draft.size.shrunk;
  if (changed) return { ...report, found: null, kept: `${path}, which recorded another failure: ${kind} ${property}` };
  return { ...report, kept: path, shrunk: shrunk.length === 0 ? null : { steps, switches, also: sizeChanges(size) } };
}
