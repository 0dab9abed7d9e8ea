/**
 * What counting costs: CPU time of the same runs on the usual build and on the counting build, one after the other in this thread,
 * several times over. `node scripts/run.mjs cli/lines/measure.ts [runs]`.
 */
import { loadCounting } from "../bundled-engine.ts";
import { engine } from "../engine.ts";
import type { EngineSet } from "../engine-set.ts";
import { makePlan } from "../plan.ts";
import { unitsOf } from "../units.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { countLines } from "./count-unit.ts";
import { countedSources } from "./counted-sources.ts";

const ROUNDS = 5;
const STRATEGY = { name: "random", parameters: {} };

const runs = Number(process.argv[2] ?? "2000");
const { engine: counting } = await loadCounting(findRoot(), countedSources(findRoot()));
const plan = makePlan({ seed: 1, scenarios: engine.usual, strategy: STRATEGY, runs, lengthOf: () => 0 });

function seconds(on: EngineSet): number {
  const before = process.cpuUsage();
  for (const unit of unitsOf(plan)) {
    const row = plan.rows[unit.row];
    if (row !== undefined) countLines(on, unit, row);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The middle one. */
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.trunc(list.length / 2)] ?? 0;

const usual: number[] = [];
const counted: number[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const both = [seconds(engine), seconds(counting)] as const;
  if (round === 0) continue; // compiled
  usual.push(both[0]);
  counted.push(both[1]);
}
console.log(`${String(runs)} runs, median of ${String(ROUNDS)}: ${median(usual).toFixed(2)} s CPU as usual, ${median(counted).toFixed(2)} s counting (${(100 * (median(counted) / median(usual) - 1)).toFixed(0)} % more)`);
