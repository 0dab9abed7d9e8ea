/**
 * The plan of a check: how many runs of which scenario under which strategy, and their seeds. A function of the
 * arguments and of the tables below; nothing adapts to the clock. The default is sized for a minute of CPU time.
 */
import type { PlanRow } from "../reports/index.ts";
import type { MemoryModel } from "../sim/index.ts";
import type { StrategySpec } from "./strategies.ts";

/** What is run. */
export interface Plan {
  readonly seed: number;
  readonly rows: readonly PlanRow[];
}

/** A strategy of the portfolio with its share of the runs of every scenario. */
interface Share extends StrategySpec {
  readonly weight: number;
}

/** Every scenario is explored by each of these. */
export const PORTFOLIO: readonly Share[] = [
  { name: "random", parameters: {}, weight: 4 },
  { name: "pct", parameters: { d: 3, k: 0 }, weight: 3 },
  { name: "pos", parameters: {}, weight: 2 },
  { name: "exhaustive", parameters: { p: 2 }, weight: 1 },
];

/** Runs of a scenario when nothing else is said. */
const DEFAULT_RUNS = 800;

/** How many times the usual runs a long check makes: ten minutes on 2 cores, where the usual one takes 50 s. */
export const LONG_TIMES = 12;

/** Scenarios whose runs are much longer or much shorter than usual. */
export const RUNS: Readonly<Record<string, number>> = {
  "attach-detach-churn": 400,
  "detach-in-flight": 600,
  "index-table-growth": 600,
};

/** What the plan is made from. */
export interface PlanRequest {
  readonly seed: number;
  readonly scenarios: readonly string[];
  /** Instead of the portfolio. */
  readonly strategy: StrategySpec | null;
  /** Total number of runs; null: as the tables say. */
  readonly runs: number | null;
  /** So many times the runs of the tables; absent: once. */
  readonly times?: number;
  /** Of all runs; absent: sequential consistency. */
  readonly memory?: MemoryModel | undefined;
  /** How long runs of a scenario are: where PCT is given no k, it is this, so that every run stands alone. */
  readonly lengthOf: (scenario: string) => number;
}

/** Makes the plan. Rows without runs are kept: they say what was not explored. */
export function makePlan({ seed, scenarios, strategy, runs, times = 1, memory = "sc", lengthOf }: PlanRequest): Plan {
  const shares: readonly Share[] = strategy === null ? PORTFOLIO : [{ ...strategy, weight: 1 }];
  const cells = scenarios.flatMap((scenario) =>
    shares.map((share) => ({ scenario, share, weight: share.weight * usualRuns(scenario) })));
  const usualTotal = scenarios.reduce((sum, name) => sum + usualRuns(name), 0);
  const counts = divide(runs ?? times * usualTotal, cells.map(({ weight }) => weight));
  let firstSeed = seed;
  const rows = cells.map(({ scenario, share }, i) => {
    const row: PlanRow = {
      scenario,
      strategy: share.name,
      parameters: completed(share, scenario, lengthOf),
      firstSeed,
      runs: counts[i] ?? 0,
      ...(memory === "sc" ? {} : { memory }),
    };
    firstSeed += row.runs;
    return row;
  });
  return { seed, rows };
}

/** Would the strategy learn the length of runs from those before? They may be run elsewhere. */
const learns = ({ name, parameters }: StrategySpec): boolean => name === "pct" && parameters["k"] === 0;

const completed = (spec: StrategySpec, scenario: string, lengthOf: PlanRequest["lengthOf"]): StrategySpec["parameters"] =>
  learns(spec) ? { ...spec.parameters, k: Math.max(1, lengthOf(scenario)) } : spec.parameters;

/** Does the plan ask how long runs are? */
export const wantsLengths = ({ strategy }: Pick<PlanRequest, "strategy">): boolean =>
  (strategy === null ? PORTFOLIO : [strategy]).some(learns);

const usualRuns = (scenario: string): number =>
  Object.hasOwn(RUNS, scenario) ? (RUNS[scenario] ?? DEFAULT_RUNS) : DEFAULT_RUNS;

/** Divides a total in proportion to weights: exact sum, largest remainders first, then the earlier one. */
export function divide(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const counts = exact.map(Math.floor);
  const left = total - counts.reduce((a, b) => a + b, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, left)) counts[i] = (counts[i] ?? 0) + 1;
  return counts;
}
