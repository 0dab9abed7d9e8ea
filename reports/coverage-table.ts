/** Protocol coverage for people: how much of each scenario, and what nobody has seen. */
import type { Covered, Empty, EmptyErrno, EmptyOrder, ProtocolCoverageFile } from "./protocol-coverage.ts";
import { columns } from "./summary.ts";
import { PLAIN_PAINT, count, type Paint } from "./text.ts";

/** Lines of a list unless all are wanted. */
const SHOWN = 10;

/** `all`: every empty cell, of every scenario too. */
export function coverageLines(
  { totals, empty, scenarios }: ProtocolCoverageFile,
  all: boolean,
  paint: Paint = PLAIN_PAINT,
): readonly string[] {
  const several = scenarios.length > 1;
  const whole = [{ name: "all together", totals }];
  const head = ["protocol coverage", "orders", "branches", "errnos"];
  const rows = [...scenarios, ...(several ? whole : [])].map(({ name, totals: of }) =>
    [name, covered(of.orders), covered(of.branches), covered(of.errnos)]);
  const nobody = several ? "no scenario" : "no run";
  const each = all && several
    ? scenarios.flatMap((one) => ["", paint.bold(one.name), ...emptyLines(one.empty, "no run", true)])
    : [];
  return [...columns([head.map(paint.bold), ...rows], [1, 2, 3]), ...emptyLines(empty, nobody, all), ...each];
}

const covered = ({ covered: seen, of }: Covered): string => `${String(seen)} of ${String(of)}`;

function emptyLines({ branches, errnos, orders }: Empty, nobody: string, all: boolean): readonly string[] {
  const branchRows = branches.map(({ branch, routine, line }) => [branch, site(routine, line)]);
  const errnoRows = errnos.map((cell) => [`${cell.routine} ${cell.errno}`, whyNot(cell)]);
  const orderRows = distinct(orders).map((cell) => [cell.class, inWords(cell), `each in ${count(cell.runs, "run")} or more`]);
  return [
    ...list(`branches ${nobody} takes`, branchRows, all),
    ...list(`errnos ${nobody} returns`, errnoRows, all),
    ...list(`orders ${nobody} shows`, orderRows, all),
  ];
}

function list(title: string, rows: readonly (readonly string[])[], all: boolean): readonly string[] {
  if (rows.length === 0) return [];
  const shown = all ? rows : rows.slice(0, SHOWN);
  const more = rows.length - shown.length;
  return [
    "",
    `${title}: ${String(rows.length)}`,
    ...columns(shown.map(([first = "", ...others]) => [`  ${first}`, ...others])),
    ...(more > 0 ? [`  ... and ${String(more)} more: --coverage all`] : []),
  ];
}

const site = (routine: string, line: number | null): string =>
  line === null ? routine : `${routine}, line ${String(line)}`;

const whyNot = ({ line, called }: EmptyErrno): string =>
  called ? (line === null ? "" : `line ${String(line)}`) : "never called";

function inWords({ first, second, order, met }: EmptyOrder): string {
  if (!met) return `${first} and ${second} on the same object`;
  return order === "before" ? `${first} before ${second}` : `${first} and ${second} overlapped`;
}

/** Two that never met have one line instead of one for each order. */
function distinct(orders: readonly EmptyOrder[]): readonly EmptyOrder[] {
  const seen = new Set<string>();
  return orders.filter(({ met, class: type, first, second }) => {
    const pair = `${type}\0${[first, second].sort().join("\0")}`;
    if (met) return true;
    if (seen.has(pair)) return false;
    seen.add(pair);
    return true;
  });
}
