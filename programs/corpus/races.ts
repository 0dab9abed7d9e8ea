/** `races.json`: linear traces with the verdict of a race detector. */
import { raceIn, type TraceEvent } from "../race-traces.ts";
import { isRecord } from "../reading.ts";
import { Comparison, Malformed, entry, list, member, text, type Entry, type Judged } from "./entry.ts";

/** What is known of a trace. */
interface Expected {
  readonly race: boolean;
  /** The first event that must be told; null: there is none, or it is not recorded. */
  readonly at: number | null;
}

/** The entries of a file. Throws {@link Malformed}. */
export function readRaces(file: unknown): readonly Entry[] {
  return list(file, "the file").map((value, i) => {
    const where = `[${String(i)}]`;
    const events = list(member(value, "events", where), `${where}: events`)
      .map((event, at) => readEvent(event, `${where}: events[${String(at)}]`));
    const expected = readExpected(member(value, "expected", where), `${where}: expected`);
    return entry(text(value, "name", where), () => judge(events, expected));
  });
}

function readEvent(value: unknown, where: string): TraceEvent {
  const extra = isRecord(value) ? value["extra"] : undefined;
  if (extra !== undefined && extra !== null && typeof extra !== "string") throw new Malformed(`${where}: extra is no text`);
  return { thread: text(value, "thread", where), op: text(value, "op", where), obj: text(value, "obj", where), extra: extra ?? null };
}

function readExpected(value: unknown, where: string): Expected {
  const race = member(value, "race", where);
  const at = isRecord(value) ? value["at_event"] : undefined;
  if (typeof race !== "boolean") throw new Malformed(`${where}: race is neither true nor false`);
  if (at !== undefined && at !== null && typeof at !== "number") throw new Malformed(`${where}: at_event is no number`);
  return { race, at: at ?? null };
}

function judge(events: readonly TraceEvent[], { race, at }: Expected): Judged {
  const found = raceIn(events);
  if ("unsupported" in found) return { verdict: "unsupported", lines: [found.unsupported] };
  const comparison = new Comparison();
  comparison.figure("race", race, found.at !== null);
  comparison.figure("at event", at, found.at);
  return comparison.judged;
}
