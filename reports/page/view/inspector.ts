/** What is known of the event at the cursor, and the machine behind it. */
import type { ComponentChild, VNode } from "preact";
import { h } from "./h.ts";
import { useState } from "preact/hooks";
import type { CpuState, ObjectState, Snapshot, SourceRange } from "../../html/page-data.ts";
import { eventId, type EventPlace, type RunEvent } from "../../run-events.ts";
import { eventAt, fillOf, nameOf, type RunModel, type Theme } from "./model.ts";

/** What it shows. */
export interface InspectorProps {
  readonly model: RunModel;
  readonly cursor: number;
  /** Null: not there yet. */
  readonly snapshot: Snapshot | null;
  readonly sources: readonly SourceRange[];
  readonly theme: Theme;
}

/** The panel. */
export function Inspector(props: InspectorProps): VNode {
  const { model, cursor, snapshot, sources, theme } = props;
  const event = eventAt(model.events, cursor);
  if (event === undefined) return h("aside", { class: "inspector", "aria-label": "Details" }, "no event");
  const place = model.events.places[event.place];
  return h("aside", { class: "inspector", tabIndex: 0, "aria-label": "Details of the event at the cursor" },
    section("Step", stepOf(model, event, cursor, theme)),
    event.changes.length + event.notes.length > 0 ? section("Writes", changesOf(event)) : null,
    h(Source, { place, sources }),
    snapshot === null ? null : [
      section("CPUs", snapshot.cpus.map((cpu) => cpuOf(model, snapshot, cpu, theme))),
      section("Locks", locksOf(model, snapshot, theme)),
      section("Waiting", waitingOf(model, snapshot, theme)),
      h(Objects, { objects: snapshot.objects, changed: new Set(event.changes.map(({ field }) => field)) }),
    ]);
}

const section = (title: string, content: ComponentChild): VNode => h("section", null, h("h2", null, title), content);

const who = (model: RunModel, context: number | null, theme: Theme): VNode => h("span", { class: "who" },
  context === null ? null : h("i", { class: "dot", style: { background: fillOf(context, theme) } }), nameOf(model.events, context));

function stepOf(model: RunModel, event: RunEvent, cursor: number, theme: Theme): ComponentChild {
  const { cpu = null } = model.events.contexts[event.context] ?? {};
  const stack = model.events.stacks[event.stack] ?? [];
  return [
    h("p", { class: "what" }, h("code", null, event.text)),
    h("dl", null,
      pair("event", [eventId(cursor), ` of ${String(model.events.events.length)}, step ${String(event.step)}`]),
      pair("by", [who(model, event.context, theme), cpu === null ? " (agent)" : ` on cpu ${String(cpu)}`]),
      event.switched === null ? null : pair(event.switched.preempted ? "preempts" : "after", [who(model, event.switched.from, theme), ` ${event.switched.why}`]),
      pair("time", `${String(event.now)} ns`)),
    stack.length === 0 ? null : h("ol", { class: "stack", "aria-label": "Routines that are running, outermost first" }, stack.map((name, i) => h("li", { key: i }, h("code", null, name)))),
  ];
}

const pair = (label: string, value: ComponentChild): VNode => h("div", null, h("dt", null, label), h("dd", null, value));

const changesOf = ({ changes, notes }: RunEvent): ComponentChild => [
  h("table", { class: "fields" }, h("tbody", null, changes.map(({ field, before, after }, i) =>
    h("tr", { key: i }, h("th", { scope: "row" }, field), h("td", null, h("s", null, before), " → ", h("b", null, after)))))),
  ...notes.map((note) => h("p", { class: "note" }, note)),
];

/** The C that is executed, when there is one. */
function Source({ place, sources }: { readonly place: EventPlace | undefined; readonly sources: readonly SourceRange[] }): VNode | null {
  const { model = null, seed = null } = place ?? {};
  if (model === null && seed === null) return null;
  const where = model === null ? "" : `${model.file}:${String(model.line)}`;
  const range = seed === null ? undefined : sources.find(({ document, first, lines }) =>
    document === seed.document && first <= seed.first && seed.first < first + lines.length);
  const lines = seed === null ? "" : `document ${seed.document}, lines ${String(seed.first)} to ${String(seed.last)}`;
  return section("Source", [
    h("p", { class: "where" }, [where, lines].filter((text) => text !== "").join(" · ")),
    range === undefined || seed === null ? null : h("div", { class: "listing", tabIndex: 0, role: "region", "aria-label": `C of ${range.title}` },
      h("p", { class: "file" }, range.title),
      range.lines.map((text, i) => {
        const number = range.first + i;
        const here = seed.first <= number && number <= seed.last;
        return h("div", { key: `${range.document}:${String(number)}`, class: here ? "here" : "", ref: here && number === seed.first ? intoView : null },
          h("span", { class: "number" }, number), h("code", null, text === "" ? " " : text));
      })),
  ]);
}

