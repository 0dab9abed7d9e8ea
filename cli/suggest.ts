/** Did you mean: names close to a misspelt one. */
import { UsageError, quote } from "./errors.ts";

/** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
export function distance(a: string, b: string): number {
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(older, j - 2) + 1);
      row.push(best);
    }
    older = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Infinity;

/** The name that was most likely meant, or null. */
export function closest(word: string, names: readonly string[]): string | null {
  const short = word.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let least = Math.max(2, Math.floor(short.length * 0.4)) + 1;
  for (const name of names) {
    const d = name.startsWith(short) && short.length > 2 ? 1 : distance(short, name.toLowerCase());
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

/** The error for a name that does not exist: `what` is the kind of thing, as the user calls it. */
export function unknownName(what: string, word: string, names: readonly string[]): UsageError {
  const meant = closest(word, names);
  const hint = meant === null ? `known: ${names.join(", ") || "none"}` : `did you mean ${meant}?`;
  return new UsageError(`unknown ${what} ${quote(word)}; ${hint}`);
}
