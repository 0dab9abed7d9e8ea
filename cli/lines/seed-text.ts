/** The text of the seed documents, by the line numbers that the project uses for them. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError, quote } from "../errors.ts";
import { readInput } from "../files.ts";

/** The lines of a document; index 1 is line 1, index 0 is empty. */
export type SeedText = readonly string[];

const NUMBERED = /^(\d+)(?:[\u00a0 ](.*))?$/;
const HEADER_MOST = 10;

/**
 * A document as lines. A listing that prints its own numbers keeps them; one with a mark for added lines counts from its
 * first line, without the marks.
 */
export function seedLines(text: string): SeedText {
  const raw = text.split(/\r?\n/);
  const lines: string[] = [""];
  const numbered = raw.slice(0, HEADER_MOST).some((line) => /^1[\u00a0 ]/.test(line));
  raw.forEach((line, i) => {
    if (!numbered) {
      lines[i + 1] = line.replace(/^\+/, "");
      return;
    }
    const [, number, rest = ""] = NUMBERED.exec(line) ?? [];
    if (number !== undefined) lines[Number(number)] = rest.replaceAll("\u00a0", " ");
  });
  return Array.from(lines, (line: string | undefined) => line ?? "");
}

/** Throws a `UsageError` for a folder that has no document at all: before a search, what is missing costs nothing. */
export function requireSeeds(folder: string): void {
  if (!namesIn(folder).some((name) => /^\d{3}_/.test(name))) throw missing(folder, "001");
}

/** Reads document `seed` (`001`) from a folder. Throws a `UsageError` when it is not there once. */
export function readSeed(folder: string, seed: string): SeedText {
  const names = namesIn(folder).filter((name) => name.startsWith(`${seed}_`));
  const [name] = names;
  if (name === undefined) throw missing(folder, seed);
  if (names.length > 1) throw new UsageError(`--sources: ${quote(folder)} has several documents ${seed}_…`);
  return seedLines(readInput(join(folder, name)));
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

const missing = (folder: string, seed: string): UsageError => new UsageError(`--sources: ${quote(folder)} has no document ${seed}_….txt`);
