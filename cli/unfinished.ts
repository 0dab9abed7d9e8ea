/**
 * What a killed check leaves to do: the runs that may have been under way, as command lines that make exactly these
 * again, and how many it did not come to.
 */
import { count, strategyText, type PlanRow } from "../reports/index.ts";
import { commandText } from "./command-text.ts";
import type { JournalContent } from "./journal-reader.ts";
import type { JournalHeader } from "./journal.ts";
import { runsFollow } from "./units.ts";

/** A row of a plan and the number of its first run. */
interface Placed {
  readonly row: PlanRow;
  readonly start: number;
}

/** The rows with the numbers of their first runs. */
function placed(plan: readonly PlanRow[]): readonly Placed[] {
  let start = 0;
  return plan.map((row) => {
    const at = start;
    start += row.runs;
    return { row, start: at };
  });
}

/** The row of a run and the run's seed; null when the plan has no such run. */
export function runOfPlan(plan: readonly PlanRow[], run: number): { readonly row: PlanRow; readonly seed: number } | null {
  const found = placed(plan).find(({ row, start }) => run >= start && run < start + row.runs);
  return found === undefined ? null : { row: found.row, seed: found.row.firstSeed + run - found.start };
}

const WHOLE = { index: 1, of: 1 };

/** The lines that make the runs from `from` to before `to` again: one for each row of the plan they are in. */
export function repeatLines(header: JournalHeader, from: number, to: number): readonly string[] {
  return placed(header.plan).flatMap(({ row, start }): readonly string[] => {
    const follow = runsFollow(row);
    const { index, of } = follow ? WHOLE : (header.shard ?? WHOLE);
    const least = Math.max(from, start);
    const first = least + ((((index - 1 - least) % of) + of) % of) - start;
    const past = Math.min(to, start + row.runs) - start;
    if (past <= first) return [];
    // Runs of an exhaustive search follow from one another: they are made again from the first.
    const offset = follow ? 0 : first;
    const words = [
      "npx", "interlock", "check",
      "--scenario", row.scenario,
      "--strategy", strategyText(row.strategy, row.parameters),
      "--seed", String(row.firstSeed + offset),
      "--runs", String(past - offset),
      ...(of === 1 ? [] : ["--shard", `1/${String(of)}`]),
      ...(header.property === null ? [] : ["--property", header.property]),
      ...(header.variant === null ? [] : ["--variant", header.variant]),
      ...(row.memory === undefined ? [] : ["--memory", row.memory]),
    ];
    return [commandText(words)];
  });
}

/** Runs of the plan that this check was to make. */
function runsToMake({ plan, shard }: JournalHeader): number {
  const all = plan.reduce((sum, { runs }) => sum + runs, 0);
  if (shard === null) return all;
  return Math.max(0, Math.ceil((all - (shard.index - 1)) / shard.of));
}

/** What is said of a check that did not end in order. */
export function unfinishedLines({ header, progress, failures }: JournalContent): readonly string[] {
  const total = runsToMake(header);
  const done = progress?.done ?? 0;
  const failed = failures.length === 0 ? "" : `, ${count(failures.length, "distinct failure")} recorded`;
  const windows = (progress?.workers ?? []).filter(([, from, to]) => to > from);
  const many = windows.length > 1;
  return [
    `a check here was killed (process ${String(header.process.pid)}, ${header.started}) after ${String(done)} of ${String(total)} runs${failed}`,
    ...(windows.length === 0
      ? ["  no run was under way"]
      : ["  these runs may have been under way (at most 100 ms of them) and are to be repeated:"]),
    ...windows.flatMap(([worker, from, to]) =>
      repeatLines(header, from, to).map((line) => `    ${many ? `worker ${String(worker)}: ` : ""}${line}`)),
    ...(done >= total ? [] : [`  the whole check again: ${header.command}`]),
  ];
}
