/** Options of a job that cost something, apart from the seam that everything imports. */

/** What a job's runs are asked for besides what they came to; each costs something. */
export interface Wanted {
  /** Protocol coverage. */
  readonly coverage: boolean;
  /** The happens-before class of every run. */
  readonly classes: boolean;
}

/** Nothing of it. */
export const NOTHING_WANTED: Wanted = { coverage: false, classes: false };