/** Shows a line of the listing without moving the page. */
function intoView(line: HTMLElement | null): void {
  const listing = line?.parentElement;
  if (line === null || listing === null || listing === undefined) return;
  listing.scrollTop = line.offsetTop - listing.offsetTop - listing.clientHeight / 3;
}

function cpuOf(model: RunModel, { contexts }: Snapshot, { id, thread, nested, masked, pending }: CpuState, theme: Theme): VNode {
  const top = nested ?? thread;
  return h("div", { class: "cpu", key: id },
    h("b", null, `cpu ${String(id)}`),
    h("span", null, thread === null ? h("em", null, "idles") : who(model, thread, theme),
      nested === null ? null : [" ▲ ", who(model, nested, theme)],
      masked ? h("span", { class: "tag" }, "critical section") : null,
      pending.length === 0 ? null : h("span", { class: "tag warm" }, `pending: ${pending.map((line) => nameOf(model.events, line)).join(", ")}`),
      top === null || contexts[top]?.told === "" ? null : h("small", null, ` next: ${contexts[top]?.told ?? ""}`)));
}

function locksOf(model: RunModel, { locks }: Snapshot, theme: Theme): ComponentChild {
  if (locks.length === 0) return h("p", { class: "none" }, "none is held");
  return h("table", { class: "fields" }, h("tbody", null, locks.map(({ label, owner, waiters }, i) => h("tr", { key: i },
    h("th", { scope: "row" }, label),
    h("td", null, who(model, owner, theme), waiters.length === 0 ? null : h("span", { class: "tag warm" }, `waits: ${waiters.map((waiter) => nameOf(model.events, waiter)).join(", ")}`))))));
}

function waitingOf(model: RunModel, { contexts }: Snapshot, theme: Theme): ComponentChild {
  const waiting = contexts.flatMap(({ state, told }, i) => (state === "waits" ? [{ i, told }] : []));
  if (waiting.length === 0) return h("p", { class: "none" }, "nobody");
  return h("table", { class: "fields" }, h("tbody", null, waiting.map(({ i, told }) =>
    h("tr", { key: i }, h("th", { scope: "row" }, who(model, i, theme)), h("td", null, told === "" ? "for its next turn" : told)))));
}

/** More are only found by the filter. */
const OBJECTS_MOST = 80;

interface ObjectsProps {
  readonly objects: readonly ObjectState[];
  readonly changed: ReadonlySet<string>;
}

/** All objects, with a filter; those that were written first. */
function Objects({ objects, changed }: ObjectsProps): VNode {
  const [wanted, setWanted] = useState("");
  const words = wanted.toLowerCase().split(/\s+/);
  const fits = ({ label, fields }: ObjectState): boolean =>
    words.every((word) => `${label} ${fields.map(({ name }) => name).join(" ")}`.toLowerCase().includes(word));
  const isChanged = ({ label, fields }: ObjectState): boolean => changed.size > 0 && fields.some(({ name }) => changed.has(`${label} ${name}`));
  const fitting = wanted.trim() === "" ? objects : objects.filter(fits);
  const shown = [...fitting.filter(isChanged), ...fitting.filter((object) => !isChanged(object))].slice(0, OBJECTS_MOST);
  return section("Objects", [
    h("input", { type: "search", placeholder: "filter objects", "aria-label": "Filter objects", value: wanted, onInput: (event: Event) => setWanted((event.currentTarget as HTMLInputElement).value) }),
    shown.map((object, i) => h(OneObject, { key: object.label + String(i), object, changed, isChanged: isChanged(object), isWanted: wanted !== "" && shown.length < 6 })),
    fitting.length > shown.length ? h("p", { class: "none" }, `and ${String(fitting.length - shown.length)} more: filter them`) : null,
  ]);
}

interface ObjectProps {
  readonly object: ObjectState;
  readonly changed: ReadonlySet<string>;
  readonly isChanged: boolean;
  readonly isWanted: boolean;
}

/** One object, whose fields are there when it is open. */
function OneObject({ object: { label, fields }, changed, isChanged, isWanted }: ObjectProps): VNode {
  const [opened, setOpened] = useState(false);
  const open = opened || isChanged || isWanted;
  return h("details", { open, onToggle: (event: Event) => setOpened((event.currentTarget as HTMLDetailsElement).open && !isChanged && !isWanted) },
    h("summary", null, label, isChanged ? h("span", { class: "tag" }, "written") : null),
    open ? h("table", { class: "fields" }, h("tbody", null, fields.map(({ name, value, items }) =>
      h("tr", { key: name, class: changed.has(`${label} ${name}`) ? "changed" : "" }, h("th", { scope: "row" }, name),
        h("td", null, value, items === null || items.length === 0 ? null : h("ol", { class: "items" }, items.map((item, j) => h("li", { key: j }, item)))))))) : null);
}
