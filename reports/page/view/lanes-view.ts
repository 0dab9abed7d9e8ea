/** The lanes: a canvas that is painted when something changes, with the mouse for moving about in it. */
import type { VNode } from "preact";
import { h } from "./h.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { clamped, zoomed, type Window } from "../lanes.ts";
import { moved } from "./activity.ts";
import type { RunModel, Theme } from "./model.ts";
import { AGENT_LANE, LANE, TOP, heightOf, paint, type Marks } from "./paint.ts";

/** What it shows, and whom it tells. */
export interface LanesProps extends Marks {
  readonly model: RunModel;
  readonly window: Window;
  readonly theme: Theme;
  readonly onWindow: (window: Window) => void;
  readonly onCursor: (event: number) => void;
}

interface Drag {
  readonly x: number;
  readonly window: Window;
  moved: boolean;
}

/** Wheel steps that double. */
const DOUBLE = 300;

/** The canvas with its titles. */
export function LanesView(props: LanesProps): VNode {
  const { model, window: shown, onWindow, onCursor } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Drag | null>(null);
  const [width, setWidth] = useState(0);
  const height = heightOf(model.lanes.lanes);
  const count = model.events.events.length;
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (element === null || element === undefined) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    if (element === null || width === 0) return undefined;
    const frame = requestAnimationFrame(() => draw(element, width, height, props));
    return () => cancelAnimationFrame(frame);
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      moved();
      onWindow(wheeled(event, shown, width, count));
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  });
  const at = (event: PointerEvent): number => shown.from + (event.offsetX / width) * (shown.to - shown.from);
  const titles = model.lanes.lanes.map(({ title, cpu }) =>
    h("div", { class: "lane-title", key: title, style: { height: `${String(cpu === null ? AGENT_LANE : LANE)}px` } }, title));
  return h("div", { class: "lanes" },
    h("div", { class: "lane-titles", style: { paddingTop: `${String(TOP)}px` } }, titles),
    h("div", { class: "lane-canvas" }, h("canvas", {
      ref: canvas,
      role: "img",
      "aria-label": `${model.title}: ${String(model.lanes.lanes.length)} lanes, ${String(count)} events; the table of steps says the same in words`,
      style: { height: `${String(height)}px` },
      onPointerDown: (event: PointerEvent) => {
        drag.current = { x: event.clientX, window: shown, moved: false };
        canvas.current?.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        const { current } = drag;
        if (current === null) return;
        const by = current.x - event.clientX;
        if (Math.abs(by) > 4) current.moved = true;
        if (!current.moved) return;
        moved();
        const events = (by / width) * (current.window.to - current.window.from);
        onWindow(clamped({ from: current.window.from + events, to: current.window.to + events }, count));
      },
      onPointerUp: (event: PointerEvent) => {
        if (drag.current?.moved === false) onCursor(Math.max(0, Math.min(count - 1, Math.floor(at(event)))));
        drag.current = null;
      },
    })),
  );
}

function wheeled(event: WheelEvent, shown: Window, width: number, count: number): Window {
  const size = shown.to - shown.from;
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    const by = ((event.deltaX || event.deltaY) / width) * size;
    return clamped({ from: shown.from + by, to: shown.to + by }, count);
  }
  return zoomed(shown, 2 ** (event.deltaY / DOUBLE), shown.from + (event.offsetX / width) * size, count);
}

function draw(element: HTMLCanvasElement, width: number, height: number, { model, window: shown, theme, cursor, matches, difference }: LanesProps): void {
  const dots = devicePixelRatio;
  if (element.width !== Math.round(width * dots) || element.height !== Math.round(height * dots)) {
    element.width = Math.round(width * dots);
    element.height = Math.round(height * dots);
  }
  const context = element.getContext("2d");
  if (context === null) return;
  context.setTransform(dots, 0, 0, dots, 0, 0);
  paint({ context, width, height, theme }, model, shown, { cursor, matches, difference });
}
