/** A run as the view works with it. */
import type { PageCase, PageRun } from "../../html/page-data.ts";
import type { RunEvent, RunEvents } from "../../run-events.ts";
import { lanesOf, type Lanes } from "../lanes.ts";

/** A run that was executed, laid out. */
export interface RunModel {
  readonly title: string;
  readonly token: string;
  readonly what: PageCase;
  readonly events: RunEvents;
  readonly lanes: Lanes;
}

/** Lays it out. */
export const modelOf = ({ title, token, what }: PageRun, events: RunEvents): RunModel =>
  ({ title, token, what, events, lanes: lanesOf(events) });

/** The event, or one that says nothing where there is none. */
export const eventAt = ({ events }: RunEvents, index: number): RunEvent | undefined => events[index];

/** The name of a context. */
export const nameOf = ({ contexts }: RunEvents, context: number | null | undefined): string =>
  context === null || context === undefined ? "nobody" : (contexts[context]?.name ?? "?");

/** Hues that differ for eyes of all kinds when they stand side by side; contexts take them in turn. */
const HUES = [212, 28, 158, 282, 48, 340, 190, 96, 246, 8, 130, 312];

/** The hue of a context. */
const hueOf = (context: number): number => HUES[context % HUES.length] ?? 0;

/** Colours of a theme. */
export interface Theme {
  readonly dark: boolean;
}

/** The fill of a context, in the canvas and beside text. `strength`: 1, or less for what only waits. */
export function fillOf(context: number, { dark }: Theme, strength = 1): string {
  const lightness = dark ? 44 : 66;
  return `hsl(${String(hueOf(context))} ${dark ? "46%" : "68%"} ${String(lightness)}% / ${String(strength)})`;
}
