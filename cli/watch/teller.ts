/** What a round says: of everything that a check prints, the failures by name, what went wrong, and the last line; on a terminal, how far it is. */
import { say, type Io } from "../io.ts";
import { StatusLine, isProgress } from "../progress.ts";

/** The first line of a failure. */
const FAILURE = /^([A-Z][a-z]+ {2}\S+) {2}in (\S+)$/;
/** The file that keeps it. */
const KEPT = /^ {2}kept in {4}([^,\s]+)/;
const TROUBLE = /^(?:interlock: |fault of )/;

/** Hears one round. */
export class Teller {
  /** Names of scenarios with a failure that is not known. */
  readonly failing = new Set<string>();
  readonly #io: Io;
  readonly #progress: StatusLine;
  #last = "";

  constructor(io: Io) {
    this.#io = io;
    this.#progress = new StatusLine(io.stderr);
  }

  hear(line: string, from: "stdout" | "stderr"): void {
    if (from === "stderr" && isProgress(line)) {
      this.#progress.show(`  ${line}`);
      return;
    }
    const [, failure, scenario] = FAILURE.exec(line) ?? [];
    const kept = KEPT.exec(line)?.[1];
    if (failure !== undefined && scenario !== undefined) {
      this.failing.add(scenario);
      this.#say(`  ${failure}  in ${scenario}`);
    } else if (kept !== undefined) {
      this.#say(`    npx interlock replay ${kept}`);
    } else if (TROUBLE.test(line)) {
      this.#say(`  ${line}`);
    }
    if (from === "stdout" && line !== "") this.#last = line;
  }

  /** The summary. */
  end(): void {
    this.#progress.clear();
    if (this.#last !== "") this.#say(`  ${this.#last}`);
  }

  #say(line: string): void {
    this.#progress.clear();
    say(this.#io, [line]);
  }
}
