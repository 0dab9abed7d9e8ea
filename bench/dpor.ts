/**
 * Optimal partial-order reduction: CPU time per execution of whole searches, as resumes of a flat generator measured in
 * the same rounds; and what memory they take. Creating the contexts of every execution counts.
 */
import { Dpor, explore, type Program } from "../sim/index.ts";
import { indexer, lastZero, readers, writeThenReadAll } from "../sim/strategies/dpor/test-families.ts";

/** A search, how many executions it has, and how many resumes one may cost. */
interface Family {
  readonly name: string;
  readonly program: Program;
  readonly executions: number;
  readonly target: number;
}

const FAMILIES: readonly Family[] = [
  { name: "readers(12)", program: readers(12), executions: 4096, target: 4700 },
  { name: "lastzero(10)", program: lastZero(10), executions: 3328, target: 5700 },
  { name: "write-then-read-all(5)", program: writeThenReadAll(5), executions: 11_106, target: 4200 },
  { name: "indexer(15)", program: indexer(15), executions: 4096, target: 26_000 },
];

const ROUNDS = 5;
const RESUMES = 2_000_000;

/** Microseconds of CPU time. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

function* flat(): Generator<undefined, never, void> {
  for (;;) yield undefined;
}

/** What one resume of a flat generator takes, in microseconds. */
function resume(): number {
  const generator = flat();
  return timed(() => {
    for (let i = 0; i < RESUMES; i++) generator.next();
  }) / RESUMES;
}

/** One whole search. */
function search({ name, program, executions }: Family): Dpor {
  const strategy = new Dpor();
  const { runs, finished } = explore({ program, strategy, seed: "bench", runs: executions + 1 }, () => undefined);
  if (!finished || runs !== executions || strategy.covered + strategy.infeasible > 0)
    throw new Error(`${name}: ${String(runs)} executions, ${String(strategy.covered)} given up, of ${String(executions)}`);
  return strategy;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Measures and prints; returns how many targets are missed. */
export function reportDpor(): number {
  let missed = 0;
  console.log(`\n${"optimal DPOR, per execution".padEnd(26)} resumes target   third  us/exec  executions  tree  depth`);
  for (const family of FAMILIES) {
    const strategy = search(family);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const floor = resume();
      const us = timed(() => search(family)) / family.executions;
      return { us, resumes: us / floor };
    });
    const resumes = median(rounds.map((round) => round.resumes));
    if (resumes > family.target) missed++;
    const us = median(rounds.map((round) => round.us));
    const figures = [resumes.toFixed(0), family.target, Math.round(family.target / 3), us.toFixed(1), family.executions, strategy.nodesMax, strategy.depthMax];
    const widths = [8, 7, 8, 9, 12, 6, 7];
    console.log(family.name.padEnd(26) + figures.map((figure, i) => String(figure).padStart(widths[i] ?? 0)).join(""));
  }
  return missed;
}
