/** Paints lanes into a canvas. */
import { barsIn, firstBehind, type Lane, type Window } from "../lanes.ts";
import { placeIn } from "../search.ts";
import { fillOf, nameOf, type RunModel, type Theme } from "./model.ts";

/** Pixels. */
export const LANE = 38;
export const AGENT_LANE = 24;
export const TOP = 22;
const THREAD = 16;
const NESTED = 16;
const LABEL_LEAST = 34;
const TICK_LEAST = 7;
const FONT = "11px ui-sans-serif, system-ui, sans-serif";

/** What is painted besides the run. */
export interface Marks {
  readonly cursor: number;
  readonly matches: readonly number[];
  readonly difference: number | null;
}

/** Where it is painted. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** The height of all lanes. */
export const heightOf = (lanes: readonly Lane[]): number =>
  TOP + lanes.reduce((sum, { cpu }) => sum + (cpu === null ? AGENT_LANE : LANE), 0) + 6;

/** Paints everything. Cost: what is visible. */
export function paint(surface: Surface, model: RunModel, window: Window, marks: Marks): void {
  const { context, width, height } = surface;
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = "middle";
  paintRuler(surface, window);
  let y = TOP;
  for (const lane of model.lanes.lanes) {
    paintLane(surface, model, lane, window, y);
    y += lane.cpu === null ? AGENT_LANE : LANE;
  }
  paintSlice(surface, model, window);
  paintMarks(surface, model, window, marks);
}

/** Events of the causal slice are underlined in their lanes. */
function paintSlice({ context, width, theme }: Surface, { events, lanes }: RunModel, window: Window): void {
  const { slice = [] } = events;
  const scale = width / (window.to - window.from);
  const bottoms: number[] = [];
  for (const { cpu } of lanes.lanes) bottoms.push((bottoms.at(-1) ?? TOP) + (cpu === null ? AGENT_LANE : LANE));
  context.fillStyle = theme.dark ? "#8fb4ff" : "#2457c5";
  for (let i = placeIn(slice, Math.floor(window.from)); i < slice.length; i++) {
    const at = slice[i] ?? 0;
    if (at >= window.to) break;
    const bottom = bottoms[lanes.laneOf[events.events[at]?.context ?? 0] ?? 0] ?? TOP;
    context.fillRect((at - window.from) * scale, bottom - 3, Math.max(1, scale - 1), 2);
  }
}

const inkOf = ({ dark }: Theme): string => (dark ? "#e6e9ef" : "#1b2230");
const faintOf = ({ dark }: Theme): string => (dark ? "#8b95a7" : "#5b6576");
const lineOf = ({ dark }: Theme): string => (dark ? "#2a303c" : "#e2e6ec");

function paintRuler({ context, width, height, theme }: Surface, window: Window): void {
  const scale = width / (window.to - window.from);
  const step = niceStep(90 / scale);
  context.strokeStyle = lineOf(theme);
  context.fillStyle = faintOf(theme);
  context.lineWidth = 1;
  context.textAlign = "left";
  for (let at = Math.ceil(window.from / step) * step; at < window.to; at += step) {
    const x = Math.round((at - window.from) * scale) + 0.5;
    context.beginPath();
    context.moveTo(x, 14);
    context.lineTo(x, height);
    context.stroke();
    context.fillText(`e${String(at)}`, x + 3, 9);
  }
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  for (let power = 1; ; power *= 10) for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
}

function paintLane(surface: Surface, model: RunModel, lane: Lane, window: Window, top: number): void {
  const { context, width, theme } = surface;
  const bottom = top + (lane.cpu === null ? AGENT_LANE : LANE) - 3;
  const scale = width / (window.to - window.from);
  paintCurrent(surface, lane, window, bottom - THREAD / 2);
  for (const bar of barsIn(lane, window, width)) {
    const y = bar.nested ? bottom - THREAD - NESTED + 2 : bottom - THREAD;
    const x = Math.max(-2, bar.x);
    const size = Math.max(1, Math.min(width + 2, bar.x + bar.width) - x - (bar.width > 4 ? 1 : 0));
    context.fillStyle = fillOf(bar.context, theme);
    rounded(context, x, y, size, THREAD, bar.width > 6 ? 3 : 0);
    if (bar.nested && bar.width > 2) paintStem(surface, bar.x, bar.width, y + THREAD, bottom);
    if (bar.count > 1 || size < LABEL_LEAST) continue;
    context.fillStyle = theme.dark ? "#f4f6fa" : "#10151f";
    context.fillText(fitted(context, nameOf(model.events, bar.context), size - 8), x + 5, y + THREAD / 2 + 0.5);
  }
  if (scale >= TICK_LEAST) paintTicks(surface, lane, window, bottom);
}

