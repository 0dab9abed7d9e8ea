/**
 * The journals of a folder: several checks may write there at the same time, and those that were killed have left
 * theirs. A journal is taken over, or taken away, by a rename: of two checks one succeeds.
 */
import { readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isUsageError } from "./errors.ts";
import { appear, writeFresh } from "./files.ts";
import { Journal, lineOf, type JournalHeader, type ProcessName } from "./journal.ts";
import type { JournalContent } from "./journal-reader.ts";

const NAME = /^journal(?:-[0-9]+)?(?:\.taken-[0-9]+)?\.jsonl$/;
/** Names tried before a check goes without a journal. */
const NAMES_MAX = 1000;
/** A check on another machine that writes nothing for so long is gone: it writes every 100 ms. */
const SILENT_MS = 10_000;

/** Journals this process writes: it is alive, whatever its number says. */
const own = new Set<string>();

/** This process. */
export const thisProcess = (): ProcessName => ({ pid: process.pid, host: hostname(), born: bornAt(process.pid) });

/** When a process began, where the system tells: numbers of processes are used again. */
function bornAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, host, born }: ProcessName, path: string): boolean {
  if (host !== hostname()) return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < SILENT_MS;
  if (pid === process.pid) return own.has(path);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const now = bornAt(pid);
  return now === null || born === null || now === born;
}

/** Starts a journal in a folder that can be written; null when every name is in use. Throws what the file system throws. */
export function startJournal(folder: string, header: JournalHeader, onTrouble: (why: string) => void): Journal | null {
  const text = lineOf(header);
  const temporary = join(folder, `.journal.tmp-${String(process.pid)}-${String(own.size)}`);
  writeFresh(temporary, text);
  try {
    for (let n = 1; n <= NAMES_MAX; n++) {
      const path = join(folder, n === 1 ? "journal.jsonl" : `journal-${String(n)}.jsonl`);
      clearEnded(path);
      if (!appear(temporary, path)) continue;
      own.add(path);
      return new Journal(path, text, onTrouble);
    }
    return null;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Removes a journal whose check ended in order. */
function clearEnded(path: string): void {
  if (!hasEnded(path)) return;
  own.delete(path);
  const taken = take(path);
  if (taken === null) return;
  if (hasEnded(taken)) rmSync(taken, { force: true });
  // Another check was faster: it is that one's now.
  else renameSync(taken, path);
}

/** Is the last line the end? */
function hasEnded(path: string): boolean {
  try {
    const last = readFileSync(path, "latin1").trimEnd().split("\n").at(-1) ?? "";
    return /^\{"end":/.test(last);
  } catch {
    return false;
  }
}

/** Renames a journal so that nobody else takes it; null when somebody has. */
function take(path: string): string | null {
  const stem = path.replace(/(?:\.taken-[0-9]+)?\.jsonl$/, "");
  const taken = `${stem}.taken-${String(process.pid)}.jsonl`;
  if (taken === path) return path;
  try {
    renameSync(path, taken);
    return taken;
  } catch {
    return null;
  }
}

/** What was found in a folder besides journals that ended in order. */
export interface Found {
  /** Of checks that did not end in order; taken: nobody else recovers them. */
  readonly killed: readonly { readonly path: string; readonly content: JournalContent }[];
  /** Of checks that run now. */
  readonly running: readonly JournalHeader[];
  /** What cannot be read is set aside under another name. */
  readonly damaged: readonly { readonly path: string; readonly aside: string; readonly why: string }[];
}

/** Looks through a folder; one that does not exist holds nothing. */
export async function findJournals(folder: string): Promise<Found> {
  const found = { killed: [] as Found["killed"][number][], running: [] as JournalHeader[], damaged: [] as Found["damaged"][number][] };
  const paths = namesIn(folder).map((name) => join(folder, name)).filter((path) => !hasEnded(path));
  if (paths.length === 0) return found;
  const { readJournal } = await import("./journal-reader.ts");
  for (const path of paths) {
    try {
      const { header } = readJournal(path);
      if (isAlive(header.process, path)) {
        found.running.push(header);
        continue;
      }
      const taken = take(path);
      if (taken !== null) found.killed.push({ path: taken, content: readJournal(taken) });
    } catch (error) {
      if (!isUsageError(error)) throw error;
      if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
        found.damaged.push({ path, aside: setAside(path), why: error.message });
      }
    }
  }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name)).sort();
  } catch {
    return [];
  }
}

/** Renames a journal so that it is no longer looked at; returns the new name, or the old one when that fails. */
export function setAside(path: string): string {
  for (let n = 1; n <= NAMES_MAX; n++) {
    const aside = `${path}.aside-${String(n)}`;
    if (statSync(aside, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      renameSync(path, aside);
      return aside;
    } catch {
      return path;
    }
  }
  return path;
}
