/** What control requests answer, as the reference says it. */

/** What a request answers. */
export interface Answer {
  readonly error: number;
  /** The `int` (or two bytes of family) in the union; null: not told. */
  readonly value: number | null;
  /** What `SIOCGIFCONF` lists: names and families. */
  readonly list: readonly (readonly [name: string, family: number])[] | null;
  /** The kernel's own assertion ends it all; or it destroys another clone, and what comes behind that is not told. */
  readonly panics: boolean;
  readonly strays: boolean;
}

export const fails = (error: number): Answer => ({ error, value: null, list: null, panics: false, strays: false });
export const OK = fails(0);
export const PANICS: Answer = { ...OK, panics: true };
export const STRAYS: Answer = { ...OK, strays: true };
export const answers = (value: number): Answer => ({ ...OK, value });
