/**
 * The story of a run as plain data: who did what on which CPU, in the order in which it took effect. It comes
 * from a replay that is watched; reports only lay it out.
 */

/** One line of the table. */
export interface StoryRow {
  /** Index into {@link Story.columns}. */
  readonly column: number;
  /** Depth in the modelled call stack. */
  readonly depth: number;
  readonly text: string;
  /**
   * `call`: a routine is entered. `op`: an operation took effect. `value`: a field changed. `switch`: another
   * context goes on, and why. `note`: said by the model. `context`: another context speaks in this column.
   */
  readonly kind: "call" | "op" | "value" | "switch" | "note" | "context" | "failure";
}

/** Columns and rows. */
export interface Story {
  /** `cpu 0`, or the name of an agent. */
  readonly columns: readonly string[];
  readonly rows: readonly StoryRow[];
}
