/**
 * What the marks of the model are counted under, in the order of their counters. Empty: the counting build, which makes
 * counters of the marks, has a text of its own in place of this file.
 */
export const MARK_KEYS: readonly string[] = [];
