/**
 * A sequence diagram in Mermaid's language, which GitHub, GitLab and many editors draw in Markdown: a participant for each context,
 * notes for what it does, arrows where control is taken from it or goes to who was waiting.
 */
import { eventId, type RunEvent, type RunEvents } from "../run-events.ts";
import { printable } from "../text.ts";
import { eventText, laneOf, type ShownRun } from "./shown-run.ts";

/** A diagram with more can no longer be read: the last ones are shown. */
const EVENTS_MOST = 400;
/** Events in one note. */
const NOTE_MOST = 12;

/** The text. */
export function mermaid({ scenario, failure, events }: ShownRun): string {
  const first = Math.max(0, events.events.length - EVENTS_MOST);
  const blocks = blocksOf(events, first);
  const shown = [...new Set(blocks.map(({ context }) => context))].sort((a, b) => laneRank(events, a) - laneRank(events, b) || a - b);
  const lines = [
    "sequenceDiagram",
    `  accTitle: ${escaped(failure === null ? scenario : `${failure.id} in ${scenario}`)}`,
    ...shown.map((context) => `  participant c${String(context)} as ${escaped(titleOf(events, context))}`),
  ];
  if (first > 0 && shown[0] !== undefined) lines.push(`  Note over c${String(shown[0])}: ${String(first)} events before ${eventId(first)} are not shown`);
  blocks.forEach((block, i) => {
    const before = blocks[i - 1];
    if (before !== undefined && before.context !== block.context) lines.push(arrow(before.context, block));
    lines.push(`  Note over c${String(block.context)}: ${block.texts.map(escaped).join("<br/>")}`);
  });
  if (failure !== null) lines.push(...verdict(events, failure.kind, failure.id));
  return `${lines.join("\n")}\n`;
}

interface Block {
  readonly context: number;
  readonly first: RunEvent;
  readonly texts: string[];
}

/** What one context does at a stretch; long stretches in several notes. */
function blocksOf({ events }: RunEvents, first: number): readonly Block[] {
  const blocks: Block[] = [];
  for (let i = first; i < events.length; i++) {
    const event = events[i] as RunEvent;
    const text = `${eventId(i)} ${eventText(event)}`;
    const open = blocks.at(-1);
    if (open?.context === event.context && open.texts.length < NOTE_MOST) open.texts.push(text);
    else blocks.push({ context: event.context, first: event, texts: [text] });
  }
  return blocks;
}

function arrow(from: number, { context, first }: Block): string {
  const { why = "goes on", preempted = false } = first.switched ?? {};
  return `  c${String(from)} ${preempted ? "-x" : "-->>"} c${String(context)}: ${escaped(why)}`;
}

function verdict(events: RunEvents, kind: string, id: string): readonly string[] {
  const last = events.evidence.at(-1);
  const event = last === undefined ? undefined : events.events[last];
  if (last === undefined || event === undefined) return [];
  return [`  Note over c${String(event.context)}: ${escaped(`${kind} ${id} at ${eventId(last)}`)}`];
}

function titleOf(events: RunEvents, context: number): string {
  const { name = "?" } = events.contexts[context] ?? {};
  const lane = laneOf(events, { context } as RunEvent);
  return lane === name ? name : `${lane}: ${name}`;
}

const laneRank = ({ contexts }: RunEvents, context: number): number => contexts[context]?.cpu ?? Infinity;

/** Text in which nothing is syntax. Mermaid reads `#…;` as the number of a character; a semicolon and `%%` would end a line. */
const escaped = (text: string): string =>
  printable(text).replaceAll(/\s+/g, " ").trim().replaceAll(/[#;%<>"'`&\\]/g, (found) => `#${String(found.codePointAt(0))};`);
