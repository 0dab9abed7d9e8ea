/**
 * The failures that were found: `regressions/NAME.json`, one file each, written whole. A check replays all of them
 * before anything else; a file is a promise that what failed once will be tried for ever.
 */
import { closeSync, fsyncSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import type { FailureKind } from "../sim/index.ts";
import { UsageError, isUsageError, messageOf, oneLine } from "./errors.ts";
import type { Io } from "./io.ts";
import type { Meaning } from "./meaning.ts";
import { appear, isFolder, openFresh, prepareFolder, reason, syncFolder } from "./files.ts";

/** How large a failing run is. */
export interface CaseSize {
  readonly steps: number;
  readonly switches: number;
  /** Deviations from the default schedule, and draws that are not benign. */
  readonly choices: number;
  readonly cpus: number;
  readonly actors: number;
  readonly packets: number;
}

/** What a file says. */
export interface RegressionFile {
  readonly format: 2;
  readonly name: string;
  readonly property: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly scenario: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly found: {
    readonly version: string;
    readonly code: string;
    readonly variant: string | null;
    readonly strategy: string;
    readonly seed: number;
    readonly run: number | null;
  };
  readonly size: { readonly found: CaseSize; readonly shrunk: CaseSize };
  readonly shrunk: readonly ("schedule" | "configuration")[];
  /** Its run by meaning; null: the file was of format 1, which says nothing of it. */
  readonly meaning: Meaning | null;
}

/** A file that was read. */
export interface Regression extends RegressionFile {
  /** Its path as messages name it: `regressions/NAME.json`. */
  readonly path: string;
}

/** What is written about a failure; its name is found when it is. */
export type RegressionDraft = Omit<RegressionFile, "format" | "name">;

const FILES_MAX = 10_000;
/** A token may be long; nothing comes near. */
const FILE_MAX = 32 * 1024 * 1024;
const NAME_MAX = 60;

/** Reads and writes the files of one folder. */
export class Regressions {
  /** Null: nothing is read or written. */
  readonly folder: string | null;
  readonly entries: readonly Regression[];
  readonly #fingerprints: Set<string>;

  private constructor(folder: string | null, entries: readonly Regression[]) {
    this.folder = folder;
    this.entries = entries;
    this.#fingerprints = new Set(entries.map(({ fingerprint }) => fingerprint));
  }

  /** Reads a folder, by name; one that does not exist is empty. Throws a {@link UsageError} for a damaged file. */
  static async open(folder: string | null): Promise<Regressions> {
    if (folder === null) return new Regressions(null, []);
    const names = namesIn(folder);
    if (names.length === 0) return new Regressions(folder, []);
    const schemas = await import("./regression-schema.ts");
    const entries = names.map((name): Regression => {
      const path = join(basename(folder), name);
      return { ...regressionIn(schemas, jsonIn(join(folder, name), path), path), name: name.replace(/\.json$/, ""), path };
    });
    return new Regressions(folder, entries);
  }

  /** Is there a file for the failure? */
  has(fingerprint: string): boolean {
    return this.#fingerprints.has(fingerprint);
  }

  /**
   * Writes a file for a failure, which then is on the disk for certain; returns its path as messages name it. Writes
   * nothing when the failure has a file already, of this process or of another: then that path, null if unknown.
   * Throws a {@link UsageError} when the folder cannot be written.
   */
  save(draft: RegressionDraft): string | null {
    if (this.has(draft.fingerprint)) {
      return this.entries.find(({ fingerprint }) => fingerprint === draft.fingerprint)?.path ?? null;
    }
    const { folder } = this;
    if (folder === null) return null;
    prepareFolder(folder);
    const stem = nameOf(draft);
    for (let n = 1; ; n++) {
      const name = n === 1 ? stem : `${stem}-${String(n)}`;
      const text = textOf({ format: 2, name, ...draft });
      const there = createWhole(folder, `${name}.json`, text);
      if (there !== null && !there.includes(`"fingerprint": "${draft.fingerprint}"`)) continue;
      this.#fingerprints.add(draft.fingerprint);
      return join(basename(folder), `${name}.json`);
    }
  }
}

/** {@link Regressions.save}; that it cannot be written is said, and does not end the check. */
export function keep({ stderr }: Io, regressions: Regressions, draft: RegressionDraft): string | null {
  try {
    return regressions.save(draft);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    stderr.write(`interlock: ${draft.property} is not kept as a regression: ${error.message}\n`);
    return null;
  }
}

/** The schemas of the formats, which are loaded when there is something to read. */
interface Schemas {
  readonly regressionSchema: z.ZodType<RegressionFile>;
  readonly regressionSchema1: z.ZodType<Omit<RegressionFile, "format" | "meaning">>;
}

/** What a file says, checked; `path` names it. Format 1 is brought up to format 2. Throws a {@link UsageError}. */
export function regressionIn({ regressionSchema, regressionSchema1 }: Schemas, value: unknown, path: string): RegressionFile {
  const format = formatOf(value);
  if (typeof format === "number" && Number.isSafeInteger(format) && format > FORMAT)
    throw new UsageError(`${oneLine(path)}: a regression of format ${String(format)}, which is newer than this version reads (1 and ${String(FORMAT)}): update Interlock`);
  if (format === 1) return { ...checked(regressionSchema1, value, path, 1), format: FORMAT, meaning: null };
  if (format !== FORMAT) throw new UsageError(`${oneLine(path)}: not a regression: format: expected 1 or ${String(FORMAT)}`);
  return checked(regressionSchema, value, path, FORMAT);
}

/** What a text says, if it is that of a file of regressions/; null: it is something else. Throws a {@link UsageError} for a damaged one. */
export async function regressionOf(text: string, path: string): Promise<RegressionFile | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof formatOf(value) !== "number" || !Object.hasOwn(value as object, "found")) return null;
  return regressionIn(await import("./regression-schema.ts"), value, path);
}

