/**
 * Lanes: one for each CPU, one for each agent. Only one context acts in an event, so the stretches in which one goes on divide
 * the run; a lane has those of its contexts.
 */
import type { RunEvents } from "../run-events.ts";

/** A lane. */
export interface Lane {
  readonly title: string;
  /** Null: agents. */
  readonly cpu: number | null;
  readonly stretches: readonly Stretch[];
}

/** A context goes on from event `from` to before `to`. */
export interface Stretch {
  readonly context: number;
  readonly from: number;
  readonly to: number;
  /** It is an interrupt line: nested on a thread. */
  readonly nested: boolean;
  /** Control was taken from a context that could have gone on. */
  readonly preempts: boolean;
}

/** All lanes, CPUs first. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  /** By context; -1: it does nothing. */
  readonly laneOf: readonly number[];
}

/** More agents share a lane. */
const AGENTS_MOST = 4;

/** Lays a run out. Cost: linear. */
export function lanesOf({ contexts, events }: RunEvents): Lanes {
  const stretches = stretchesOf({ contexts, events });
  const acting = new Set(stretches.map(({ context }) => context));
  const cpus = [...new Set(contexts.flatMap(({ cpu }) => (cpu === null ? [] : [cpu])))].sort((a, b) => a - b);
  const agents = contexts.flatMap(({ cpu }, i) => (cpu === null && acting.has(i) ? [i] : []));
  const titles = agents.length > AGENTS_MOST ? ["agents"] : agents.map((i) => contexts[i]?.name ?? "?");
  const laneOf = contexts.map(({ cpu }, i) => {
    if (!acting.has(i)) return -1;
    if (cpu !== null) return cpus.indexOf(cpu);
    return cpus.length + (titles.length === agents.length ? agents.indexOf(i) : 0);
  });
  const own: Stretch[][] = [...cpus, ...titles].map(() => []);
  for (const stretch of stretches) own[laneOf[stretch.context] ?? 0]?.push(stretch);
  return {
    laneOf,
    lanes: own.map((list, i) => ({ title: i < cpus.length ? `cpu ${String(cpus[i])}` : (titles[i - cpus.length] ?? ""), cpu: cpus[i] ?? null, stretches: list })),
  };
}

function stretchesOf({ contexts, events }: Pick<RunEvents, "contexts" | "events">): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let from = 0; from < events.length;) {
    const first = events[from];
    const context = first?.context ?? 0;
    let to = from + 1;
    while (to < events.length && events[to]?.context === context) to++;
    found.push({ context, from, to, nested: contexts[context]?.line ?? false, preempts: first?.switched?.preempted ?? false });
    from = to;
  }
  return found;
}

/** The first stretch that ends behind an event. Cost: logarithmic. */
export function firstBehind(stretches: readonly Stretch[], event: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] as Stretch).to <= event) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Drawn as one. */
export interface Bar {
  readonly context: number;
  readonly x: number;
  readonly width: number;
  readonly nested: boolean;
  /** It stands for so many stretches, which are too short to be told apart. */
  readonly count: number;
  readonly from: number;
}

/** What of a lane is to be drawn in a window of events that is `width` wide. Neighbours below a pixel are one. */
export function barsIn(lane: Lane, window: Window, width: number): readonly Bar[] {
  const { stretches } = lane;
  const scale = width / (window.to - window.from);
  const bars: Mutable<Bar>[] = [];
  for (let i = firstBehind(stretches, window.from); i < stretches.length; i++) {
    const { context, from, to, nested } = stretches[i] as Stretch;
    if (from >= window.to) break;
    const x = (from - window.from) * scale;
    const bar: Mutable<Bar> = { context, x, width: (to - from) * scale, nested, count: 1, from };
    const last = bars.at(-1);
    if (last !== undefined && bar.width < 1 && last.nested === nested && x - last.x < 1.5) {
      last.width = Math.max(last.width, x + bar.width - last.x);
      last.count++;
    } else bars.push(bar);
  }
  return bars;
}

/** The events that are shown, `from` to before `to`; fractions are parts of one. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** At least so many events are shown. */
const LEAST = 12;

/** A window that lies in the run. */
export function clamped({ from, to }: Window, count: number): Window {
  const size = Math.min(Math.max(to - from, LEAST), Math.max(count, LEAST));
  const start = Math.min(Math.max(0, from), Math.max(0, Math.max(count, LEAST) - size));
  return { from: start, to: start + size };
}

/** Zooms by a factor; what is at `at` stays where it is. */
export const zoomed = ({ from, to }: Window, factor: number, at: number, count: number): Window =>
  clamped({ from: at - (at - from) * factor, to: at + (to - at) * factor }, count);

/** Moved as little as needed to show an event, with some around it; one moved so has no reason to move for the same event again. */
export function showing(window: Window, event: number, count: number): Window {
  const size = window.to - window.from;
  // Whole, like the places of events: what a fraction is rounded to would move the window a hair's breadth at every event.
  const margin = Math.min(Math.floor(size / 6), 8);
  if (event < window.from + margin) return clamped({ from: event - margin, to: event - margin + size }, count);
  if (event + 1 > window.to - margin) return clamped({ from: event + 1 + margin - size, to: event + 1 + margin }, count);
  return window;
}
