/** Progress on standard error: one rewritten line on a terminal, a line every few seconds elsewhere. */
import type { Environment, Sink } from "./io.ts";

const TERMINAL_MS = 100;
const LOG_MS = 5_000;

/** Set for a check whose lines somebody else reads and shows: lines come as often as a terminal would be written. */
const RELAYED = "INTERLOCK_PROGRESS_RELAYED";

/** What a line of progress looks like to whoever reads it. */
const LINE = /^ {0,2}\d{1,3} % {2}\d+ of \d+ runs {2}\S/;

/** Is this line of standard error one of progress? */
export const isProgress = (line: string): boolean => LINE.test(line);

/** The environment of a check whose progress is shown on `sink` by its parent, where that can be done. */
export const relayedTo = (sink: Sink): Environment => ({ [RELAYED]: sink.rewrites ? "1" : undefined });

/** One line of a terminal that is written over; nothing where that cannot be. */
export class StatusLine {
  readonly #sink: Sink;
  #shown = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  show(text: string): void {
    if (!this.#sink.rewrites) return;
    this.#sink.write(`\r\u001b[2K${text.slice(0, Math.max(20, this.#sink.columns - 1))}`);
    this.#shown = true;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#sink.write("\r\u001b[2K");
    this.#shown = false;
  }
}

/** Shows how far a check is. */
export class Progress {
  readonly #sink: Sink;
  readonly #line: StatusLine;
  readonly #total: number;
  readonly #everyMs: number;
  #last: number;

  constructor(sink: Sink, total: number, env: Environment = {}) {
    this.#sink = sink;
    this.#line = new StatusLine(sink);
    this.#total = total;
    this.#everyMs = sink.rewrites || env[RELAYED] === "1" ? TERMINAL_MS : LOG_MS;
    this.#last = performance.now();
  }

  /** Called often; shows rarely. */
  update(runs: number, where: string, failures: number): void {
    const now = performance.now();
    if (now - this.#last < this.#everyMs) return;
    this.#last = now;
    const percent = Math.floor((100 * runs) / Math.max(1, this.#total));
    const found = failures === 0 ? "" : `, ${String(failures)} distinct failing so far`;
    const text = `${String(percent).padStart(3)} %  ${String(runs)} of ${String(this.#total)} runs  ${where}${found}`;
    if (this.#sink.rewrites) this.#line.show(text);
    else this.#sink.write(`${text}\n`);
  }

  /** Takes the line away. */
  done(): void {
    this.#line.clear();
  }
}
