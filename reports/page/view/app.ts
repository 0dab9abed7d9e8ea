/** The page below its head: lanes, tools, steps, and what is known at the cursor. */
import type { VNode } from "preact";
import { h } from "./h.ts";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageData, PageEngine, Snapshot } from "../../html/page-data.ts";
import { eventId } from "../../run-events.ts";
import { firstDifference } from "../compare.ts";
import { showing, clamped, type Window } from "../lanes.ts";
import { matching } from "../search.ts";
import { whenCalm } from "./activity.ts";
import { Help } from "./help.ts";
import { Inspector } from "./inspector.ts";
import { commandOf, perform, type Moves } from "./keys.ts";
import { LanesView } from "./lanes-view.ts";
import { cursorInLink, linkTo } from "./link.ts";
import type { RunModel, Theme } from "./model.ts";
import { StepTable } from "./step-table.ts";
import { Tools } from "./tools.ts";

/** What it is made of. */
export interface AppProps {
  readonly data: PageData;
  readonly engine: PageEngine;
  readonly run: RunModel;
  /** Made when it is first asked for. */
  readonly neighbour: (() => RunModel) | null;
  readonly theme: Theme;
}

/** At first all of a short run is shown, and the end of a long one. */
const FIRST_MOST = 160;

function firstWindow(count: number, cursor: number): Window {
  return showing(clamped({ from: count - FIRST_MOST, to: count }, count), cursor, count);
}

/** It. */
export function App({ data, engine, run, neighbour, theme }: AppProps): VNode {
  const { events } = run.events;
  const count = events.length;
  const failure = run.events.evidence.at(-1) ?? Math.max(0, count - 1);
  const [cursor, setCursor] = useState(() => cursorInLink(location.hash, count) ?? failure);
  const [window, setWindow] = useState(() => firstWindow(count, cursorInLink(location.hash, count) ?? failure));
  const [query, setQuery] = useState("");
  const [only, setOnly] = useState(false);
  const [help, setHelp] = useState(false);
  const [other, setOther] = useState<RunModel | null>(null);
  const scroll = useRef({ top: 0, listeners: new Set<(top: number) => void>() });
  const search = useRef<HTMLInputElement>(null);
  const matches = useMemo(() => (query.trim() === "" ? [] : matching(run.events, query)), [run, query]);
  const all = useMemo(() => events.map((_, i) => i), [events]);
  const otherRows = useMemo(() => other?.events.events.map((_, i) => i) ?? [], [other]);
  const difference = useMemo(() => (other === null ? null : firstDifference(run.events, other.events)), [run, other]);
  const snapshot = useSnapshot(engine, run, cursor);
  const small = useSmall();
  const go = useCallback((to: number): void => {
    const at = Math.max(0, Math.min(count - 1, to));
    setCursor(at);
    setWindow((shown) => showing(shown, at, count));
    linkTo(at);
  }, [count]);
  const compare = (): void => {
    if (neighbour === null) return;
    const model = other === null ? neighbour() : null;
    setOther(model);
    const at = model === null ? null : firstDifference(run.events, model.events);
    if (at !== null) go(at);
  };
  const moves: Moves = {
    events: run.events, cursor, matches, failure, difference, go, compare,
    toggleHelp: () => setHelp((shown) => !shown),
    zoom: (factor) => setWindow((shown) => clamped({ from: cursor - (cursor - shown.from) * factor, to: cursor + (shown.to - cursor) * factor }, count)),
    search: () => search.current?.focus(),
  };
  useKeys(moves);
  const rows = only && query.trim() !== "" ? matches : all;
  // Made anew only when they show something else: moving the lanes leaves them alone.
  const below = useMemo(() => {
    const common = { cursor, theme, onCursor: go, difference, scroll: scroll.current };
    return h("div", { class: "below" },
      h(StepTable, { ...common, id: "a", model: run, rows, narrow: small || other !== null }),
      other === null
        ? h(Inspector, { model: run, cursor, snapshot, sources: data.sources, theme })
        : h(StepTable, { ...common, id: "b", model: other, rows: otherRows, narrow: true }));
  }, [cursor, theme.dark, small, difference, run, rows, other, otherRows, snapshot, data]);
  const lanes = { cursor, theme, difference, window, onWindow: setWindow, onCursor: go };
  return h("div", { class: other === null ? "app" : "app compared" },
    h(LanesView, { ...lanes, model: run, matches }),
    other === null ? null : h(LanesView, { ...lanes, model: other, matches: [], cursor: Math.min(cursor, other.events.events.length - 1) }),
    h(Tools, { moves, query, only, hasNeighbour: neighbour !== null, compared: other !== null, input: search, onQuery: setQuery, onOnly: setOnly }),
    below,
    h("p", { class: "hidden", role: "status", "aria-live": "polite" }, `${eventId(cursor)}: ${run.events.contexts[events[cursor]?.context ?? 0]?.name ?? ""}, ${events[cursor]?.text ?? ""}`),
    help ? h(Help, { onClose: moves.toggleHelp }) : null);
}

const SMALL = matchMedia("(max-width: 900px)");

/** Whether the window is too small for a column for each lane; the style sheet has the same width. */
function useSmall(): boolean {
  const [small, setSmall] = useState(SMALL.matches);
  useEffect(() => {
    const look = (): void => setSmall(SMALL.matches);
    SMALL.addEventListener("change", look);
    return () => SMALL.removeEventListener("change", look);
  }, []);
  return small;
}

/** Looks at the machine when the cursor has come to rest. */
function useSnapshot(engine: PageEngine, run: RunModel, cursor: number): Snapshot | null {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const long = run.events.events.length > 20_000;
  useEffect(() => {
    const inspect = (): void => setSnapshot(engine.inspect(run.what, run.events, cursor));
    if (long) return whenCalm(250, inspect);
    const timer = setTimeout(inspect, 16);
    return () => clearTimeout(timer);
  }, [engine, run, cursor, long]);
  return snapshot;
}

/** The keyboard, wherever the focus is, but not while somebody types. */
function useKeys(moves: Moves): void {
  const latest = useRef(moves);
  latest.current = moves;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      if (command === null) return;
      event.preventDefault();
      perform(command, latest.current);
    };
    addEventListener("keydown", pressed);
    const linked = (): void => {
      const at = cursorInLink(location.hash, latest.current.events.events.length);
      if (at !== null && at !== latest.current.cursor) latest.current.go(at);
    };
    addEventListener("hashchange", linked);
    return () => {
      removeEventListener("keydown", pressed);
      removeEventListener("hashchange", linked);
    };
  }, []);
}
