/** Two runs side by side: where they part. */
import type { RunEvent, RunEvents } from "../run-events.ts";

/** What is the same event in another run: who does what, and what comes of it. */
const meaning = ({ contexts }: RunEvents, { context, text, changes }: RunEvent): string =>
  `${contexts[context]?.name ?? ""}\n${text}\n${changes.map(({ field, after }) => `${field} ${after}`).join("\n")}`;

/** The first event that is not the same in both; null: the runs are the same. Where one ends, the other goes on. */
export function firstDifference(a: RunEvents, b: RunEvents): number | null {
  const both = Math.min(a.events.length, b.events.length);
  for (let i = 0; i < both; i++) {
    if (meaning(a, a.events[i] as RunEvent) !== meaning(b, b.events[i] as RunEvent)) return i;
  }
  return a.events.length === b.events.length ? null : both;
}

/** The next event of the same context in a direction; null: there is none. */
export function nextOfSame({ events }: RunEvents, from: number, direction: 1 | -1): number | null {
  const context = events[from]?.context;
  for (let i = from + direction; i >= 0 && i < events.length; i += direction) if (events[i]?.context === context) return i;
  return null;
}

/** The next event to which control came from another context; null: there is none. */
export function nextSwitch({ events }: RunEvents, from: number, direction: 1 | -1): number | null {
  for (let i = from + direction; i >= 0 && i < events.length; i += direction) if (events[i]?.context !== events[i - 1]?.context) return i;
  return null;
}
