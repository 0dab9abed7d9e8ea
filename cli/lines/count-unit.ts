/** Runs a unit of a plan for the lines of the C that it reaches. */
import type { PlanRow } from "../../reports/index.ts";
import type { LineHits } from "../../protocol/index.ts";
import type { EngineSet } from "../engine-set.ts";
import { specOf } from "../strategies.ts";
import { offsetAt, type Unit } from "../units.ts";

/** What came of a unit. */
export interface UnitLines {
  readonly runs: number;
  /** Runs that failed: what they reached counts all the same. */
  readonly failed: number;
  readonly hits: LineHits;
}

/** Runs it, with every property armed, as `check` does. */
export function countLines(engine: EngineSet, unit: Unit, row: PlanRow): UnitLines {
  const job = engine.open(row.scenario, specOf(row), null);
  engine.takeHits();
  let runs = 0;
  let failed = 0;
  for (let position = 0; position < unit.count; position++) {
    const run = job.run(String(row.firstSeed + offsetAt(unit, position)));
    if (run === null) break;
    runs++;
    if (run.outcome === "failed") failed++;
  }
  return { runs, failed, hits: engine.takeHits() };
}
