/**
 * Units of work: a plan cut into pieces that can be run anywhere in any order. A run is a function of its row and
 * its seed; only the runs of the exhaustive strategy follow from one another, so there a row is one unit.
 */
import type { PlanRow } from "../reports/index.ts";
import { STRATEGIES } from "../sim/index.ts";
import { UsageError, quote } from "./errors.ts";
import type { Plan } from "./plan.ts";

/** The i-th of n shares of a plan; i counts from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Runs of one row: those at `first`, `first + stride`, ... within the row. */
export interface Unit {
  readonly id: number;
  /** Index of the row in the plan. */
  readonly row: number;
  /** Number of the row's first run in the plan. */
  readonly start: number;
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** Runs of a unit: few enough that workers end together, enough that handing them out costs nothing. */
const UNIT_RUNS = 128;
const SHARDS_MAX = 1000;

/** Reads `i/n`; throws a {@link UsageError}. */
export function parseShard(text: string): Shard {
  const [, index = "", of = ""] = /^([0-9]{1,4})\/([0-9]{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === "" || shard.index < 1 || shard.index > shard.of || shard.of > SHARDS_MAX) {
    throw new UsageError(`--shard must be i/n with 1 <= i <= n <= ${String(SHARDS_MAX)}, such as 1/3, not ${quote(text)}`);
  }
  return shard;
}

/** The text {@link parseShard} reads. */
export const shardText = ({ index, of }: Shard): string => `${String(index)}/${String(of)}`;

const FOLLOW: ReadonlySet<string> = new Set(STRATEGIES.filter(({ exhaustive }) => exhaustive).map(({ name }) => name));

/** Do the runs of the row follow from one another? */
export const runsFollow = ({ strategy }: Pick<PlanRow, "strategy">): boolean => FOLLOW.has(strategy);

/**
 * The units of a plan, or of a shard of it: every n-th run, of rows that are one unit every n-th. `wholeRows`: of other rows
 * every n-th too, because what is run of them depends on what their runs show.
 */
export function unitsOf({ rows }: Plan, { index, of }: Shard = { index: 1, of: 1 }, wholeRows = false): readonly Unit[] {
  const units: Unit[] = [];
  const add = (row: number, start: number, first: number, stride: number, count: number): void => {
    if (count > 0) units.push({ id: units.length, row, start, first, stride, count });
  };
  let start = 0;
  let whole = 0;
  rows.forEach((row, at) => {
    if (runsFollow(row)) {
      if (whole++ % of === index - 1) add(at, start, 0, 1, row.runs);
    } else if (wholeRows) {
      if (whole++ % of === index - 1) for (let offset = 0; offset < row.runs; offset += UNIT_RUNS) {
        add(at, start, offset, 1, Math.min(UNIT_RUNS, row.runs - offset));
      }
    } else {
      const first = (((index - 1 - start) % of) + of) % of;
      for (let offset = first; offset < row.runs; offset += UNIT_RUNS * of) {
        add(at, start, offset, of, Math.min(UNIT_RUNS, Math.ceil((row.runs - offset) / of)));
      }
    }
    start += row.runs;
  });
  return units;
}

/** Where the run at a position of a unit stands in its row: the distance of its seed from the row's first. */
export const offsetAt = ({ first, stride }: Unit, position: number): number => first + position * stride;

/** The number of that run in the plan. */
export const runAt = (unit: Unit, position: number): number => unit.start + offsetAt(unit, position);
