/**
 * A failure as a document: promise, place, evidence, story, replay, facts. The first line can be grepped by the
 * id. Built from data by pure functions; a report never guesses the fix.
 */
import type { Fact, Failure, FailureSite, Wait } from "../sim/index.ts";
import { ROWS_MAX, interleaving } from "./interleaving.ts";
import type { Story } from "./story.ts";
import { PLAIN_PAINT, count, wrap, type Paint } from "./text.ts";

/** Steps and switches of a run. */
export interface RunSize {
  readonly steps: number;
  readonly switches: number;
}

/** Everything said about one failure. */
export interface FailureReport {
  readonly failure: Failure;
  readonly scenario: string;
  /** Null for a race: its story ends at the second access. */
  readonly site: FailureSite | null;
  readonly story: Story | null;
  readonly token: string;
  readonly fingerprint: string;
  readonly found: RunSize & {
    readonly strategy: string;
    readonly seed: number;
    /** Runs that failed in this way; null when they were not counted. */
    readonly runs: number | null;
  } | null;
  /** The same failure made smaller; null when it was not tried. `also`: what else became less, by its singular. */
  readonly shrunk: RunSize & { readonly also: readonly (readonly [noun: string, before: number, after: number])[] } | null;
  /** The file that keeps it, as messages name it; null when none does. */
  readonly kept: string | null;
}

/** Where labels end: facts are aligned. */
const LABEL = 10;

/** Lines of the document; of the story the last `rowsMax` rows. */
export function anatomy(
  report: FailureReport,
  width: number,
  paint: Paint = PLAIN_PAINT,
  rowsMax = ROWS_MAX,
): readonly string[] {
  const { failure, scenario, site, story, token } = report;
  const pad = Math.max(LABEL, ...failure.facts.map(([label]) => label.length));
  const table = story === null ? [] : interleaving(story, width, paint, rowsMax);
  return [
    paint.bold(paint.red(`${failure.kind}  ${failure.id}  in ${scenario}`)),
    ...wrap(`  ${failure.message}`, width, 2),
    "",
    ...(site === null ? [] : line("at", siteText(site), width, pad)),
    ...failure.facts.flatMap((fact) => line(...fact, width, pad)),
    ...waitLines(failure.waits ?? [], width),
    ...(table.length > 0 ? ["", ...table] : []),
    "",
    `  ${"replay".padEnd(LABEL)} npx interlock replay ${token}`,
    ...closing(report).flatMap((fact) => line(...fact, width)),
  ];
}

function line(label: string, value: string, width: number, pad = LABEL): readonly string[] {
  return wrap(`  ${label.padEnd(pad)} ${value}`, width, pad + 3);
}

function siteText(site: FailureSite): string {
  const place = site.context ?? "quiescence";
  return `${place}, ${microseconds(site.now)}, after step ${String(site.step)}`;
}

/** Virtual time, in microseconds with three digits: exact, without floating point. */
function microseconds(ns: number): string {
  const whole = Math.floor(ns / 1000);
  return `${String(whole)}.${String(ns % 1000).padStart(3, "0")} us`;
}

function waitLines(waits: readonly Wait[], width: number): readonly string[] {
  if (waits.length === 0) return [];
  const told = waits.map((wait) => {
    const holder = wait.heldBy === null ? "" : `, held by ${wait.heldBy}`;
    return `${wait.context} waits for ${wait.for}${holder}`;
  });
  return told.flatMap((text, i) => line(i === 0 ? "cycle" : "", text, width));
}

function closing({ found, shrunk, fingerprint, kept }: FailureReport): readonly Fact[] {
  const facts: Fact[] = [];
  if (found !== null && shrunk !== null) {
    const changes = [
      ["step", found.steps, shrunk.steps] as const,
      ["switch", found.switches, shrunk.switches] as const,
      ...shrunk.also,
    ];
    const told = changes.map(([noun, before, after]) => `${counted(before, noun)} to ${String(after)}`);
    facts.push(["shrunk", told.join(", ")]);
  }
  if (found !== null) {
    const often = found.runs === null ? "" : `; ${count(found.runs, "run")} failed so`;
    facts.push(["found by", `${found.strategy}, seed ${String(found.seed)}${often}`]);
  }
  if (kept !== null) facts.push(["kept in", kept]);
  facts.push(["finding", fingerprint]);
  return facts;
}

/** `1 switch`, `2 switches`. */
const counted = (n: number, noun: string): string => count(n, noun).replace(/hs$/, "hes");
