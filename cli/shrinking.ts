/** Shrinking a failing case within a budget: the same fingerprint with fewer choices. */
import type { Case, EngineSet } from "./engine-set.ts";

/** The smaller case, if shrinking was tried. */
export interface Shrunk {
  readonly what: Case;
  readonly tried: boolean;
}

/** Makes a case smaller. */
export function shrunkCase(_engine: EngineSet, what: Case, _fingerprint: string): Shrunk {
  return { what, tried: false };
}
