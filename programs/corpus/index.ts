/** Corpora by name. */
import { readCounts } from "./counts.ts";
import type { Entry } from "./entry.ts";
import { readLitmus } from "./litmus.ts";
import { readRaces } from "./races.ts";
import { readShapes } from "./shapes.ts";

export type { Entry } from "./entry.ts";

/** How a file of each corpus is read; throws `Malformed`. */
export const CORPORA = {
  counts: readCounts,
  shapes: readShapes,
  litmus: readLitmus,
  races: readRaces,
} as const satisfies Readonly<Record<string, (file: unknown) => readonly Entry[]>>;
