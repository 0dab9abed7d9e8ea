/** `protocol-coverage.json`: made from what was counted, and read back into it. */
import { BRANCHES } from "../model/index.ts";
import { NO_COVERAGE, mergeCoverage, pairName, type ProtocolCoverage, type ScenarioCoverage } from "../protocol/index.ts";
import type {
  BranchRow,
  ErrnoRow,
  OperationRow,
  ProtocolCoverageFile,
  ScenarioCoverageRow,
} from "../reports/index.ts";
import { LISTED_ERRNOS, byText, cellsOf, orderRows } from "./coverage-cells.ts";

/** What a check knows of itself. */
export interface CoverageHead {
  readonly version: string;
  readonly seed: number;
  readonly variant: string | null;
}

/** The document. `scenarios`: in the order of the plan; those that were not run are left out. Cost: linear in the cells. */
export function coverageFile(
  coverage: ProtocolCoverage,
  scenarios: readonly string[],
  { version, seed, variant }: CoverageHead,
): ProtocolCoverageFile {
  const rows = scenarios.flatMap((name) => {
    const one = coverage[name];
    return one === undefined || one.runs === 0 ? [] : [scenarioRow(name, one)];
  });
  return { schema: 1, version, seed, variant, ...cellsOf(overall(coverage)), scenarios: rows };
}

/** All scenarios as one. */
function overall(coverage: ProtocolCoverage): ScenarioCoverage {
  let all: ProtocolCoverage = NO_COVERAGE;
  for (const one of Object.values(coverage)) all = mergeCoverage(all, { "": one });
  return all[""] ?? { runs: 0, operations: {}, orders: {}, routines: {}, branches: {}, errnos: {} };
}

function scenarioRow(name: string, one: ScenarioCoverage): ScenarioCoverageRow {
  const { totals, empty } = cellsOf(one);
  return {
    name,
    runs: one.runs,
    totals,
    operations: operationRows(one),
    orders: orderRows(one),
    branches: branchRows(one),
    errnos: errnoRows(one),
    empty,
  };
}

const sorted = <T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
  Object.entries(record).sort(([a], [b]) => byText(a, b));

function operationRows({ operations, routines }: ScenarioCoverage): readonly OperationRow[] {
  return sorted(operations).flatMap(([type, runs]) =>
    sorted(runs).map(([operation, count]) => ({
      class: type,
      operation,
      runs: count,
      routines: Object.fromEntries(sorted(routines[type]?.[operation] ?? {})),
    })));
}

/** In the order of the table. */
function branchRows({ branches }: ScenarioCoverage): readonly BranchRow[] {
  return Object.entries(BRANCHES).flatMap(([branch, [routine, line]]) => {
    const by = branches[branch];
    return by === undefined ? [] : [{ branch, routine, line, by: Object.fromEntries(sorted(by)) }];
  });
}

/** In the order of the table; behind it what the table does not have. */
function errnoRows({ errnos }: ScenarioCoverage): readonly ErrnoRow[] {
  const listed = LISTED_ERRNOS.flatMap(({ routine, errno, line }) => {
    const runs = errnos[routine]?.[errno] ?? 0;
    return runs === 0 ? [] : [{ routine, errno, line, runs, listed: true }];
  });
  const known = new Set(LISTED_ERRNOS.map(({ routine, errno }) => `${routine} ${errno}`));
  const others = sorted(errnos).flatMap(([routine, returned]) =>
    sorted(returned)
      .filter(([errno]) => !known.has(`${routine} ${errno}`))
      .map(([errno, runs]) => ({ routine, errno, line: null, runs, listed: false })));
  return [...listed, ...others];
}

/** What the document counts, for merging: making the document of it again gives the same one. */
export function coverageOf({ scenarios }: ProtocolCoverageFile): ProtocolCoverage {
  return Object.fromEntries(scenarios.map((row) => [row.name, {
    runs: row.runs,
    operations: nested(row.operations.map((each) => [each.class, each.operation, each.runs])),
    orders: nested(row.orders
      .filter(({ before, after, overlapped }) => before + after + overlapped > 0)
      .map(({ class: type, first, second, ...met }) => [type, pairName(first, second), met])),
    routines: nested(row.operations
      .filter(({ routines }) => Object.keys(routines).length > 0)
      .map((each) => [each.class, each.operation, each.routines])),
    branches: Object.fromEntries(row.branches.map(({ branch, by }) => [branch, by])),
    errnos: nested(row.errnos.map((each) => [each.routine, each.errno, each.runs])),
  }]));
}

function nested<T>(rows: readonly (readonly [string, string, T])[]): Readonly<Record<string, Readonly<Record<string, T>>>> {
  const outer = new Map<string, [string, T][]>();
  for (const [name, key, value] of rows) {
    const inner = outer.get(name);
    if (inner === undefined) outer.set(name, [[key, value]]);
    else inner.push([key, value]);
  }
  return Object.fromEntries([...outer].map(([name, entries]) => [name, Object.fromEntries(entries)]));
}
