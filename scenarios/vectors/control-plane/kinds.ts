/** The kinds of control-plane sequences that are replayed, by the name their lines say. */
import type { ReadKind } from "./sequence.ts";

/** One entry a kind. */
export const KINDS: ReadonlyMap<string, ReadKind> = new Map<string, ReadKind>([]);
