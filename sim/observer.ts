/** What a replay shows to whoever tells its story. Absent in exploration, where it costs nothing. */
import type { Context } from "./context.ts";
import type { Cell } from "./cell.ts";

/** Sees one run from inside. Everything is called at the moment itself, with the modelled stack in place. */
export interface Observer {
  /** An operation was announced; `at` is its place in the log. Its effect comes when the context goes on. */
  announced(context: Context, word: number, at: number): void;
  /** Another context goes on. */
  switched(context: Context): void;
  /** A cell was written. */
  value(cell: Cell<unknown>, before: unknown, after: unknown): void;
  /** Model code says something worth a line in a report. */
  note(text: string): void;
}
