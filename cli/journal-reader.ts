/**
 * Reads journals. The last line may be torn, a killed process may be in the middle of it; any other line that is not
 * understood is counted. What a journal says is checked before it is believed.
 */
import { closeSync, openSync, readSync, fstatSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "./errors.ts";
import { FAILURE_KINDS } from "./failure-kinds.ts";
import { reason } from "./files.ts";
import type { FailureEntry, JournalEnd, JournalHeader, ProgressLine } from "./journal.ts";
import { strategyText } from "../reports/index.ts";
import { parseStrategy } from "./strategies.ts";

/** What a journal says. */
export interface JournalContent {
  readonly header: JournalHeader;
  /** The last progress; null when the check was killed before any. */
  readonly progress: ProgressLine | null;
  /** Progress lines, the compacted ones apart. */
  readonly timeline: readonly ProgressLine[];
  readonly failures: readonly FailureEntry[];
  /** Null: the check did not end in order. */
  readonly end: JournalEnd | null;
  /** Whole lines that say nothing a journal says. */
  readonly strange: number;
}

const SIZE_MAX = 64 * 1024 * 1024;
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const text = z.string().max(400);

const row = z.object({
  scenario: text,
  strategy: text,
  parameters: z.record(text, z.union([z.int(), z.string().max(2000)])),
  firstSeed: count,
  runs: count,
  memory: z.enum(["tso", "pso"]).optional(),
}).refine(isStrategy, "no such strategy");

const header: z.ZodType<JournalHeader> = z.object({
  journal: z.literal(1),
  version: text,
  command: z.string().max(4000),
  seed: count,
  plan: z.array(row).max(10_000),
  property: text.nullable(),
  variant: text.nullable(),
  code: text,
  shard: z.object({ index: count, of: count.min(1) }).nullable(),
  process: z.object({ pid: count, host: text, born: text.nullable() }),
  started: text,
});

const progress: z.ZodType<ProgressLine> = z.object({
  done: count,
  workers: z.array(z.tuple([count, count, count])).max(4096),
  at: z.int(),
});

const failure: z.ZodType<{ readonly failure: FailureEntry }> = z.object({
  failure: z.object({
    run: count,
    fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
    property: text,
    kind: z.enum(FAILURE_KINDS),
    message: z.string(),
    scenario: text,
    token: z.string().regex(/^ilk[0-9]+:[\w+/=.~-]*$/),
  }),
});

const end = z.object({ end: z.enum(["complete", "SIGINT", "SIGTERM", "ended early"]) });

function isStrategy({ strategy, parameters }: { strategy: string; parameters: Record<string, number | string> }): boolean {
  try {
    parseStrategy(strategyText(strategy, parameters));
    return true;
  } catch {
    return false;
  }
}

/** Reads one; throws a {@link UsageError} when it cannot be read or does not begin as a journal does. */
export const readJournal = (path: string): JournalContent => journalIn(readBounded(path));

/** What the text of a journal says; throws as {@link readJournal} does. */
export function journalIn(content: string): JournalContent {
  const lines = wholeLines(content);
  const first = header.safeParse(parsed(lines[0] ?? ""));
  if (!first.success) {
    const issue = first.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? "it does not begin as a journal does" : `${issue.path.join(".")}: ${issue.message}`;
    throw new UsageError(where);
  }
  const timeline: ProgressLine[] = [];
  const failures = new Map<string, FailureEntry>();
  let ended: JournalEnd | null = null;
  let strange = 0;
  for (const line of lines.slice(1)) {
    const content = parsed(line);
    const asProgress = progress.safeParse(content);
    if (asProgress.success) {
      timeline.push(asProgress.data);
      continue;
    }
    const asFailure = failure.safeParse(content);
    const asEnd = end.safeParse(content);
    if (asFailure.success) failures.set(asFailure.data.failure.fingerprint, asFailure.data.failure);
    else if (asEnd.success) ended = asEnd.data.end;
    else strange++;
  }
  return {
    header: first.data,
    progress: timeline.at(-1) ?? null,
    timeline,
    failures: [...failures.values()],
    end: ended,
    strange,
  };
}

function readBounded(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > SIZE_MAX) throw new Error(`larger than ${String(SIZE_MAX)} bytes`);
      const bytes = Buffer.alloc(size);
      let length = 0;
      for (let got = -1; got !== 0 && length < size; length += got) got = readSync(file, bytes, length, size - length, length);
      return bytes.toString("utf8", 0, length);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new UsageError(reason(error));
  }
}

/** The last line counts only with its end. */
const wholeLines = (content: string): readonly string[] => content.split("\n").slice(0, -1);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
