/** What a report page is made of, and what its two halves say to each other: the engine runs, the view shows. Plain data. */
import type { FailureReport } from "../anatomy.ts";
import type { Failure, Limits, Outcome } from "../../sim/index.ts";
import type { RunEvents } from "../run-events.ts";

/** What decides a run: the content of a token, read and checked before it came here. */
export interface PageCase {
  readonly scenario: string;
  readonly config: unknown;
  readonly choices: { readonly schedule: readonly number[]; readonly draws: readonly number[] };
  readonly property: string | null;
  /** Null: the usual ones. */
  readonly limits: Limits | null;
}

/** What a run leaves behind, to the bit: equal marks, equal runs. */
export interface PageMark {
  /** 64-bit hash of the log. */
  readonly log: string;
  readonly steps: number;
  readonly switches: number;
  readonly outcome: Outcome;
  /** Kind and id of what ended it, or "". */
  readonly failure: string;
}

/** What the page cannot see by itself: by event, numbers of stacks and places. */
export type PageNotes = Pick<RunEvents, "stacks" | "places" | "evidence"> & {
  /** Ascending; empty: there is none. */
  readonly slice: readonly number[];
  readonly stackOf: readonly number[];
  readonly placeOf: readonly number[];
};

/** A run of the page. */
export interface PageRun {
  readonly title: string;
  readonly what: PageCase;
  readonly token: string;
  /** As it was when the report was written. */
  readonly mark: PageMark;
  readonly notes: PageNotes;
}

/** Lines of a seed document: the first of them by number, and the texts. */
export interface SourceRange {
  readonly document: string;
  readonly title: string;
  readonly first: number;
  readonly lines: readonly string[];
}

/** Everything that is in a page besides its code. */
export interface PageData {
  readonly version: string;
  readonly report: Pick<FailureReport, "scenario" | "fingerprint" | "found" | "shrunk"> & { readonly failure: Failure | null };
  readonly run: PageRun;
  /** A run to compare it with, and what was changed to get it; null: none. */
  readonly neighbour: PageRun | null;
  readonly sources: readonly SourceRange[];
}

/** A run that was executed in the page. */
export interface PageReplay {
  readonly events: RunEvents;
  readonly mark: PageMark;
}

/** A field of an object, as it is. */
export interface FieldState {
  readonly name: string;
  readonly value: string;
  /** What is in it, where it holds several. */
  readonly items: readonly string[] | null;
}

/** An object. */
export interface ObjectState {
  readonly label: string;
  readonly fields: readonly FieldState[];
}

/** A context, as it is. */
export interface ContextState {
  readonly state: "new" | "runs" | "ready" | "waits" | "interrupted" | "off" | "done";
  /** What it waits for, or does next. */
  readonly told: string;
  readonly holds: readonly string[];
}

/** A CPU, as it is. Contexts by number. */
export interface CpuState {
  readonly id: number;
  readonly thread: number | null;
  readonly nested: number | null;
  /** In a critical section. */
  readonly masked: boolean;
  readonly pending: readonly number[];
}

/** The machine behind an event. */
export interface Snapshot {
  readonly now: number;
  readonly cpus: readonly CpuState[];
  readonly contexts: readonly ContextState[];
  /** Locks that are held or waited for. */
  readonly locks: readonly { readonly label: string; readonly owner: number | null; readonly waiters: readonly number[] }[];
  readonly objects: readonly ObjectState[];
}

/** The engine half. */
export interface PageEngine {
  readonly replay: (what: PageCase) => PageReplay;
  /** The machine when an event of that run, and what its context did behind it, is over. Runs it again up to there. */
  readonly inspect: (what: PageCase, events: RunEvents, event: number) => Snapshot;
}
