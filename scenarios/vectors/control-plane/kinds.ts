/** The kinds of control-plane sequences that are replayed, by the name their lines say. */
import { readLookup } from "./lookup.ts";
import { GROUPS } from "./groups.ts";
import { MODES } from "./modes.ts";
import { MULTI } from "./multi.ts";
import type { ReadKind } from "./sequence.ts";

/** One entry a kind. */
export const KINDS: ReadonlyMap<string, ReadKind> = new Map<string, ReadKind>([
  ["lookup", (line) => readLookup(line)],
  ["multi", MULTI],
  ["groups", GROUPS],
  ["modes", MODES],
]);
