/** The lines of the C that are marked in the model, with what runs have counted there; read from `lines.json` and written to it. */
import { z } from "zod";
import { addHits, markKey, otherKey, type LineHits, type Mark } from "../../protocol/index.ts";

const kinds = z.record(z.string(), z.number().int().nonnegative());

const placeSchema = z.object({
  seed: z.string().regex(/^\d{3}$/),
  first: z.number().int().positive(),
  last: z.number().int().positive(),
  /** Is it an arm of an `if`, a `case` or the body of a loop? */
  arm: z.boolean(),
  /** Times it was reached, by kind of context. */
  hits: kinds,
  /** The same for the other arm of its `if`, where that has no mark; null where there is none. */
  other: kinds.nullable(),
}).strict();

/** Lines of the C that are executed together, as far as the model tells. */
export type PlaceOfC = z.infer<typeof placeSchema>;

/** `lines.json` as it is read: what can be added up. */
export const linesSchema = z.object({
  schema: z.literal(1),
  version: z.string(),
  seeds: z.array(z.number().int().nonnegative()),
  runs: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  places: z.array(placeSchema),
});

/** What was counted. */
export type Lines = z.infer<typeof linesSchema>;

/** The places of the marks of a model, with nothing counted. Several marks of the same lines are one place. */
export function placesOf(marks: readonly Mark[]): readonly PlaceOfC[] {
  const places = new Map<string, PlaceOfC>();
  for (const mark of marks) {
    const key = markKey(mark);
    const { seed, first, last } = mark;
    const known = places.get(key);
    const arm = (known?.arm ?? false) || isArm(mark);
    const other = known?.other ?? (mark.other === null ? null : {});
    places.set(key, { seed, first, last, arm, hits: {}, other });
  }
  return [...places.values()].sort((a, b) => byText(a.seed, b.seed) || a.first - b.first || a.last - b.last);
}

const isArm = ({ role }: Mark): boolean => role !== "body" && role !== "plain";
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The places with what was counted. */
export const withHits = (places: readonly PlaceOfC[], hits: LineHits): readonly PlaceOfC[] =>
  places.map((place) => ({
    ...place,
    hits: sorted(hits[markKey(place)] ?? {}),
    other: place.other === null ? null : sorted(hits[otherKey(place)] ?? {}),
  }));

const sorted = (record: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => byText(a, b)));

/** What was counted, by key. */
const hitsOf = (places: readonly PlaceOfC[]): LineHits =>
  Object.fromEntries(places.flatMap((place): readonly (readonly [string, Readonly<Record<string, number>>])[] => {
    const taken = [markKey(place), place.hits] as const;
    return place.other === null ? [taken] : [taken, [otherKey(place), place.other]];
  }));

/** Are these places of the same model? */
export const samePlaces = (a: readonly PlaceOfC[], b: readonly PlaceOfC[]): boolean =>
  JSON.stringify(keysOfPlaces(a)) === JSON.stringify(keysOfPlaces(b));

const keysOfPlaces = (places: readonly PlaceOfC[]): readonly string[] => Object.keys(hitsOf(places));

/** What all have counted; they are of the same model. */
export function addLines(a: Lines, b: Lines): Lines {
  return {
    ...a,
    seeds: [...new Set([...a.seeds, ...b.seeds])].sort((x, y) => x - y),
    runs: a.runs + b.runs,
    failed: a.failed + b.failed,
    places: [...withHits(a.places, addHits(hitsOf(a.places), hitsOf(b.places)))],
  };
}
