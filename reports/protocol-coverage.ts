/**
 * Protocol coverage as a document: the content of `protocol-coverage.json`. Everything is counted in runs. Fields are
 * added by later versions and never changed.
 */

/** How much of what there is was covered. */
export interface Covered {
  readonly covered: number;
  readonly of: number;
}

/** The three kinds of coverage. */
export interface CoverageTotals {
  readonly orders: Covered;
  readonly branches: Covered;
  readonly errnos: Covered;
}

/** One operation on a class of objects. */
export interface OperationRow {
  readonly class: string;
  /** Kind of context and what it does: `netisr store`. */
  readonly operation: string;
  readonly runs: number;
  /** Who performs it, in those runs that were looked at more closely. */
  readonly routines: Readonly<Record<string, number>>;
}

/** A pair of operations of different contexts on one object. */
export interface OrderRow {
  readonly class: string;
  readonly first: string;
  readonly second: string;
  /** First came before second, second before first, one fell into the other. */
  readonly before: number;
  readonly after: number;
  readonly overlapped: number;
  /** They came together without a lock that both held: where this is 0 they cannot overlap. */
  readonly unguarded: number;
}

/** A branch that was taken, and by which kinds of contexts. */
export interface BranchRow {
  readonly branch: string;
  readonly routine: string;
  /** Line of the seed, or null. */
  readonly line: number | null;
  readonly by: Readonly<Record<string, number>>;
}

/** An errno that a routine returned. */
export interface ErrnoRow {
  readonly routine: string;
  readonly errno: string;
  readonly line: number | null;
  readonly runs: number;
  /** False: the table of what it may return does not have it. */
  readonly listed: boolean;
}

/** An order that was never seen, of two operations that both occurred. */
export interface EmptyOrder {
  readonly class: string;
  readonly first: string;
  /** `before`: first never came before second. `overlapped`: neither fell into the other. */
  readonly order: "before" | "overlapped";
  readonly second: string;
  /** False: in no run did they come to the same object. */
  readonly met: boolean;
  /** Runs in which the rarer of the two occurred: the more, the more surprising. */
  readonly runs: number;
}

/** A branch that nobody took. */
export interface EmptyBranch {
  readonly branch: string;
  readonly routine: string;
  readonly line: number | null;
}

/** An errno that was not returned; `called`: the routine returned something else. */
export interface EmptyErrno {
  readonly routine: string;
  readonly errno: string;
  readonly line: number | null;
  readonly called: boolean;
}

/** What was not covered, most interesting first. */
export interface Empty {
  readonly orders: readonly EmptyOrder[];
  readonly branches: readonly EmptyBranch[];
  readonly errnos: readonly EmptyErrno[];
}

/** One scenario. */
export interface ScenarioCoverageRow {
  readonly name: string;
  readonly runs: number;
  readonly totals: CoverageTotals;
  readonly operations: readonly OperationRow[];
  readonly orders: readonly OrderRow[];
  readonly branches: readonly BranchRow[];
  readonly errnos: readonly ErrnoRow[];
  readonly empty: Empty;
}

/** `protocol-coverage.json`. */
export interface ProtocolCoverageFile {
  readonly schema: 1;
  readonly version: string;
  readonly seed: number;
  readonly variant: string | null;
  /** Over all scenarios: covered by one of them is covered. */
  readonly totals: CoverageTotals;
  /** What no scenario covers. */
  readonly empty: Empty;
  readonly scenarios: readonly ScenarioCoverageRow[];
}

/** The text of the file: a row of a list is a line, so that two files can be compared. */
export const protocolCoverageJson = (file: ProtocolCoverageFile): string => `${text(file, "")}\n`;

/** A list has its elements on lines of their own, and so has what holds a list; everything else is one line. */
function text(value: unknown, indent: string): string {
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((each) => inner + text(each, inner)).join(",\n")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null || !Object.values(value).some(holdsList)) return JSON.stringify(value);
  const lines = Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${text(each, inner)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

const holdsList = (value: unknown): boolean =>
  Array.isArray(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsList));
