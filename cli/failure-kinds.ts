/** The kinds of failure, and why runs hit a bound, as values, for schemas. */
import type { FailureKind, StandstillKind } from "../sim/index.ts";

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

const WHY: { readonly [K in StandstillKind]: true } = {
  "livelock": true,
  "starvation": true,
  "unfair": true,
  "going-on": true,
  "unknown": true,
};

/** Why runs hit a bound. */
export const STANDSTILLS = Object.keys(WHY) as [StandstillKind, ...StandstillKind[]];
