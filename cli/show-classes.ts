/** `--classes`: how far the exploration got, as a table; and with a risk to come to, the rows that it took as commands. */
import { columns, strategyText, type ClassesResult, type PlanRow, type RowClassesResult } from "../reports/index.ts";
import { commandText } from "./command-text.ts";
import type { Plan } from "./plan.ts";

/** What a run needs besides its row. */
export interface Settings {
  readonly property: string | null;
  readonly variant: string | null;
}

/** `taken`: the plan as it was run. */
export function classLines({ rows, scenarios, untilRisk }: ClassesResult, taken: Plan, settings: Settings): readonly string[] {
  const head = ["happens-before classes", "strategy", "runs", "classes", "seen once", "chance of a new one", "new per 1,000 runs"];
  const shown = rows.map((row) => [
    row.scenario,
    row.strategy,
    String(row.runs),
    String(row.classes),
    String(row.once),
    row.risk === null ? "" : percent(row.risk),
    curveText(row),
  ]);
  const several = scenarios.filter(({ name }) => rows.filter(({ scenario }) => scenario === name).length > 1);
  const sums = several.map(({ name, classes }) => [name, "all of them", "", String(classes), "", "", ""]);
  return [
    ...columns([head, ...shown, ...sums], [2, 3, 4, 5]),
    ...(untilRisk === null ? [] : endLines(rows, taken, untilRisk, settings)),
    "",
  ];
}

const percent = (risk: number): string => `${(100 * risk).toFixed(2)} %`;

const SHOWN_FIRST = 4;
const SHOWN_LAST = 2;

function curveText({ newPerThousand }: RowClassesResult): string {
  const texts = newPerThousand.map(String);
  if (texts.length <= SHOWN_FIRST + SHOWN_LAST) return texts.join(" ");
  return [...texts.slice(0, SHOWN_FIRST), "...", ...texts.slice(-SHOWN_LAST)].join(" ");
}

function endLines(rows: readonly RowClassesResult[], { rows: taken }: Plan, untilRisk: number, settings: Settings): readonly string[] {
  const short = rows.filter(({ reached, risk }) => !reached && risk !== null).length;
  const drawn = taken.filter((_, i) => rows[i]?.risk !== null);
  const reached = drawn.length - short;
  return [
    "",
    `${String(reached)} of ${String(drawn.length)} rows came to a chance of ${percent(untilRisk)} or less${short === 0 ? "" : "; the others need more --runs"}; these make the same runs again:`,
    ...drawn.map((row) => `  ${commandFor(row, settings)}`),
  ];
}

function commandFor({ scenario, strategy, parameters, firstSeed, runs, memory }: PlanRow, { property, variant }: Settings): string {
  return commandText([
    "npx", "interlock", "check", "--classes",
    "--scenario", scenario,
    "--strategy", strategyText(strategy, parameters),
    "--seed", String(firstSeed),
    "--runs", String(runs),
    ...(property === null ? [] : ["--property", property]),
    ...(variant === null ? [] : ["--variant", variant]),
    ...(memory === undefined ? [] : ["--memory", memory]),
  ]);
}
