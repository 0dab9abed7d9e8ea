/** Progress on standard error: one rewritten line on a terminal, a line every few seconds elsewhere. */
import type { Sink } from "./io.ts";

const TERMINAL_MS = 100;
const LOG_MS = 5_000;

/** Shows how far a check is. */
export class Progress {
  readonly #sink: Sink;
  readonly #total: number;
  #last: number;
  #shown = false;

  constructor(sink: Sink, total: number) {
    this.#sink = sink;
    this.#total = total;
    this.#last = performance.now();
  }

  /** Called often; shows rarely. */
  update(runs: number, where: string, failures: number): void {
    const now = performance.now();
    if (now - this.#last < (this.#sink.rewrites ? TERMINAL_MS : LOG_MS)) return;
    this.#last = now;
    const percent = Math.floor((100 * runs) / Math.max(1, this.#total));
    const found = failures === 0 ? "" : `, ${String(failures)} distinct failing so far`;
    const text = `${String(percent).padStart(3)} %  ${String(runs)} of ${String(this.#total)} runs  ${where}${found}`;
    if (!this.#sink.rewrites) {
      this.#sink.write(`${text}\n`);
      return;
    }
    this.#sink.write(`\r\u001b[2K${text.slice(0, Math.max(20, this.#sink.columns - 1))}`);
    this.#shown = true;
  }

  /** Takes the line away. */
  done(): void {
    if (this.#shown) this.#sink.write("\r\u001b[2K");
    this.#shown = false;
  }
}
