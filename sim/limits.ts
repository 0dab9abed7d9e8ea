/**
 * Every bound of the engine, with its default and what usually breaks it. A run that hits one is
 * *inconclusive*, never passed.
 */
export interface Limits {
  /** Operations a run may announce, progress or not. Usual cause of hitting it: a self-re-arming callout without a tick bound. */
  readonly stepsMax: number;
  /**
   * Operations since there was progress: a context ended, or the program said so (`x.progress()`: a packet left, an item of
   * work is done). Usual cause: two contexts that hand the same duty to each other. `ProgressWatch` tells why.
   */
  readonly noProgressMax: number;
  /** Clock ticks in adversarial mode. Part of the verdict: what needs a later tick was not explored. */
  readonly ticksMax: number;
}

export const DEFAULT_LIMITS: Limits = { stepsMax: 50_000, noProgressMax: 10_000, ticksMax: 4 };

/** Contexts of one run; a run that needs more ends with `Misuse`. */
export const CONTEXTS_MAX = 1 << 16;

/** Races one run may report; a run with more has plain words that nobody orders at all. */
export const RACES_MAX = 256;
