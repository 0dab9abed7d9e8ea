/** How a run ended, as data. */
import type { Failure, FailureSite, Inconclusive } from "./failure.ts";

/** How a run ended. */
export type Outcome = "passed" | "failed" | "inconclusive";

/** What a run says of itself. */
export interface RunResult {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  readonly site: FailureSite | null;
  readonly bound: Inconclusive["bound"] | null;
  /** Operations announced. */
  readonly steps: number;
  /** Times another context was resumed. */
  readonly switches: number;
}
