/** What `coverage` prints: the functions of the C, and what nobody reached. */
import { columns } from "../../reports/index.ts";
import { armText, totalsOf, type FunctionLines } from "./functions.ts";

const share = (part: number, all: number): string => `${String(part)} of ${String(all)}${all === 0 ? "" : ` (${(100 * part / all).toFixed(1)} %)`}`;

/** A line for each function, what is missing, and a sentence. */
export function functionTable(functions: readonly FunctionLines[]): readonly string[] {
  const head = ["function", "seed", "lines", "calls", "lines run", "branches", "contexts"];
  const rows = functions.map(({ symbol, seed, lines, marked, calls, contexts, reached, arms }) => [
    symbol,
    seed,
    lines.join("-"),
    marked ? String(calls) : "no marks",
    `${String(reached.filter(([, times]) => (times ?? 0) > 0).length)}/${String(reached.length)}`,
    `${String(arms.filter(({ taken }) => taken > 0).length)}/${String(arms.length)}`,
    Object.entries(contexts).sort(([, a], [, b]) => b - a).map(([kind]) => kind).join(", "),
  ]);
  return [...columns([head, ...rows], [3, 4, 5]), "", ...missing(functions), summary(functions)];
}

function missing(functions: readonly FunctionLines[]): readonly string[] {
  const unmarked = functions.filter(({ marked }) => !marked).map(({ symbol }) => symbol);
  const uncalled = functions.filter(({ marked, calls }) => marked && calls === 0).map(({ symbol }) => symbol);
  const untaken = functions
    .filter(({ calls }) => calls > 0)
    .map(({ symbol, arms }) => [symbol, arms.filter(({ taken }) => taken === 0).map(armText)] as const)
    .filter(([, arms]) => arms.length > 0);
  return [
    ...(unmarked.length === 0 ? [] : [`Functions without marks: ${unmarked.join(", ")}`, ""]),
    ...(uncalled.length === 0 ? [] : [`Functions nobody called: ${uncalled.join(", ")}`, ""]),
    ...(untaken.length === 0 ? [] : ["Branches nobody took, of functions that were called (not: the other arm of the if):"]),
    ...columns(untaken.map(([symbol, arms]) => [`  ${symbol}`, arms.join(", ")])),
    ...(untaken.length === 0 ? [] : [""]),
  ];
}

/** One sentence. */
function summary(functions: readonly FunctionLines[]): string {
  const { functions: all, lines, arms } = totalsOf(functions);
  return `functions called: ${share(all.called, all.of)}; lines run: ${share(lines.reached, lines.of)}; branches taken: ${share(arms.taken, arms.of)}`;
}
