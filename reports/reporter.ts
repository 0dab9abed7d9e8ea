/**
 * The seam between a check and whoever tells about it. A reporter is data in, text out: its hooks say what to print
 * and which files to write, and the command line does it. Modules of users get the same hooks as our own.
 */
import type { FailureReport } from "./anatomy.ts";
import type { PlanRow, Results } from "./results.ts";
import type { RunEvents } from "./run-events.ts";

/** What is about to be run, told before the first run. */
export interface Opening {
  /** Of Interlock. */
  readonly version: string;
  readonly seed: number;
  readonly plan: readonly PlanRow[];
  /** The variant of the model, or null. */
  readonly variant: string | null;
  /** The only property that is armed, or null: all of them. */
  readonly property: string | null;
}

/** What came of it. */
export interface Ending {
  readonly results: Results;
  /** Regressions that fail and every distinct new failure, in the order in which they were told. */
  readonly failures: readonly FailureReport[];
  /** Interlock contradicted itself: the results are not to be trusted. Null when it did not. */
  readonly fault: Fault | null;
  /** What counts as failed besides new failures. */
  readonly strict: Strict;
}

/** A fault of Interlock, or of a module that it was given; not of the kernel. */
export interface Fault {
  readonly whose: "interlock" | "module";
  /** One line. */
  readonly message: string;
  /** More lines, for those who asked for them. */
  readonly details: readonly string[];
}

/** Whose fault it is, and what it is. */
export const faultLine = (fault: Fault): string => `${faultOf(fault)}, not of the kernel: ${fault.message}`;

/** Whose fault it is. */
export const faultOf = ({ whose }: Fault): string => (whose === "interlock" ? "fault of Interlock" : "fault of the module");

/** `--stale=fail`, `--inconclusive=fail`. */
export interface Strict {
  readonly stale: boolean;
  readonly inconclusive: boolean;
}

/** What a hook wants done; nothing where it returns nothing. */
export interface Output {
  /** Lines to print. */
  readonly print?: readonly string[];
  /** Files of the folder `--out` by name: written whole or not at all. */
  readonly files?: Readonly<Record<string, string>>;
  /** Markdown for the job summary of the CI system, if there is one. */
  readonly summary?: string;
}

/** What a hook returns. */
export type Told = Output | undefined | Promise<Output | undefined>;

/** What can be seen of a failing run by running it again: only then does it cost anything, and once for all reporters. */
export interface Look {
  readonly events: () => Promise<RunEvents>;
}

/** A reporter: hooks that are there are called, in this order. */
export interface Reporter {
  /** Standard output is for this reporter alone: everything else is printed on standard error. */
  readonly ownsStdout?: boolean;
  /** Before the first run. */
  readonly begin?: (opening: Opening) => Told;
  /** For each regression that fails, and, once the search is over, for each distinct new failure. */
  readonly failure?: (report: FailureReport, look: Look) => Told;
  /** Last, whatever happened. */
  readonly end?: (ending: Ending) => Told;
}
