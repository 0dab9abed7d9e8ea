/**
 * Orderings of a finished run, by meaning: "A before B on object X". An operation is told by who performs it, what it does
 * to which object, and the how-manieth of these it is since exploration began; so the same operation is found in another
 * run, of another schedule or an edited model.
 */
import { objectName } from "./describe.ts";
import type { Execution } from "./execution.ts";
import { LogReader } from "./log-reader.ts";
import { Op, conflicting, opKind, opName, opObject } from "./operation.ts";

/** One operation, by meaning. */
export interface Happening {
  /** The name of its context. */
  readonly actor: string;
  /** The verb: `enter`, `store`, `send`. */
  readonly operation: string;
  /** The name of the object; several objects may share one. */
  readonly object: string;
  /** Of the operations with the same actor, verb and object since exploration began; from 1. */
  readonly occurrence: number;
}

/** Two operations of different actors that depend on each other, in this order. */
export interface Ordering {
  readonly before: Happening;
  readonly after: Happening;
}

/** An operation that took effect. */
export interface Happened {
  readonly what: Happening;
  /** Number of its context. */
  readonly context: number;
  /** Packed, with its result. */
  readonly word: number;
  /** Where it was announced in the log. */
  readonly at: number;
}

/** What took effect since exploration began, in that order; what touches no object is left out. Cost: linear in the log. */
export function happenedIn(x: Execution): readonly Happened[] {
  const happened: Happened[] = [];
  const names = new Map<number, string>();
  const counts = new Map<string, number>();
  const nameOf = (object: number): string => {
    const known = names.get(object);
    if (known !== undefined) return known;
    const name = objectName(x, object);
    names.set(object, name);
    return name;
  };
  const performed = (context: number, word: number, at: number, now: number): void => {
    const object = opObject(word);
    if (now < x.settledAt || object === 0 || opKind(word) === Op.Also) return;
    const actor = x.contexts[context]?.name ?? "";
    const operation = opName(opKind(word));
    const name = nameOf(object);
    const key = `${actor}\n${operation}\n${name}`;
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    happened.push({ what: { actor, operation, object: name, occurrence }, context, word, at });
  };
  new LogReader(x.recording.log, { performed, started: NOTHING }, x.enabled.length === 0).read();
  return happened;
}

/**
 * The pairs of neighbours on each object: an operation, and the last one of another context before it that it depends on.
 * In the order of the second ones. Cost: linear, times the readers between two changes.
 */
export function orderingsOf(happened: readonly Happened[]): readonly Ordering[] {
  const orderings: Ordering[] = [];
  const before = new Map<number, Happened[]>();
  for (const after of happened) {
    const object = opObject(after.word);
    const others = before.get(object) ?? [];
    before.set(object, others);
    const last = others.findLast(({ context, word }) => context !== after.context && conflicting(word, after.word));
    if (last !== undefined) orderings.push({ before: last.what, after: after.what });
    others.push(after);
  }
  return orderings;
}

/** What became of an ordering in a run: it holds, the other order does, or one of the two operations did not happen. */
export type Standing = "holds" | "reversed" | "missing";

/** The standing of orderings in a run, in their order. Cost: linear. */
export function standingsIn(happened: readonly Happened[], orderings: readonly Ordering[]): readonly Standing[] {
  const places = placesOf(happened);
  return orderings.map(({ before, after }) => {
    const first = places.get(happeningKey(before));
    const second = places.get(happeningKey(after));
    if (first === undefined || second === undefined) return "missing";
    return first < second ? "holds" : "reversed";
  });
}

/** The pairs that depend on each other in a run and come the other way round in another. Cost: quadratic in those of an object. */
export function reversedIn(happened: readonly Happened[], other: readonly Happened[]): readonly Ordering[] {
  const places = placesOf(other);
  const reversed: Ordering[] = [];
  const seen = new Map<number, { readonly each: Happened; readonly place: number }[]>();
  for (const each of happened) {
    const place = places.get(happeningKey(each.what));
    if (place === undefined) continue;
    const object = opObject(each.word);
    const earlier = seen.get(object) ?? [];
    seen.set(object, earlier);
    for (const before of earlier) {
      if (before.place < place || before.each.context === each.context) continue;
      if (conflicting(before.each.word, each.word)) reversed.push({ before: before.each.what, after: each.what });
    }
    earlier.push({ each, place });
  }
  return reversed;
}

/** `enter ifsq_lock by netisr 0`, `2nd` and so on where it is not the first. */
export const happeningText = ({ actor, operation, object, occurrence }: Happening): string =>
  `${operation} ${object} by ${actor}${occurrence === 1 ? "" : ` (time ${String(occurrence)})`}`;

/** One text for each meaning. */
export const happeningKey = ({ actor, operation, object, occurrence }: Happening): string =>
  `${actor}\n${operation}\n${object}\n${String(occurrence)}`;

const placesOf = (happened: readonly Happened[]): ReadonlyMap<string, number> =>
  new Map(happened.map(({ what }, place) => [happeningKey(what), place]));

const NOTHING = (): void => undefined;
