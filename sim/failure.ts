/**
 * Failures are data before they are text. `Divergence` and `Misuse` are never findings about the kernel.
 */

/** The closed union of what can go wrong. */
export type FailureKind =
  | "Panic"
  | "Violation"
  | "Discipline"
  | "Race"
  | "Memory"
  | "Stuck"
  | "Divergence"
  | "Misuse";

/** One aligned line of evidence under a failure. */
export type Fact = readonly [label: string, value: string];

/** A context that waits, and what for. */
export interface Wait {
  readonly context: string;
  readonly for: string;
  /** Who could end the wait, where that is known. */
  readonly heldBy: string | null;
}

/** What was promised, and what happened instead. */
export interface Failure {
  readonly kind: FailureKind;
  /** Kebab-case id: the property, the assertion, the discipline rule. Greppable, stable. */
  readonly id: string;
  /** One sentence. For a `Panic` the kernel's own voice, routine name first. */
  readonly message: string;
  readonly facts: readonly Fact[];
  /** Contexts that wait, for `Stuck`. */
  readonly waits?: readonly Wait[];
  /** Recorded operation indices the story is about: the two accesses of a race, what came before a free. */
  readonly sites?: readonly number[];
}

/** Where a failure was noticed. */
export interface FailureSite {
  /** Operations announced before it. */
  readonly step: number;
  /** Virtual time, ns. */
  readonly now: number;
  /** The context that ran, or null at quiescence. */
  readonly context: string | null;
}

/** Thrown by model code and detectors to end a run; the engine turns it into the run's result. */
export class RunFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.kind} ${failure.id}: ${failure.message}`);
    this.name = "RunFailure";
    this.failure = failure;
  }
}

/**
 * Why a run says nothing: it reached a bound, or its strategy gave it up because what it would have shown was seen in
 * other runs (`covered`).
 */
export type Bound = "steps" | "progress" | "covered";

/** Thrown when a bound was hit: the run is inconclusive. */
export class Inconclusive extends Error {
  readonly bound: Bound;

  constructor(bound: Bound) {
    super(bound === "covered" ? "covered by other runs" : `bound reached: ${bound}`);
    this.name = "Inconclusive";
    this.bound = bound;
  }
}

/**
 * Ends the run with a failure. Never returns: throws what the engine takes for the end of the run.
 * @see {@link explore} for an example
 */
export function fail(
  kind: FailureKind,
  id: string,
  message: string,
  facts: readonly Fact[] = [],
  sites: readonly number[] = [],
): never {
  throw new RunFailure(sites.length === 0 ? { kind, id, message, facts } : { kind, id, message, facts, sites });
}

/**
 * Ends the run because the author of a scenario or routine did something the engine cannot run.
 * @see {@link explore} for an example
 */
export function misuse(id: string, message: string, facts: readonly Fact[] = []): never {
  return fail("Misuse", id, message, facts);
}
