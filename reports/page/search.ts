/** Searching events: words that must all be there, `-word` for those that must not, and `key:word` for one aspect. */
import { eventId, type RunEvent, type RunEvents } from "../run-events.ts";

type Aspect = (all: RunEvents, event: RunEvent, index: number) => string;

const contextOf: Aspect = ({ contexts }, { context }) => contexts[context]?.name ?? "";
const cpuOf: Aspect = ({ contexts }, { context }) => String(contexts[context]?.cpu ?? "none");
const changesOf: Aspect = (_all, { changes }) => changes.map(({ field, before, after }) => `${field} ${before} ${after}`).join("\n");

/** By key. */
const ASPECTS: Readonly<Record<string, Aspect>> = {
  cpu: cpuOf,
  by: contextOf,
  op: (_all, { verb }) => verb,
  on: (_all, { object }) => object,
  sets: changesOf,
  in: ({ stacks }, { stack }) => (stacks[stack] ?? []).join(" "),
  seed: ({ places }, { place }) => {
    const seed = places[place]?.seed ?? null;
    return seed === null ? "" : `${seed.document}:${String(seed.first)}-${String(seed.last)}`;
  },
  is: (all, event, index) => [
    event.switched === null ? "" : "switch",
    event.switched?.preempted === true ? "preemption" : "",
    event.changes.length > 0 ? "change" : "",
    all.evidence.includes(index) ? "evidence" : "",
    isIn(all.slice ?? [], index) ? "slice" : "",
    all.contexts[event.context]?.line === true ? "nested" : "",
  ].join(" "),
};

/** Aspects whose word has to be the whole. */
const EXACT: ReadonlySet<string> = new Set(["cpu"]);

/** Keys, for the help. */
export const SEARCH_KEYS: readonly string[] = Object.keys(ASPECTS);

interface Term {
  readonly wanted: boolean;
  readonly aspect: Aspect;
  readonly exact: boolean;
  readonly word: string;
}

const anywhere: Aspect = (all, event, index) =>
  `${eventId(index)} ${event.text}\n${contextOf(all, event, index)}\n${changesOf(all, event, index)}\n${event.notes.join("\n")}`;

/** Reads a query; quotes keep spaces in a word. */
function parseQuery(query: string): readonly Term[] {
  const words = query.match(/-?(?:[a-z]+:)?(?:"[^"]*"?|[^\s"]+)/gi) ?? [];
  return words.flatMap((whole) => {
    const [, minus = "", key = "", quoted, plain = ""] = /^(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(.*))$/i.exec(whole) ?? [];
    const name = key.toLowerCase();
    const aspect = Object.hasOwn(ASPECTS, name) ? ASPECTS[name] : undefined;
    const word = (aspect === undefined && key !== "" ? `${key}:` : "") + (quoted ?? plain);
    return word === "" ? [] : [{ wanted: minus === "", aspect: aspect ?? anywhere, exact: aspect !== undefined && EXACT.has(name), word: word.toLowerCase() }];
  });
}

/** The first place in an ascending list whose event is not before this one. Cost: logarithmic. */
export function placeIn(ascending: readonly number[], event: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < event) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Is the event in an ascending list? Cost: logarithmic. */
export const isIn = (ascending: readonly number[], event: number): boolean => ascending[placeIn(ascending, event)] === event;

/** What finds the causal slice. */
export const SLICE_QUERY = "is:slice";

/** The events that match, ascending; all of them for an empty query. Cost: linear. */
export function matching(all: RunEvents, query: string): readonly number[] {
  const terms = parseQuery(query);
  const fits = (event: RunEvent, index: number): boolean => terms.every(({ wanted, aspect, exact, word }) => {
    const text = aspect(all, event, index).toLowerCase();
    return (exact ? text === word : text.includes(word)) === wanted;
  });
  return all.events.flatMap((event, i) => (fits(event, i) ? [i] : []));
}

/** The next match in a direction, around the end; null: there is none. */
export function nextMatch(matches: readonly number[], from: number, direction: 1 | -1): number | null {
  if (matches.length === 0) return null;
  if (direction === 1) return matches.find((at) => at > from) ?? matches[0] ?? null;
  return matches.findLast((at) => at < from) ?? matches.at(-1) ?? null;
}
