/** What a page cannot see by itself is written down when the report is made, and put back when the run is the same. */
import { Hash64, type RunResult } from "../../sim/index.ts";
import type { RunEvents } from "../run-events.ts";
import type { PageMark, PageNotes } from "./page-data.ts";

/** What a run leaves behind. `log`: of its recording. */
export function markOf({ outcome, failure, steps, switches }: RunResult, log: Int32Array): PageMark {
  const hash = new Hash64();
  hash.addAll(log);
  return { log: hash.text, steps, switches, outcome, failure: failure === null ? "" : `${failure.kind} ${failure.id}` };
}

/** Writes it down. */
export const notesOf = ({ stacks, places, evidence, slice = [], events }: RunEvents): PageNotes =>
  ({ stacks, places, evidence, slice, stackOf: events.map(({ stack }) => stack), placeOf: events.map(({ place }) => place) });

/** Puts it back, into the events themselves: there may be very many. */
export function annotated(run: RunEvents, { stacks, places, evidence, slice, stackOf, placeOf }: PageNotes): RunEvents {
  run.events.forEach((event: { stack: number; place: number }, i) => {
    event.stack = stackOf[i] ?? 0;
    event.place = placeOf[i] ?? 0;
  });
  return { ...run, stacks, places, evidence, slice };
}

/** What is different between two runs, in words; empty: nothing, to the bit. */
export function differences(now: PageMark, then: PageMark): readonly string[] {
  const keys = ["outcome", "failure", "steps", "switches", "log"] as const;
  return keys.filter((key) => now[key] !== then[key]).map((key) => `${key} ${String(now[key]) || "none"} instead of ${String(then[key]) || "none"}`);
}
