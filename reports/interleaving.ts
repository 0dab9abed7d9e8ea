/**
 * The interleaving as a table: one column for each CPU, time downward, call depth indented, and at every switch
 * the reason. As wide as the terminal; a cell that is too long is wrapped.
 */
import { fold } from "./fold.ts";
import type { Story, StoryRow } from "./story.ts";
import { PLAIN_PAINT, shorten, wrap, type Paint } from "./text.ts";

const GAP = 2;
const MARGIN = 2;
/** A column narrower than this cannot be read: the table is then wider than the terminal. */
const COLUMN_LEAST = 24;
const COLUMN_MOST = 64;
const INDENT = 2;
const DEPTH_MAX = 8;

/** Rows of a table when nothing else is said. */
export const ROWS_MAX = 400;

/** Lines of the table, which shows the last `rowsMax` rows. */
export function interleaving(
  story: Story,
  width: number,
  paint: Paint = PLAIN_PAINT,
  rowsMax = ROWS_MAX,
): readonly string[] {
  const { columns, rows } = withoutSilent(fold(story, rowsMax));
  if (columns.length === 0) return [];
  const room = Math.floor((width - MARGIN - GAP * (columns.length - 1)) / columns.length);
  const longest = Math.max(
    ...columns.map((title) => title.length),
    ...rows.map((row) => indentOf(row) + row.text.length),
  );
  const cell = Math.max(COLUMN_LEAST, Math.min(COLUMN_MOST, room, longest));
  const margin = " ".repeat(MARGIN);
  const titles = columns.map((title) => shorten(title, cell).padEnd(cell)).join(" ".repeat(GAP));
  const head = paint.bold(margin + titles.trimEnd());
  return [head, ...rows.flatMap((row) => cellLines(row, cell).map((line) => margin + painted(row, line, paint)))];
}

function cellLines(row: StoryRow, cell: number): readonly string[] {
  const indent = " ".repeat(indentOf(row));
  const before = " ".repeat(row.column * (cell + GAP));
  return wrap(indent + row.text, cell, indent.length + INDENT).map((line) => before + line);
}

const indentOf = (row: StoryRow): number => Math.min(row.depth, DEPTH_MAX) * INDENT;

function painted(row: StoryRow, line: string, paint: Paint): string {
  switch (row.kind) {
    case "switch":
    case "note":
    case "context":
      return paint.dim(line);
    case "failure":
      return paint.red(line);
    case "value":
      return paint.yellow(line);
    case "call":
    case "op":
      return line;
  }
}

/** A column in which nothing happens is left out. */
function withoutSilent({ columns, rows }: Story): Story {
  const spoken = columns.map((_, i) => rows.some((row) => row.column === i && row.kind !== "context"));
  const places = columns.map((_, i) => spoken.slice(0, i).filter(Boolean).length);
  return {
    columns: columns.filter((_, i) => spoken[i]),
    rows: rows
      .filter((row) => spoken[row.column])
      .map((row) => ({ ...row, column: places[row.column] ?? 0 })),
  };
}
