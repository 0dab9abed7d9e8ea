/** The kinds of failure as values, for schemas. */
import type { FailureKind } from "../sim/index.ts";

const KINDS: { readonly [K in FailureKind]: true } = {
  Panic: true,
  Violation: true,
  Discipline: true,
  Race: true,
  Memory: true,
  Stuck: true,
  Divergence: true,
  Misuse: true,
};

export const FAILURE_KINDS = Object.keys(KINDS) as [FailureKind, ...FailureKind[]];