const FORMAT = 2;

const formatOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "format") ? (value as { readonly format: unknown }).format : undefined;

function checked<T>(schema: z.ZodType<T>, value: unknown, path: string, format: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new UsageError(`${oneLine(path)}: not a regression of format ${String(format)}: ${where}${issue?.message ?? ""}`);
}

/** The text of a file: a choice is a line. */
function textOf({ meaning, ...fields }: RegressionFile): string {
  const listed = (list: readonly unknown[]): string => `[${list.map((each) => `\n      ${JSON.stringify(each)}`).join(",")}${list.length === 0 ? "" : "\n    "}]`;
  const lines = Object.entries(meaning ?? {}).map(([name, value]: [string, string | readonly unknown[]]) =>
    `    ${JSON.stringify(name)}: ${typeof value === "string" ? JSON.stringify(value) : listed(value)}`);
  return `${JSON.stringify(fields, null, 2).replace(/\n\}$/, "")},\n  "meaning": {\n${lines.join(",\n")}\n  }\n}\n`;
}

function namesIn(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (error) {
    throw new UsageError(`cannot read ${oneLine(folder)}: ${reason(error)}`);
  }
  if (names.length > FILES_MAX) throw new UsageError(`${oneLine(folder)} holds more than ${String(FILES_MAX)} files`);
  return names.sort();
}

function jsonIn(file: string, path: string): unknown {
  try {
    const { size } = statSync(file);
    if (size > FILE_MAX) throw new Error(`larger than ${String(FILE_MAX)} bytes`);
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${oneLine(path)}: ${reason(error)}`);
  }
}

/** `no-lost-start-quiet-card`: the same for the same failure. */
function nameOf({ property, scenario }: RegressionDraft): string {
  const words = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").slice(0, NAME_MAX);
  return `${words(property)}-${words(scenario)}`.replaceAll(/^-+|-+$/g, "").replaceAll(/-{2,}/g, "-") || "failure";
}

/**
 * Makes a file that is whole and on the disk from the moment it appears; when the name is taken, the text that is
 * there.
 */
function createWhole(folder: string, name: string, text: string): string | null {
  const path = join(folder, name);
  const temporary = join(folder, `.${name}.tmp-${String(process.pid)}`);
  try {
    const file = openFresh(temporary);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const made = appear(temporary, path);
    if (!made) return readFileSync(path, "utf8");
    syncFolder(folder);
    return null;
  } catch (error) {
    throw new UsageError(`cannot write ${oneLine(path)}: ${messageOf(error)}`);
  } finally {
    rmSync(temporary, { force: true });
  }
}
