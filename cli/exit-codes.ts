/** Exit codes, and which one wins when several apply. */
export const Exit = {
  Passed: 0,
  Failed: 1,
  Usage: 2,
  EngineFault: 3,
  NothingRan: 4,
  Nondeterminism: 5,
  Stale: 6,
  Inconclusive: 7,
  Gate: 8,
  Interrupted: 130,
  Terminated: 143,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

const PRECEDENCE: readonly Exit[] = [
  Exit.EngineFault,
  Exit.Nondeterminism,
  Exit.Usage,
  Exit.Failed,
  Exit.Stale,
  Exit.Inconclusive,
  Exit.Gate,
  Exit.NothingRan,
];

/** The code to exit with when all of `codes` apply; 0 when none does. */
export const worstOf = (codes: readonly Exit[]): Exit =>
  PRECEDENCE.find((code) => codes.includes(code)) ?? Exit.Passed;

/** The code of a run that a signal ended. */
export const exitOfSignal = (signal: "SIGINT" | "SIGTERM"): Exit =>
  signal === "SIGINT" ? Exit.Interrupted : Exit.Terminated;
