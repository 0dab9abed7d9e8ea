/**
 * The journal of a check: lines that say what is run, how far it is and what failed, so that nothing is lost when the
 * process is killed. A line is written in one piece; a failure is on the disk before anything else is done with it.
 *
 *   header    {"journal":1, ...}      the whole plan, the code, the process
 *   progress  {"done":57, ...}        runs that are counted, and per worker which runs may be under way
 *   failure   {"failure":{...}}       synced
 *   end       {"end":"complete", ...} or the signal that ended it
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { FailureKind } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import type { WorkerPosition } from "./campaign.ts";
import { openFresh, reason, syncFolder } from "./files.ts";

/** A failing run: what it takes to see it again. */
export interface FailureEntry {
  /** Its number in the plan. */
  readonly run: number;
  readonly fingerprint: string;
  readonly property: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly scenario: string;
  readonly token: string;
}

/** What a journal says of its check. */
export interface JournalHeader {
  readonly journal: 1;
  readonly version: string;
  /** The command line that makes the same check. */
  readonly command: string;
  readonly seed: number;
  readonly plan: readonly PlanRow[];
  readonly property: string | null;
  readonly variant: string | null;
  readonly code: string;
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly process: ProcessName;
  /** ISO 8601. */
  readonly started: string;
}

/** Names a process for as long as its machine runs. */
export interface ProcessName {
  readonly pid: number;
  readonly host: string;
  /** When it began, in the machine's own count; null where that cannot be told. */
  readonly born: string | null;
}

/** How far a check was. */
export interface ProgressLine {
  readonly done: number;
  /** The runs a worker may be in: the first that nobody has heard of, and one past the last it was given. */
  readonly workers: readonly (readonly [worker: number, from: number, to: number])[];
  /** Milliseconds since the journal began. */
  readonly at: number;
}

/** How a check ended in order. */
export type JournalEnd = "complete" | "SIGINT" | "SIGTERM" | "ended early";

/** Progress comes at least every 50 ms and every second line may be skipped: never 100 ms without one. */
const EVERY_MS = 25;
/** A journal longer than this is written anew without the progress that is past. */
const COMPACT_AT = 1 << 20;

/** Writes one. Failing to write ends the journal, not the check: `onTrouble` is told once, in words. */
export class Journal {
  readonly path: string;
  readonly #clock: () => number;
  readonly #onTrouble: (why: string) => void;
  readonly #born: number;
  /** What survives compaction. */
  readonly #kept: string[];
  #file: number | null;
  #size = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastLine = "";
  /** One past the last run that is known to be given, per worker. */
  readonly #given = new Map<number, number>();

  /** Takes over a file that holds the header line and nothing else. */
  constructor(path: string, header: string, onTrouble: (why: string) => void, clock = (): number => performance.now()) {
    this.path = path;
    this.#clock = clock;
    this.#born = clock();
    this.#onTrouble = onTrouble;
    this.#kept = [header];
    this.#size = header.length;
    this.#file = openSync(path, "a");
  }

  /** Called at least every 50 ms while runs are made, and before a worker is given runs: then it is written at once. */
  progress(done: number, workers: readonly WorkerPosition[]): void {
    const now = this.#clock();
    const grown = workers.some(({ worker, to }) => to > (this.#given.get(worker) ?? 0));
    if (!grown && now - this.#lastAt < EVERY_MS) return;
    for (const { worker, to } of workers) this.#given.set(worker, to);
    this.#lastAt = now;
    const line: ProgressLine = {
      done,
      workers: workers.map(({ worker, from, to }) => [worker, from, to]),
      at: Math.round(now - this.#born),
    };
    this.#lastLine = lineOf(line);
    if (this.#size + this.#lastLine.length > COMPACT_AT) this.#compact();
    else this.#write(this.#lastLine, false);
  }

  /** Called when a failing run is learnt of, before anything else is done with it. */
  failure(entry: FailureEntry): void {
    const line = lineOf({ failure: entry });
    this.#kept.push(line);
    this.#write(line, true);
  }

  /** The check ended in order: nothing of it needs to be recovered. */
  end(how: JournalEnd): void {
    this.#write(lineOf({ end: how, at: Math.round(this.#clock() - this.#born) }), true);
    this.#close();
  }

  #write(line: string, sync: boolean): void {
    if (this.#file === null) return;
    try {
      writeAll(this.#file, line);
      if (sync) fsyncSync(this.#file);
      this.#size += line.length;
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #compact(): void {
    const text = [...this.#kept, this.#lastLine].join("");
    const temporary = `${this.path}.tmp-${String(process.pid)}`;
    try {
      const file = openFresh(temporary);
      writeAll(file, text);
      fsyncSync(file);
      renameSync(temporary, this.path);
      syncFolder(dirname(this.path));
      this.#close();
      this.#file = file;
      this.#size = text.length;
    } catch (error) {
      rmSync(temporary, { force: true });
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    this.#close();
    this.#onTrouble(reason(error));
  }

  #close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** A journal line. */
export const lineOf = (content: object): string => `${JSON.stringify(content)}\n`;

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
