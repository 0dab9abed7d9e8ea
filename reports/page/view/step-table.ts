/** The steps as a table, one column for each lane; only the rows that can be seen exist. It is what screen readers read. */
import type { ComponentChild, VNode } from "preact";
import { h } from "./h.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { eventId, type RunEvent } from "../../run-events.ts";
import { isIn, placeIn } from "../search.ts";
import { moved } from "./activity.ts";
import { fillOf, nameOf, type RunModel, type Theme } from "./model.ts";

const ROW = 26;
const AROUND = 12;
/** Browsers do not scroll farther. */
const HEIGHT_MOST = 8_000_000;

/** What it shows, and whom it tells. */
export interface TableProps {
  readonly id: string;
  readonly model: RunModel;
  /** The events that have a row, ascending. */
  readonly rows: readonly number[];
  readonly cursor: number;
  readonly difference: number | null;
  readonly theme: Theme;
  /** One column for all lanes. */
  readonly narrow: boolean;
  readonly onCursor: (event: number) => void;
  /** Another table that shows the same rows. */
  readonly scroll: { top: number; readonly listeners: Set<(top: number) => void> };
}

/** The table. */
export function StepTable(props: TableProps): VNode {
  const { id, model, rows, cursor, narrow, scroll } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const full = rows.length * ROW;
  const shrink = full > HEIGHT_MOST ? HEIGHT_MOST / full : 1;
  const selected = Math.min(placeIn(rows, cursor), Math.max(0, rows.length - 1));
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    const follow = (to: number): void => {
      if (Math.abs(element.scrollTop - to) > 1) element.scrollTop = to;
    };
    scroll.listeners.add(follow);
    return () => {
      observer.disconnect();
      scroll.listeners.delete(follow);
    };
  }, [scroll]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const room = element.clientHeight - ROW;
    const y = selected * ROW * shrink;
    if (y < element.scrollTop + ROW) element.scrollTop = y - room / 3;
    else if (y + ROW > element.scrollTop + room) element.scrollTop = y - (2 * room) / 3;
  }, [selected, shrink, rows]);
  const first = Math.max(0, Math.floor(top / shrink / ROW) - AROUND);
  const last = Math.min(rows.length, first + Math.ceil(height / ROW) + 2 * AROUND);
  const titles = narrow ? [model.title] : columnLanes(model).map((lane) => model.lanes.lanes[lane]?.title ?? "");
  const offset = first * ROW - (top / shrink - top);
  const visible = rows.slice(first, last).map((event, i) => row(props, event, first + i));
  return h("div", {
    class: "steps",
    ref: scroller,
    tabIndex: 0,
    role: "grid",
    "aria-label": `Steps of the ${model.title}`,
    "aria-rowcount": rows.length + 1,
    "aria-colcount": titles.length + 1,
    "aria-activedescendant": rows[selected] === cursor ? `${id}-${eventId(cursor)}` : undefined,
    onScroll: (event: Event) => {
      const to = (event.currentTarget as HTMLDivElement).scrollTop;
      moved();
      setTop(to);
      if (scroll.top === to) return;
      scroll.top = to;
      for (const listener of scroll.listeners) listener(to);
    },
  },
  h("div", { class: "steps-head row", role: "row", "aria-rowindex": 1, style: columnsOf(titles.length) },
    h("span", { role: "columnheader" }, "event"), titles.map((title) => h("span", { role: "columnheader", key: title }, title))),
  h("div", { role: "rowgroup", class: "steps-body", style: { height: `${String(full * shrink)}px`, minWidth: columnsOf(titles.length)["minWidth"] } },
    h("div", { role: "presentation", class: "steps-rows", style: { transform: `translateY(${String(offset)}px)` } }, visible)));
}

/** Widths, rem. */
const NUMBER = 5.2;
const LEAST = 15;

const columnsOf = (lanes: number): Record<string, string> => ({
  gridTemplateColumns: `${String(NUMBER)}rem repeat(${String(lanes)}, minmax(0, 1fr))`,
  minWidth: `${String(NUMBER + LEAST * lanes)}rem`,
});

/** Lanes in which something happens: the others have no column. */
const columnLanes = ({ lanes: { lanes } }: RunModel): readonly number[] => lanes.flatMap(({ stretches }, i) => (stretches.length > 0 ? [i] : []));

function row({ id, model, cursor, narrow, theme, difference, onCursor }: TableProps, index: number, place: number): VNode {
  const event = model.events.events[index] as RunEvent; // a row stands for an event
  const lanes = narrow ? [0] : columnLanes(model);
  const lane = narrow ? 0 : (model.lanes.laneOf[event.context] ?? 0);
  const before = event.switched === null || narrow ? -1 : (model.lanes.laneOf[event.switched.from] ?? -1);
  const inSlice = isIn(model.events.slice ?? [], index);
  const classes = ["row",
    index === cursor ? "at" : "",
    model.events.evidence.includes(index) ? "evidence" : "",
    inSlice ? "slice" : "",
    index === difference ? "parts" : "",
    event.switched === null ? "" : event.switched.preempted ? "preempts" : "switches"];
  const cells = lanes.map((i) => h("span", { role: "gridcell", key: i, class: i === lane ? "cell" : "gap" },
    i === lane ? cellOf(model, event, theme, before === lane || narrow) : i === before && event.switched !== null ? h("span", { class: "why" }, event.switched.why) : null));
  return h("div", {
    class: classes.filter((name) => name !== "").join(" "),
    role: "row",
    key: index,
    id: `${id}-${eventId(index)}`,
    "aria-rowindex": place + 2,
    "aria-selected": index === cursor,
    style: columnsOf(lanes.length),
    onClick: () => onCursor(index),
  }, h("span", { role: "gridcell", class: "number", title: inSlice ? SLICE : undefined }, eventId(index), inSlice ? h("span", { class: "hidden" }, ` ${SLICE}`) : null), cells);
}

const SLICE = "in the causal slice";

function cellOf(model: RunModel, event: RunEvent, theme: Theme, sameLane: boolean): ComponentChild {
  const { context, text, changes, switched } = event;
  const nested = model.events.contexts[context]?.line === true;
  const first = changes[0];
  return [
    h("i", { class: "dot", style: { background: fillOf(context, theme) } }),
    nested ? h("span", { class: "nested", title: "nested on the thread of its CPU" }, "▲") : null,
    switched === null ? null : h("b", null, nameOf(model.events, context)),
    h("code", null, text),
    first === undefined ? null : h("span", { class: "change" }, `${first.field === event.object ? "" : `${first.field}: `}${first.before} → ${first.after}${changes.length > 1 ? ` +${String(changes.length - 1)}` : ""}`),
    switched !== null && sameLane ? h("span", { class: "why" }, switched.why) : null,
  ];
}
