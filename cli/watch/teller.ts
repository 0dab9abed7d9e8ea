/** What a round says: of everything that a check prints, the failures by name, what went wrong, and the last line. */
import { say, type Io } from "../io.ts";

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
  #last = "";

  constructor(io: Io) {
    this.#io = io;
  }

  hear(line: string, from: "stdout" | "stderr"): void {
    const [, failure, scenario] = FAILURE.exec(line) ?? [];
    const kept = KEPT.exec(line)?.[1];
    if (failure !== undefined && scenario !== undefined) {
      this.failing.add(scenario);
      say(this.#io, [`  ${failure}  in ${scenario}`]);
    } else if (kept !== undefined) {
      say(this.#io, [`    npx interlock replay ${kept}`]);
    } else if (TROUBLE.test(line)) {
      say(this.#io, [`  ${line}`]);
    }
    if (from === "stdout" && line !== "") this.#last = line;
  }

  /** The summary. */
  end(): void {
    if (this.#last !== "") say(this.#io, [`  ${this.#last}`]);
  }
}
