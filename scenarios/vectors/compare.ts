/** Comparing two pieces of plain data: which fields differ, by path. */

/** One field that differs. */
export interface Difference {
  /** `subqs[0].len`. */
  readonly field: string;
  /** What was recorded; undefined where there is no such field. */
  readonly expected: unknown;
  readonly got: unknown;
}

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields in which two values differ, in the order of the recorded one. Arrays of numbers count as one field. */
export function differences(expected: unknown, got: unknown, field = ""): readonly Difference[] {
  if (isPlain(expected) && isPlain(got)) return inObject(expected, got, field);
  if (Array.isArray(expected) && Array.isArray(got)) {
    const a = expected as readonly unknown[];
    const b = got as readonly unknown[];
    if (a.length === b.length && !a.every(isScalar)) return a.flatMap((item, i) => differences(item, b[i], `${field}[${i}]`));
    return sameItems(a, b) ? [] : [{ field, expected, got }];
  }
  return Object.is(expected, got) ? [] : [{ field, expected, got }];
}

const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => Object.is(item, b[i]));

function inObject(expected: Plain, got: Plain, field: string): readonly Difference[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
  const at = field === "" ? "" : `${field}.`;
  return names.flatMap((name) => differences(expected[name], got[name], `${at}${name}`));
}
