/** The cells of protocol coverage: which there are in a scenario, and which are empty. */
import { BRANCHES, ERRNOS } from "../model/index.ts";
import {
  makePairByName,
  operationsOf,
  orderCells,
  pairName,
  type Met,
  type ScenarioCoverage,
} from "../protocol/index.ts";
import type { CoverageTotals, Empty, EmptyBranch, EmptyErrno, EmptyOrder, OrderRow } from "../reports/index.ts";

const NEVER: Met = { before: 0, after: 0, overlapped: 0, unguarded: 0 };

/** By code units: the same everywhere. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The pairs that met, and those that could have: operations of different kinds of contexts on the same class. */
export function orderRows({ operations, orders }: ScenarioCoverage): readonly OrderRow[] {
  return Object.keys(operations).sort(byText).flatMap((type) => {
    const met = orders[type] ?? {};
    const names = Object.keys(operations[type] ?? {}).sort(byText);
    const possible = names.flatMap((first, i) =>
      names.slice(i + 1).filter((second) => makePairByName(first, second)).map((second) => pairName(first, second)));
    const pairs = [...new Set([...possible, ...Object.keys(met)])].sort(byText);
    return pairs.map((pair) => {
      const [first, second] = operationsOf(pair);
      return { class: type, first, second, ...(met[pair] ?? NEVER) };
    });
  });
}

interface Cells<T> {
  readonly covered: number;
  readonly empty: readonly T[];
}

function orderCellsOf(coverage: ScenarioCoverage, rows: readonly OrderRow[]): Cells<EmptyOrder> {
  let covered = 0;
  const empty: EmptyOrder[] = [];
  for (const row of rows) {
    const both = coverage.operations[row.class] ?? {};
    const runs = Math.min(both[row.first] ?? 0, both[row.second] ?? 0);
    const met = row.before + row.after > 0;
    for (const { first, second, order, seen } of orderCells(row)) {
      if (seen > 0) covered++;
      else empty.push({ class: row.class, first, order, second, met, runs });
    }
  }
  // Of two that met, an order that never occurs says more than an overlap; the more often they occurred, the more.
  const rank = ({ met, order }: EmptyOrder): number => (met ? 0 : 2) + (order === "before" ? 0 : 1);
  const text = (cell: EmptyOrder): string => `${cell.class} ${cell.first} ${cell.second}`;
  empty.sort((a, b) => rank(a) - rank(b) || b.runs - a.runs || byText(text(a), text(b)));
  return { covered, empty };
}

function branchCells({ branches }: ScenarioCoverage): Cells<EmptyBranch> {
  const all = Object.entries(BRANCHES).map(([branch, [routine, line]]) => ({ branch, routine, line }));
  const empty = all.filter(({ branch }) => branches[branch] === undefined);
  return { covered: all.length - empty.length, empty };
}

/** Every errno a routine may return, with its line. */
export const LISTED_ERRNOS = Object.entries(ERRNOS).flatMap(([routine, returns]) =>
  Object.entries<number | null>(returns).map(([errno, line]) => ({ routine, errno, line })));

function errnoCells({ errnos }: ScenarioCoverage): Cells<EmptyErrno> {
  const empty = LISTED_ERRNOS
    .filter(({ routine, errno }) => errnos[routine]?.[errno] === undefined)
    .map((cell) => ({ ...cell, called: errnos[cell.routine] !== undefined }));
  // Of a routine that is called something may be missing; of the others everything is.
  empty.sort((a, b) => Number(b.called) - Number(a.called));
  return { covered: LISTED_ERRNOS.length - empty.length, empty };
}

/** What a scenario covers of the cells there are. Cost: linear in the cells. */
export function cellsOf(coverage: ScenarioCoverage): { readonly totals: CoverageTotals; readonly empty: Empty } {
  const orders = orderCellsOf(coverage, orderRows(coverage));
  const branches = branchCells(coverage);
  const errnos = errnoCells(coverage);
  const total = (cells: Cells<unknown>) => ({ covered: cells.covered, of: cells.covered + cells.empty.length });
  return {
    totals: { orders: total(orders), branches: total(branches), errnos: total(errnos) },
    empty: { orders: orders.empty, branches: branches.empty, errnos: errnos.empty },
  };
}
