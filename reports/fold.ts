/**
 * Folding: what repeats is shown once with its number of turns, and long stretches in which nothing changes are
 * cut to their ends. What changed a value, switched, was noted or failed is never folded away.
 */
import type { Story, StoryRow } from "./story.ts";

/** Longest cycle of rows that is recognised. */
const CYCLE_MAX = 12;
/** Turns of a cycle that are shown in full. */
const TURNS_SHOWN = 1;
/** Operations shown before and after something that matters. */
const AROUND = 2;
/** A stretch shorter than this is not worth an ellipsis. */
const STRETCH_LEAST = 4;

/**
 * Folds a story to so many rows, of which the last are kept: the end of a story tells most. Pure; cost: linear in
 * the rows times the longest cycle.
 */
export function fold(story: Story, rowsMax: number): Story {
  const turned = foldCycles(story.rows);
  const quiet = foldQuiet(turned);
  return { columns: story.columns, rows: cap(quiet, rowsMax) };
}

const ellipsis = (like: StoryRow, text: string): StoryRow => ({
  column: like.column,
  depth: like.depth,
  kind: "note",
  text,
});

const sameRow = (a: StoryRow | undefined, b: StoryRow | undefined): boolean =>
  a !== undefined && b !== undefined && a.column === b.column && a.depth === b.depth && a.text === b.text;

function turnsAt(rows: readonly StoryRow[], start: number, length: number): number {
  let turns = 1;
  for (;;) {
    const next = start + turns * length;
    for (let i = 0; i < length; i++) if (!sameRow(rows[start + i], rows[next + i])) return turns;
    turns++;
  }
}

function foldCycles(rows: readonly StoryRow[]): readonly StoryRow[] {
  const out: StoryRow[] = [];
  let i = 0;
  while (i < rows.length) {
    const [length, turns] = longestCycle(rows, i);
    const first = rows[i] as StoryRow; // i < rows.length
    if (turns <= TURNS_SHOWN + 1) {
      out.push(first);
      i++;
      continue;
    }
    out.push(...rows.slice(i, i + length * TURNS_SHOWN));
    const more = turns - TURNS_SHOWN - 1;
    out.push(ellipsis(first, `... ${String(more)} more ${more === 1 ? "turn" : "turns"}`));
    out.push(...rows.slice(i + length * (turns - 1), i + length * turns));
    i += length * turns;
  }
  return out;
}

/** The cycle at a row that swallows most: its length and its turns. */
function longestCycle(rows: readonly StoryRow[], start: number): readonly [number, number] {
  let best: readonly [number, number] = [1, 1];
  for (let length = 1; length <= CYCLE_MAX; length++) {
    const turns = turnsAt(rows, start, length);
    if (turns > 2 && turns * length > best[0] * best[1]) best = [length, turns];
  }
  return best;
}

const matters = (row: StoryRow): boolean => row.kind !== "op" && row.kind !== "call";

function foldQuiet(rows: readonly StoryRow[]): readonly StoryRow[] {
  const keep = rows.map(matters);
  rows.forEach((row, i) => {
    if (!matters(row)) return;
    for (let d = 1; d <= AROUND; d++) {
      if (rows[i - d]?.column === row.column) keep[i - d] = true;
      if (rows[i + d]?.column === row.column) keep[i + d] = true;
    }
  });
  keepCallers(rows, keep);
  const out: StoryRow[] = [];
  let i = 0;
  while (i < rows.length) {
    const row = rows[i] as StoryRow; // i < rows.length
    let end = i;
    while (end < rows.length && keep[end] === false && rows[end]?.column === row.column) end++;
    if (end - i >= STRETCH_LEAST) {
      out.push(ellipsis(row, "..."));
      i = end;
    } else {
      out.push(row);
      i++;
    }
  }
  return out;
}

/** A row is shown together with the routines it is in. */
function keepCallers(rows: readonly StoryRow[], keep: boolean[]): void {
  const wanted = new Map<number, number>();
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as StoryRow; // i is in range
    if (keep[i] === true) wanted.set(row.column, Math.min(row.depth, wanted.get(row.column) ?? row.depth));
    const depth = wanted.get(row.column) ?? 0;
    if (row.kind !== "call" || row.depth >= depth) continue;
    keep[i] = true;
    wanted.set(row.column, row.depth);
  }
}

function cap(rows: readonly StoryRow[], rowsMax: number): readonly StoryRow[] {
  const dropped = rows.length - rowsMax;
  const kept = rows.slice(Math.max(0, dropped));
  const first = kept[0];
  if (dropped <= 0 || first === undefined) return rows;
  return [{ ...ellipsis(first, `... ${String(dropped)} rows before`), depth: 0 }, ...kept];
}
