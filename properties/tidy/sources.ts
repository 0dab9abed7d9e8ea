// The sources the tidy checks read.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";

/** A source file: its path from the root of the project, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Something untidy, and where. */
export interface Complaint {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export const ROOT = join(import.meta.dirname, "../..");

const PATTERNS = ["**/*.ts", "**/*.mjs"];
const IGNORED = ["**/node_modules", "build", "dist", "coverage", "interlock-out"];

/** Every source file of the project, tests included. */
export function readSources(): readonly Source[] {
  return globSync(PATTERNS, { cwd: ROOT, ignore: IGNORED })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

export const isTest = (path: string): boolean => /\.(test|long|page)\.ts$/.test(path);

/** The line, counted from 1, of an offset into a text. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split("\n").length;

/** One line per complaint, in the form editors can follow. */
export const render = (complaints: readonly Complaint[]): readonly string[] =>
  complaints.map(({ path, line, message }) => `${path}:${line}: ${message}`);
