/**
 * Runs a unit of work and tells what came of it, batch by batch. What is told is a function of the unit; only how
 * much of it is in a batch depends on the clock.
 */
import type { Failure } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import type { Batch, Fault } from "./batch.ts";
import { authorSite } from "./blame.ts";
import { BatchMaker } from "./batch-maker.ts";
import type { Job, JobRun } from "./engine-set.ts";
import { debugLines, isEngineFault, messageOf } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import type { Lens } from "./lens.ts";
import { specOf } from "./strategies.ts";
import { offsetAt, runAt, type Unit } from "./units.ts";

/** What is to be run. */
export interface UnitRequest {
  readonly unit: Unit;
  readonly row: PlanRow;
  readonly property: string | null;
  /** Collect protocol coverage. */
  readonly coverage: boolean;
  /** Tell the happens-before class of every run. */
  readonly classes: boolean;
  /** Position to begin at: those before are done. */
  readonly from: number;
  /** Where the strategy stood there; null at the beginning, or when its runs stand alone. */
  readonly checkpoint: unknown;
  /** Positions that are left out: their runs do not come back. */
  readonly skip: readonly number[];
  /** Tell after every run. */
  readonly eager: boolean;
}

/** Between the runs. */
export interface Control {
  /** A run begins: its number in the plan. */
  begins(at: number): void;
  stopped(): boolean;
}

/** A batch is told when it has so many runs or has taken so long. */
const RUNS_MOST = 32;
const MS_MOST = 30;

/** Runs a unit. Every batch is complete when it is yielded; a stop ends it early, with what there is. */
export function* runUnit(lens: Lens, request: UnitRequest, control: Control): Generator<Batch, void, void> {
  const { unit, row, skip, eager, checkpoint } = request;
  const job = lens.engine.open(row.scenario, specOf(row), request.property, checkpoint, request);
  lens.turnTo(row, request.property, runAt(unit, request.from));
  let batch = new BatchMaker(unit.id);
  let due = performance.now() + MS_MOST;
  for (let position = request.from; position < unit.count; position++) {
    if (control.stopped()) break;
    if (skip.includes(position)) continue;
    const at = runAt(unit, position);
    control.begins(at);
    const fault = runOne(job, lens, batch, unit, position, row);
    if (fault === "over" || fault !== null) {
      yield batch.done(position, job, fault === "over" ? null : fault, fault === "over");
      return;
    }
    if (!eager && !batch.urgent && batch.runs < RUNS_MOST && performance.now() < due) continue;
    yield batch.done(position + 1, job, null, false);
    batch = new BatchMaker(unit.id);
    due = performance.now() + MS_MOST;
  }
  if (batch.runs > 0) yield batch.done(unit.count, job, null, false);
}

/** One run, counted; `over` when there is none, or our own fault. */
function runOne(
  job: Job,
  lens: Lens,
  batch: BatchMaker,
  unit: Unit,
  position: number,
  row: PlanRow,
): Fault | "over" | null {
  const seed = row.firstSeed + offsetAt(unit, position);
  const where = `${row.scenario}, ${row.strategy}, seed ${String(seed)}`;
  try {
    const run = job.run(String(seed));
    if (run === null) return "over";
    const own = ownFault(run, where, row);
    if (own !== null) return own;
    batch.count(run, offsetAt(unit, position));
    lens.look(batch, run, seed, runAt(unit, position));
    return null;
  } catch (error) {
    if (isEngineFault(error)) return { message: error.message, exit: error.exit };
    const why = [messageOf(error), ...debugLines(error)].join("\n");
    const site = authorSite(error);
    if (site === null) return { message: `internal error in ${where}: ${why}`, exit: Exit.EngineFault };
    const { file, line, column } = site;
    const name = (error as Error).name; // it has a stack
    return { message: `${file}:${String(line)}:${String(column)} threw ${name} in ${where}: ${why}`, exit: Exit.Usage };
  }
}

const OWN: Readonly<Record<string, Exit>> = { Misuse: Exit.EngineFault, Divergence: Exit.Nondeterminism };

/** `Misuse` and `Divergence` say nothing about the kernel: they end the check. */
function ownFault({ failure, races }: JobRun, where: string, row: PlanRow): Fault | null {
  for (const each of failure === null ? races : [...races, failure]) {
    // A schedule by hand that the run cannot follow is a matter of who wrote it.
    const exit = row.strategy === "schedule" && each.id === "schedule" ? Exit.Usage : OWN[each.kind];
    if (exit !== undefined) return { message: told(each, where), exit };
  }
  return null;
}

function told({ kind, id, message, facts }: Failure, where: string): string {
  const evidence = facts.map(([label, value]) => `; ${label}: ${value}`).join("");
  return `${kind} ${id} in ${where}: ${message}${evidence}`;
}
