/** The first lines of a check: seed and plan, before anything is run. */
import type { Opening } from "./reporter.ts";
import type { PlanRow } from "./results.ts";

/** A strategy as `--strategy` reads it: `pct:d=3,k=0`. */
export function strategyText(name: string, parameters: PlanRow["parameters"]): string {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? name : `${name}:${pairs.join(",")}`;
}

/** Seed and plan as text. */
export function openingLines({ seed, variant, property, plan }: Opening): readonly string[] {
  const total = plan.reduce((sum, row) => sum + row.runs, 0);
  const memory = plan.find((row) => row.memory !== undefined)?.memory;
  const only = property === null ? "" : `, only ${property}`;
  return [
    `seed ${String(seed)}${variant === null ? "" : `, variant ${variant}`}${memory === undefined ? "" : `, memory model ${memory}`}${only}`,
    `plan ${String(total)} runs: strategy, runs, first seed`,
    ...planLines(plan),
  ];
}

/** One line per scenario. */
function planLines(rows: readonly PlanRow[]): readonly string[] {
  const byScenario = new Map<string, PlanRow[]>();
  for (const row of rows) {
    const list = byScenario.get(row.scenario);
    if (list === undefined) byScenario.set(row.scenario, [row]);
    else list.push(row);
  }
  const width = Math.max(...[...byScenario.keys()].map((name) => name.length));
  return [...byScenario].map(([scenario, list]) => {
    const parts = list.map(({ strategy, parameters, runs, firstSeed }) =>
      `${strategyText(strategy, parameters)} ${String(runs)} from ${String(firstSeed)}`);
    return `  ${scenario.padEnd(width)}  ${parts.join("  ")}`;
  });
}