/** A nested handler stands on the thread that it interrupted. */
function paintStem({ context, theme }: Surface, x: number, width: number, from: number, to: number): void {
  context.strokeStyle = faintOf(theme);
  context.setLineDash([2, 2]);
  context.strokeRect(x + 0.5, from, Math.max(1, width - 1), to - from);
  context.setLineDash([]);
}

/** The thread that is current while other CPUs act: a thin line in its colour. */
function paintCurrent({ context, width, theme }: Surface, lane: Lane, window: Window, y: number): void {
  if (lane.cpu === null) return;
  const scale = width / (window.to - window.from);
  const { stretches } = lane;
  let start = firstBehind(stretches, window.from);
  while (start > 0 && (stretches[start]?.nested ?? true)) start--;
  let drawn = -1;
  for (let i = start; i < stretches.length; i++) {
    const stretch = stretches[i];
    if (stretch === undefined || stretch.from >= window.to) break;
    if (stretch.nested) continue;
    let j = i + 1;
    while (stretches[j]?.nested === true) j++;
    const to = stretches[j]?.from ?? window.to;
    const x = (stretch.to - window.from) * scale;
    const end = (to - window.from) * scale;
    if (end - x < 1 && x - drawn < 1) continue;
    drawn = end;
    context.fillStyle = fillOf(stretch.context, theme, 0.55);
    context.fillRect(x, y - 1, end - x, 2);
  }
}

/** One tick for each event, when there is room. */
function paintTicks({ context, width, theme }: Surface, lane: Lane, window: Window, bottom: number): void {
  const scale = width / (window.to - window.from);
  context.fillStyle = theme.dark ? "rgb(255 255 255 / .35)" : "rgb(0 0 0 / .28)";
  for (let i = firstBehind(lane.stretches, window.from); i < lane.stretches.length; i++) {
    const stretch = lane.stretches[i];
    if (stretch === undefined || stretch.from >= window.to) break;
    const y = stretch.nested ? bottom - THREAD - NESTED + 2 : bottom - THREAD;
    for (let at = stretch.from + 1; at < stretch.to; at++) context.fillRect(Math.round((at - window.from) * scale), y + THREAD - 4, 1, 4);
  }
}

function paintMarks({ context, width, height, theme }: Surface, { events }: RunModel, window: Window, { cursor, matches, difference }: Marks): void {
  const scale = width / (window.to - window.from);
  const place = (at: number): number => (at + 0.5 - window.from) * scale;
  context.fillStyle = theme.dark ? "#f2b84b" : "#b26a00";
  let last = -9;
  for (const at of matches) {
    const x = place(at);
    if (x < 0 || x > width || x - last < 2) continue;
    last = x;
    context.fillRect(x - 1, TOP - 6, 2, 4);
  }
  for (const at of events.evidence) column(context, place(at), theme.dark ? "#ff6b6b" : "#c62828", height, 2);
  if (difference !== null) column(context, (difference - window.from) * scale, theme.dark ? "#7ee0a1" : "#0b7a3b", height, 2);
  const x = (cursor - window.from) * scale;
  context.fillStyle = theme.dark ? "rgb(255 255 255 / .14)" : "rgb(20 40 90 / .10)";
  context.fillRect(x, TOP - 8, Math.max(2, scale), height);
  column(context, place(cursor), inkOf(theme), height, 1.5);
}

function column(context: CanvasRenderingContext2D, x: number, colour: string, height: number, size: number): void {
  context.fillStyle = colour;
  context.fillRect(x - size / 2, TOP - 8, size, height);
  context.beginPath();
  context.moveTo(x - 5, TOP - 10);
  context.lineTo(x + 5, TOP - 10);
  context.lineTo(x, TOP - 3);
  context.fill();
}

function rounded(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number): void {
  if (radius === 0) {
    context.fillRect(x, y, width, height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(radius, width / 2));
  context.fill();
}

/** As much of a text as fits; nothing, where only a letter or two would. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  const whole = context.measureText(text).width;
  if (whole <= width) return text;
  const letters = Math.floor((text.length * (width - 8)) / whole);
  return letters < 3 ? "" : `${text.slice(0, letters)}…`;
}
