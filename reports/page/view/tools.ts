/** The row of buttons, and the search. */
import type { RefObject, VNode } from "preact";
import { h } from "./h.ts";
import { eventId } from "../../run-events.ts";
import { SLICE_QUERY, nextMatch } from "../search.ts";
import { nextSwitch } from "../compare.ts";
import type { Moves } from "./keys.ts";

/** What it shows, and whom it tells. */
export interface ToolsProps {
  readonly moves: Moves;
  readonly query: string;
  readonly only: boolean;
  readonly hasNeighbour: boolean;
  readonly compared: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onQuery: (query: string) => void;
  readonly onOnly: (only: boolean) => void;
}

/** The row. */
export function Tools(props: ToolsProps): VNode {
  const { moves, hasNeighbour, compared } = props;
  const { events, cursor, go, failure, difference } = moves;
  const last = events.events.length - 1;
  const to = (event: number | null): void => {
    if (event !== null) go(event);
  };
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Moving about" },
    h("div", { class: "group" },
      button("|◂", "first event (Home)", () => go(0)),
      button("◂◂", "last switch ([)", () => to(nextSwitch(events, cursor, -1))),
      button("◂", "step back (←)", () => go(cursor - 1)),
      h("output", { class: "place", "aria-label": "event at the cursor" }, `${eventId(cursor)} / ${String(last)}`),
      button("▸", "step forward (→)", () => go(cursor + 1)),
      button("▸▸", "next switch (])", () => to(nextSwitch(events, cursor, 1))),
      button("▸|", "last event (End)", () => go(last))),
    events.evidence.length === 0 ? null : button("to the failure", "f", () => go(failure), "jump"),
    sliceOf(props),
    searchOf(props),
    hasNeighbour ? button(compared ? "close comparison" : "compare with a passing run", "c", moves.compare) : null,
    compared && difference !== null ? button(`first difference: ${eventId(difference)}`, "d", () => go(difference)) : null,
    button("keys", "?", moves.toggleHelp));
}

/** Shows the causal slice alone, or everything again. */
function sliceOf({ moves: { events: { slice = [] } }, query, only, onQuery, onOnly }: ToolsProps): VNode | null {
  if (slice.length === 0) return null;
  const shown = only && query === SLICE_QUERY;
  return h("button", {
    type: "button",
    title: "events that happen before the failure and touch what others change",
    "aria-pressed": shown,
    onClick: () => {
      onQuery(shown ? "" : SLICE_QUERY);
      onOnly(!shown);
    },
  }, `only the causal slice (${String(slice.length)})`);
}

function searchOf({ moves, query, only, input, onQuery, onOnly }: ToolsProps): VNode {
  const { matches, cursor } = moves;
  const next = (direction: 1 | -1): void => {
    const at = nextMatch(matches, cursor, direction);
    if (at !== null) moves.go(at);
  };
  return h("div", { class: "group search", role: "search" },
    h("input", {
      ref: input,
      type: "search",
      placeholder: "search:  ifsq_len  by:netisr  is:preemption  -op:load",
      "aria-label": "Search steps",
      value: query,
      onInput: (event: Event) => onQuery((event.currentTarget as HTMLInputElement).value),
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
        if (event.key === "Escape") (event.currentTarget as HTMLInputElement).blur();
      },
    }),
    query.trim() === "" ? null : [
      h("output", { "aria-live": "polite" }, `${String(matches.length)} found`),
      button("▸", "run to the next match (n)", () => next(1)),
      h("label", null, h("input", { type: "checkbox", checked: only, onChange: () => onOnly(!only) }), "only these"),
    ]);
}

const button = (label: string, title: string, onClick: () => void, kind = ""): VNode =>
  h("button", { type: "button", title, "aria-label": label.length < 4 ? title : undefined, class: kind, onClick }, label);
