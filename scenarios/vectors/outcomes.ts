/**
 * Which final outcomes the model can reach, against a recorded set. How many runs the search takes depends on what
 * it finds and never on the clock.
 */
import {
  DEFAULT_LIMITS,
  Execution,
  Recording,
  type Choices,
  type RunResult,
  type Strategy,
} from "../../sim/index.ts";
import { outcomeKey, type FinalOutcome, type OutcomeSpec, type OutcomeSystem } from "./outcomes-format.ts";
import { OutcomeSearch } from "./outcomes-search.ts";
import { restState, startOutcomeSystem, type StartedSystem } from "./outcomes-system.ts";

/** An outcome that is not listed, and a run that reaches it. */
export interface ExtraOutcome {
  readonly outcome: FinalOutcome;
  /** Replays the run with {@link runOutcome}. */
  readonly choices: Choices;
  readonly result: RunResult;
}

/** What an exploration came to. */
export interface Exploration {
  readonly runs: number;
  readonly steps: number;
  /** Outcomes listed, and how many of them were reached. */
  readonly expected: number;
  readonly reached: number;
  readonly missing: readonly FinalOutcome[];
  /** In the order in which they were found. */
  readonly extra: readonly ExtraOutcome[];
  /** Runs that hit a bound, whose outcome is unknown. */
  readonly inconclusive: number;
}

/** How much is explored. */
export interface ExploreOptions {
  /** Seed of the search. */
  readonly seed: string;
  /** Runs at least, even if everything listed was reached: something that is not listed might be. */
  readonly runsMin: number;
  /** Runs at most, while something listed is missing. */
  readonly runsMax: number;
}

/** What `outcomes` does unless it is told otherwise. */
export const EXPLORE: ExploreOptions = { seed: "outcomes", runsMin: 6000, runsMax: 120_000 };

/** One run of a system. */
export interface OutcomeRun {
  /** Null when a bound was hit. */
  readonly outcome: FinalOutcome | null;
  readonly result: RunResult;
}

/** Runs a system once; `ready` sees the execution before its first choice; `patient`: waiting is left out. */
export function runOutcome(
  system: OutcomeSystem,
  strategy: Strategy,
  recording: Recording,
  ready: (x: Execution) => void = () => undefined,
  patient = false,
): OutcomeRun {
  const x = new Execution(strategy, recording, { ...DEFAULT_LIMITS, ticksMax: 0 });
  const started: StartedSystem[] = [];
  const result = x.run(() => {
    x.patient = patient;
    started.push(startOutcomeSystem(x, system));
    ready(x);
  });
  strategy.end?.(x);
  if (result.outcome === "inconclusive") return { outcome: null, result };
  if (result.failure !== null) return { outcome: inWords(result.failure), result };
  const [at] = started;
  return { outcome: at === undefined ? null : restState(at), result };
}

/** A failure as an outcome: the kernel's own panics are outcomes, and so are failures it does not know. */
const inWords = ({ kind, id, message }: NonNullable<RunResult["failure"]>): string =>
  kind === "Panic" ? `panic: ${message}` : `failure: ${kind} ${id}: ${message}`;

/** The words of a panic are not compared: a panic is a panic. */
export const keyOf = (outcome: FinalOutcome): string =>
  typeof outcome === "string" && outcome.startsWith("panic") ? "panic" : outcomeKey(outcome);

/** Explores a system and compares what it can come to with what is listed. Cost: about 0.3 ms a run. */
export function exploreOutcomes(spec: OutcomeSpec, options: ExploreOptions = EXPLORE): Exploration {
  const missing = new Map(spec.outcomes.map((outcome) => [keyOf(outcome), outcome]));
  const expected = new Set(missing.keys());
  const extra: ExtraOutcome[] = [];
  const search = new OutcomeSearch(options.seed);
  const recording = new Recording();
  let runs = 0;
  let steps = 0;
  let inconclusive = 0;
  while (runs < options.runsMin || (runs < options.runsMax && missing.size > 0)) {
    const strategy = search.next(runs);
    let booted = 0;
    const { outcome, result } = runOutcome(spec.system, strategy, recording, () => (booted = recording.steps));
    runs++;
    steps += result.steps;
    if (outcome === null) {
      inconclusive++;
      continue;
    }
    const key = keyOf(outcome);
    const isNew = search.learn(key, booted, recording);
    missing.delete(key);
    if (isNew && !expected.has(key)) extra.push({ outcome, result, choices: recording.choices });
  }
  return {
    runs,
    steps,
    expected: expected.size,
    reached: expected.size - missing.size,
    missing: [...missing.values()],
    extra,
    inconclusive,
  };
}
