/**
 * The happens-before classes of a campaign, row by row of its plan: within a row runs are drawn alike, so that what they
 * have shown tells how likely the next one is to show something new. With a risk to come to, a row ends there; that is
 * decided between units in plan order, so that it is a function of the plan alone.
 */
import type { ClassesResult, PlanRow, RowClassesResult } from "../reports/index.ts";
import type { Batch } from "./batch.ts";
import { ClassTable, type ClassesAsText } from "./class-table.ts";
import { Distinct } from "./distinct.ts";
import type { Plan } from "./plan.ts";
import { runsFollow, type Unit } from "./units.ts";

/** A row so far. */
interface Row {
  readonly table: ClassTable;
  /** Runs of the plan that it took to come to the risk that was wanted; null: it has not come to it. */
  endedAt: number | null;
}

/** One row as data, for a shard. */
export interface RowAsText extends ClassesAsText {
  readonly endedAt: number | null;
}

/** A risk is not believed before so many runs for each one of its inverse: fewer cannot tell a chance so small from none. */
const RUNS_PER_RISK = 3;

/** One for each campaign. */
export class RowClasses {
  /** Where rows end; null: with their plan. */
  readonly untilRisk: number | null;
  readonly #rows: readonly Row[];
  readonly #plan: Plan;

  constructor(plan: Plan, untilRisk: number | null) {
    this.#plan = plan;
    this.untilRisk = untilRisk;
    this.#rows = plan.rows.map(() => ({ table: new ClassTable(), endedAt: null }));
  }

  /** Are there rows that end before their plan does? */
  get endsRows(): boolean {
    return this.untilRisk !== null;
  }

  /** Has the row ended? What else is run of it does not count. */
  hasEnded(row: number): boolean {
    return this.#rowAt(row).endedAt !== null;
  }

  /** Takes the next batch of the plan. */
  take(row: number, { classes, classRuns }: Batch): void {
    const { table } = this.#rowAt(row);
    classes.forEach((hash, i) => {
      table.add(hash, classRuns[i] ?? 0);
    });
  }

  /** The last batch of a unit has been taken: ends its row if that has come to the risk. */
  unitDone({ row, first, count }: Unit): void {
    const { table } = this.#rowAt(row);
    const risk = this.untilRisk;
    if (risk === null || runsFollow(this.#plan.rows[row] as PlanRow)) return; // units are made of rows
    if (table.risk <= risk && table.runs * risk >= RUNS_PER_RISK) this.#rowAt(row).endedAt = first + count;
  }

  /** Does the run with this number in the plan count? */
  counts(at: number): boolean {
    let start = 0;
    for (const [i, { runs }] of this.#plan.rows.entries()) {
      if (at < start + runs) return at - start < (this.#rowAt(i).endedAt ?? runs);
      start += runs;
    }
    return true;
  }

  /** The plan as it was run: it makes the same runs again. */
  get taken(): Plan {
    const { seed, rows } = this.#plan;
    return { seed, rows: rows.map((row, i) => ({ ...row, runs: this.#rowAt(i).endedAt ?? row.runs })) };
  }

  asText(): readonly RowAsText[] {
    return this.#rows.map(({ table, endedAt }) => ({ ...table.asText(), endedAt }));
  }

  /** Takes over what a shard of the plan has. */
  join(rows: readonly RowAsText[]): void {
    rows.forEach((text, i) => {
      const row = this.#rowAt(i);
      row.table.join(text);
      row.endedAt ??= text.endedAt;
    });
  }

  get result(): ClassesResult {
    const rows = this.taken.rows.map(({ scenario, strategy, runs }, i): RowClassesResult => {
      const { table, endedAt } = this.#rowAt(i);
      const follow = runsFollow({ strategy });
      return {
        scenario,
        strategy,
        runs: table.runs,
        classes: table.count,
        once: table.once,
        newPerThousand: table.curve(runs),
        risk: follow || table.runs === 0 ? null : table.risk,
        reached: endedAt !== null,
      };
    });
    const scenarios = [...new Set(rows.map(({ scenario }) => scenario))];
    return { untilRisk: this.untilRisk, rows, scenarios: scenarios.map((name) => ({ name, classes: this.#classesOf(name) })) };
  }

  /** Distinct classes of a scenario, whatever found them. */
  #classesOf(scenario: string): number {
    const distinct = new Distinct();
    this.#plan.rows.forEach((row, i) => {
      if (row.scenario !== scenario) return;
      for (const hash of this.#rowAt(i).table.hashes()) distinct.add(hash);
    });
    return distinct.count;
  }

  #rowAt(row: number): Row {
    return this.#rows[row] as Row; // of the plan
  }
}
