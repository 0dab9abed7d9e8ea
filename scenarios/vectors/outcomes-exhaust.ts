/**
 * All final outcomes of a system: one execution for every order of its steps that could be noticed, without a bound
 * (`sim/strategies/dpor`). Serializers are waited for patiently, which loses no outcome as long as no CPU runs a second
 * thread (decision 0006); that is looked at in every execution.
 */
import { Dpor, Following, Recording, misuse, type Choices, type Context, type Execution, type Strategy } from "../../sim/index.ts";
import { EXPLORE, exploreOutcomes, keyOf, runOutcome, type Exploration, type ExtraOutcome } from "./outcomes.ts";
import type { FinalOutcome, OutcomeSpec, OutcomeSystem } from "./outcomes-format.ts";

/** What a complete search came to. */
export interface Exhausted {
  /** Executions, one for each order. */
  readonly executions: number;
  /** Nothing is left to explore. */
  readonly complete: boolean;
  /** One outcome of each kind, in the order in which they were found, with a run in which waiting is explored. */
  readonly outcomes: readonly ExtraOutcome[];
}

/** Executions at most: about a minute. */
const EXECUTIONS_MAX = 60_000;
/** Runs in which waiting is explored, where all orders without it have been. */
const WAITING_RUNS = 1000;

/** What a system can come to against what is listed, and how thoroughly that was looked for. */
export interface Searched extends Exploration {
  /** Executions of the complete search. */
  readonly executions: number;
  /** It came to its end: there are no other orders. */
  readonly complete: boolean;
}

/**
 * Explores a system completely, then runs in which threads sleep on locks, as they are drawn; if the complete search did
 * not end, as many runs as {@link exploreOutcomes} usually takes. Cost: up to a minute and a half.
 */
export function searchOutcomes(spec: OutcomeSpec, executionsMax = EXECUTIONS_MAX, explore = EXPLORE): Searched {
  const { executions, complete, outcomes } = exhaustOutcomes(spec.system, executionsMax);
  const drawn = exploreOutcomes(spec, complete ? { ...explore, runsMin: WAITING_RUNS, runsMax: WAITING_RUNS } : explore);
  const reached = new Set(outcomes.map(({ outcome }) => keyOf(outcome)));
  const listed = new Set(spec.outcomes.map(keyOf));
  const missing = drawn.missing.filter((outcome) => !reached.has(keyOf(outcome)));
  const extra = [
    ...outcomes.filter(({ outcome }) => !listed.has(keyOf(outcome))),
    ...drawn.extra.filter(({ outcome }) => !reached.has(keyOf(outcome))),
  ];
  return { ...drawn, executions, complete, missing, extra, reached: drawn.expected - missing.length };
}

/** An outcome by what makes it another one, and the steps that lead to it. */
interface Found {
  readonly outcome: FinalOutcome;
  readonly steps: readonly string[];
}

/** Explores all orders, or so many. Throws `Misuse` where a CPU ran two threads. Cost: about 0.5 ms an execution. */
export function exhaustOutcomes(system: OutcomeSystem, executionsMax: number): Exhausted {
  const search = new Dpor();
  const noted = new Noted(search);
  const recording = new Recording();
  const found = new Map<string, Found>();
  let bounded = 0;
  while (search.executions < executionsMax && noted.begin()) {
    const { outcome } = runOutcome(system, noted, recording, undefined, true);
    if (outcome === null) bounded++;
    else if (!found.has(keyOf(outcome))) found.set(keyOf(outcome), { outcome, steps: noted.steps });
  }
  return {
    executions: search.executions,
    complete: search.exhausted && bounded === search.covered,
    outcomes: [...found.values()].map((each) => retold(system, each)),
  };
}

/** The same steps where waiting is explored: whoever waits patiently is one who comes late. */
function retold(system: OutcomeSystem, { outcome, steps }: Found): ExtraOutcome {
  const recording = new Recording();
  const strategy = new Following({ steps, draws: new Map() });
  const { outcome: again, result } = runOutcome(system, strategy, recording);
  if (again === null || keyOf(again) !== keyOf(outcome)) misuse("patience", "a patient run came to what the run it stands for does not");
  const choices: Choices = recording.choices;
  return { outcome, result, choices };
}

/** Writes down whose each step was, and refuses a second thread on a CPU. */
class Noted implements Strategy {
  readonly name = "noted";
  readonly everyPoint = true;
  readonly #inner: Dpor;
  readonly #threads: (Context | undefined)[] = [];
  #steps: string[] = [];

  constructor(inner: Dpor) {
    this.#inner = inner;
  }

  get steps(): readonly string[] {
    return this.#steps;
  }

  begin(): boolean {
    this.#steps = [];
    while (this.#threads.length > 0) this.#threads.pop();
    return this.#inner.begin();
  }

  attach(x: Execution): void {
    this.#inner.attach(x);
  }

  choose(x: Execution, current: Context | null): Context {
    const next = this.#inner.choose(x, current);
    this.#steps.push(next.name);
    const { cpu } = next;
    if (cpu !== null && !next.isLine) {
      const before = (this.#threads[cpu.id] ??= next);
      if (before !== next) misuse("patience", `${before.name} and ${next.name} run on one CPU: who waits has to be explored`);
    }
    return next;
  }

  draw(x: Execution, n: number): number {
    return this.#inner.draw(x, n);
  }

  end(x: Execution): void {
    this.#inner.end(x);
  }
}
