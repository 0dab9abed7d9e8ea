/**
 * Reporters at work: they are told what happens and say what to print and to write; this is where it is done. A
 * check, and whatever else ends in results and failures, reports through one {@link Reporting}.
 */
import { resolve } from "node:path";
import {
  consoleReporter,
  resultsJson,
  summaryLine,
  type Ending,
  type FailureReport,
  type Fault,
  type Opening,
  type Output,
  type Reporter,
  type Results,
  type Strict,
  type Told,
} from "../reports/index.ts";
import { UsageError, debugLines, isUsageError, messageOf, oneLine, quote, type EngineFault } from "./errors.ts";
import { Exit, worstOf } from "./exit-codes.ts";
import { prepareFolder, writeWhole } from "./files.ts";
import { requireSeeds } from "./lines/seed-text.ts";
import { appendSummary } from "./github.ts";
import { paintOf, widthOf, type Io, type Sink } from "./io.ts";
import type { Looking } from "./looking.ts";
import { answerOf } from "./reporter-answer.ts";
import { CONSOLE, loadReporters, type Named } from "./reporter-names.ts";

/** What the user said about reporting. */
export interface ReportingOptions {
  /** As `--reporter` names them. */
  readonly reporters: readonly string[];
  /** Null: the usual folder, made only if something is written. */
  readonly out: string | null;
  /** Standard output is for results.json alone. */
  readonly json: boolean;
  readonly strict: Strict;
  /** The folder of the seed documents, whose text pages show; null: they do not. */
  readonly sources: string | null;
  /** The check has files of its own for that folder. */
  readonly writes?: boolean;
}

const USUAL_OUT = "interlock-out";
/** Our own reporters that write files: their folder is proven writable before the first run. */
const WRITERS: ReadonlySet<string> = new Set(["json", "junit", "html", "trace", "mermaid", "sarif", "ctrf"]);

/** A plain name, and none of a journal. */
const FILE_NAME = /^(?!journal)[\w-][\w.-]*$/;

/** Tells all reporters, in the order in which they were named; the console comes last. */
export class Reporting {
  readonly #io: Io;
  readonly #options: ReportingOptions;
  readonly #looking: Looking;
  readonly #folder: string;
  readonly #human: Sink;
  readonly #reporters: readonly Named[];
  readonly #broken = new Set<Reporter>();
  readonly #failures: FailureReport[] = [];
  readonly #written = new Map<string, string>();
  readonly #exits: Exit[] = [];

  private constructor(io: Io, options: ReportingOptions, looking: Looking, named: readonly Named[]) {
    this.#io = io;
    this.#looking = looking;
    this.#options = options;
    this.#folder = resolve(io.cwd, options.out ?? USUAL_OUT);
    this.#human = options.json || named.some(({ reporter }) => reporter.ownsStdout === true) ? io.stderr : io.stdout;
    const human = consoleReporter(widthOf(this.#human), paintOf(this.#human));
    this.#reporters = [...named, { name: CONSOLE, reporter: human, own: true }];
  }

  /** Loads the reporters; throws a {@link UsageError} if one cannot be loaded or its folder not be written. */
  static async open(io: Io, options: ReportingOptions, looking: Looking): Promise<Reporting> {
    const sources = options.sources === null ? null : resolve(io.cwd, options.sources);
    if (sources !== null) requireSeeds(sources);
    const named = await loadReporters(io, options.reporters, () => looking.pages(sources));
    const owners = named.filter(({ reporter }) => reporter.ownsStdout === true).map(({ name }) => name);
    if (options.json) owners.push("--json");
    if (owners.length > 1) throw new UsageError(`${owners.join(" and ")} both want standard output for themselves`);
    const reporting = new Reporting(io, options, looking, named);
    if (options.out !== null || options.writes === true || named.some(({ name }) => WRITERS.has(name))) prepareFolder(reporting.#folder);
    return reporting;
  }

  /** Before the first run. A reporter that fails here ends the check: nothing is lost yet. */
  async begin(opening: Opening): Promise<void> {
    for (const named of this.#reporters) {
      try {
        this.#carryOut(named, await answerOf(named.reporter.begin?.(structuredClone(opening))));
      } catch (error) {
        throw named.own ? error : new UsageError(complaint(named, error));
      }
    }
  }

  /** A distinct new failure. */
  async failure(report: FailureReport): Promise<void> {
    this.#failures.push(report);
    const look = this.#looking.at(report);
    for (const named of this.#reporters) {
      await this.#call(named, () => named.reporter.failure?.(structuredClone(report), look));
    }
  }

  /** A file of the check's own in --out; it is listed at the end. */
  write(file: string, text: string): void {
    this.#write(CONSOLE, file, text);
  }

  /** Lines for people, between what the reporters print. */
  say(lines: readonly string[]): void {
    for (const line of lines) this.#human.write(`${line}\n`);
  }

  /** The end; the exit code of what went wrong with a reporter, or null. */
  async end(results: Results, fault: EngineFault | null): Promise<Exit | null> {
    const ending: Ending = { results, failures: this.#failures, fault: told(fault), strict: this.#options.strict };
    for (const named of this.#reporters) {
      await this.#call(named, () => named.reporter.end?.(structuredClone(ending)));
    }
    this.say([...this.#written.keys()].map((path) => `written to ${path}`));
    if (this.#options.json) this.#io.stdout.write(resultsJson(results));
    this.say([summaryLine(results, ending.fault)]);
    return this.#exits.length === 0 ? null : worstOf(this.#exits);
  }

  /** One reporter that fails takes nothing away from the others; it is not asked again. */
  async #call(named: Named, hook: () => Told): Promise<void> {
    if (this.#broken.has(named.reporter)) return;
    try {
      this.#carryOut(named, await answerOf(hook()));
    } catch (error) {
      this.#broken.add(named.reporter);
      this.#exits.push(named.own && !isUsageError(error) ? Exit.EngineFault : Exit.Usage);
      this.#io.stderr.write(`interlock: ${complaint(named, error)}\n`);
      for (const line of debugLines(error)) this.#io.stderr.write(`${line}\n`);
    }
  }

  #carryOut({ name, reporter }: Named, { print, files, summary }: Required<Output>): void {
    const sink = reporter.ownsStdout === true ? this.#io.stdout : this.#human;
    for (const line of print) sink.write(`${line}\n`);
    for (const [file, text] of Object.entries(files)) this.#write(name, file, text);
    if (summary !== "") appendSummary(this.#io, summary);
  }

  #write(name: string, file: string, text: string): void {
    if (!FILE_NAME.test(file)) throw new UsageError(`${quote(file)} is not a name for a file of a reporter`);
    prepareFolder(this.#folder);
    const path = resolve(this.#folder, file);
    const before = this.#written.get(path);
    if (before !== undefined && before !== name) throw new UsageError(`${file} was written by reporter ${before} already`);
    this.#written.set(writeWhole(this.#folder, file, text), name);
  }
}

const complaint = ({ name }: Named, error: unknown): string =>
  oneLine(`reporter ${quote(name)} failed: ${messageOf(error)}`);

const told = (fault: EngineFault | null): Fault | null =>
  fault === null ? null : { whose: fault.whose, message: fault.message, details: debugLines(fault) };
