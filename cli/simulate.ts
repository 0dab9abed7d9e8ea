/** `simulate`: runs a workload in virtual time under the cost table, once or for each value of a sweep. */
import { resolve } from "node:path";
import { chart, columns, csv } from "../reports/index.ts";
import type { Measurement, Simulated, Simulation } from "../scenarios/index.ts";
import { UsageError } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { prepareFolder, writeWhole } from "./files.ts";
import { paintOf, say, type Io } from "./io.ts";
import { Progress } from "./progress.ts";
import type { EngineLoader } from "./load-engine.ts";
import { METRICS, cpuPerPacket, shown, type Metric } from "./simulate-metrics.ts";
import { measurementLines, opening } from "./simulate-report.ts";
import { subjectOf, withSettings, type Setting, type Subject, type SubjectOptions, type Sweep } from "./simulate-settings.ts";
import { unknownName } from "./suggest.ts";

/** The options, checked for their form. */
export interface SimulateOptions extends SubjectOptions {
  readonly variant: string | null;
  /** One value each, from the options of their names. */
  readonly settings: readonly Setting[];
  readonly sweeps: readonly Sweep[];
  /** What the charts show. */
  readonly plot: string;
  /** What standard output is. */
  readonly form: "text" | "csv" | "json";
  /** Folder for `simulate.csv` and `simulate.json`; null: nothing is written. */
  readonly out: string | null;
}

/** Instead of a metric: no chart. */
const NO_PLOT = "none";

/** One point of a sweep, and what it came to. */
interface Point {
  readonly swept: readonly Setting[];
  readonly simulation: Simulation;
  readonly measurement: Measurement;
}

/** Runs the command; returns the exit code. */
export async function simulate(io: Io, load: EngineLoader, name: string, options: SimulateOptions): Promise<Exit> {
  const plotted = METRICS.find((metric) => metric.name === options.plot) ?? null;
  if (plotted === null && options.plot !== NO_PLOT) {
    throw unknownName("metric to plot", options.plot, [...METRICS.map((metric) => metric.name), NO_PLOT]);
  }
  const { engine, variant } = await load(io, options.variant);
  const subject = subjectOf(engine, name, options);
  const plan = planOf(subject, options);
  for (const { simulation } of plan.slice(0, 1)) engine.timed.check(simulation, subject.scenario);
  const out = options.out === null ? null : resolve(io.cwd, options.out);
  if (out !== null) prepareFolder(out);
  if (options.form === "text") say(io, [...opening(subject, plan[0]?.simulation ?? subject.base, options, variant), ""]);

  const points: Point[] = [];
  // Off a terminal a sweep is quiet: it is minutes at most.
  const progress = io.stderr.rewrites ? new Progress(io.stderr, plan.length) : null;
  for (const { swept, simulation } of plan) {
    progress?.update(points.length, [name, ...swept.map(settingText)].join(" "), 0);
    const came = engine.timed.simulate(simulation, subject.scenario);
    if (!("measurement" in came)) {
      progress?.done();
      const where = [name, ...swept.map(settingText)].join(" ");
      io.stderr.write(`interlock: ${where}: ${whyNot(came)}\n`);
      return "failure" in came ? Exit.Failed : Exit.Inconclusive;
    }
    points.push({ swept, simulation, measurement: came.measurement });
    await new Promise((done) => setImmediate(done));
  }

  progress?.done();
  const table = csv(csvRows(points, options.sweeps));
  const data = `${JSON.stringify({ schema: 1, scenario: name, variant, points }, null, 2)}\n`;
  if (options.form === "csv") io.stdout.write(table);
  else if (options.form === "json") io.stdout.write(data);
  else say(io, lines(io, points, options.sweeps, plotted));
  if (out !== null) {
    const written = [writeWhole(out, "simulate.csv", table), writeWhole(out, "simulate.json", data)];
    (options.form === "text" ? io.stdout : io.stderr).write(`written to ${written.join(" and ")}\n`);
  }
  return Exit.Passed;
}

const whyNot = (came: Exclude<Simulated, { readonly measurement: Measurement }>): string =>
  "bound" in came ? `the bound on ${came.bound} was reached` : `${came.failure.kind} ${came.failure.id}: ${came.failure.message}`;

/** The runs: one, or one for each value, or for each pair of values. */
function planOf(
  subject: Subject,
  { settings, sweeps }: SimulateOptions,
): readonly { readonly swept: readonly Setting[]; readonly simulation: Simulation }[] {
  const both = sweeps.find((sweep) => settings.some(({ name }) => name === sweep.name));
  if (both !== undefined) throw new UsageError(`${both.name} is swept and set; do one of them`);
  const [first, second] = sweeps;
  const inner = (first?.values ?? []).map((value): Setting => ({ name: first?.name ?? "", value }));
  const outer = (second?.values ?? []).map((value): Setting => ({ name: second?.name ?? "", value }));
  const swept: readonly (readonly Setting[])[] =
    first === undefined ? [[]] : second === undefined ? inner.map((one) => [one]) : outer.flatMap((two) => inner.map((one) => [one, two]));
  return swept.map((each) => ({ swept: each, simulation: withSettings(subject, [...settings, ...each]) }));
}

const settingText = ({ name, value }: Setting): string => `${name}=${String(value)}`;

// -- what is printed -----------------------------------------------------------------------------------------

function lines(io: Io, points: readonly Point[], sweeps: readonly Sweep[], plotted: Metric | null): readonly string[] {
  const [point] = points;
  if (sweeps.length === 0) return point === undefined ? [] : measurementLines(point.measurement, paintOf(io.stdout));
  const table = sweepTable(points, sweeps, paintOf(io.stdout).bold);
  return plotted === null ? table : [...table, ...charts(points, sweeps, plotted)];
}

function sweepTable(points: readonly Point[], sweeps: readonly Sweep[], bold: (text: string) => string): readonly string[] {
  const shownMetrics = METRICS.filter((metric) => metric.head !== null);
  const head = [...sweeps.map(({ name }) => name), ...shownMetrics.map(({ head: text }) => text ?? ""), "CPU saved"];
  const rows = points.map((point) => [
    ...point.swept.map(({ value }) => String(value)),
    ...shownMetrics.map(({ of, digits }) => shown(of(point.measurement), digits)),
    savedText(point, points, sweeps),
  ]);
  return columns([head.map(bold), ...rows], head.map((_, i) => i));
}

/** CPU time a packet saved against the first value of the first sweep, the others being equal. */
function savedText(point: Point, points: readonly Point[], sweeps: readonly Sweep[]): string {
  const [, second] = point.swept;
  const base = points.find((one) => one.swept[0]?.value === sweeps[0]?.values[0] && one.swept[1]?.value === second?.value);
  const before = base === undefined ? null : cpuPerPacket(base.measurement);
  const after = cpuPerPacket(point.measurement);
  if (before === null || after === null || base === point) return "";
  return `${((100 * (before - after)) / before).toFixed(1)} %`;
}

const CHART_WIDTH = 60;
const CHART_HEIGHT = { alone: 10, among: 6 };

/** A chart for each value of the second sweep, or one. */
function charts(points: readonly Point[], sweeps: readonly Sweep[], { name, of }: Metric): readonly string[] {
  const [first, second] = sweeps;
  if (first === undefined) return [];
  const all = points.flatMap(({ measurement }) => of(measurement) ?? []);
  const range: readonly [number, number] = [Math.min(...all), Math.max(...all)];
  const groups: readonly (number | null)[] = second?.values ?? [null];
  return groups.flatMap((value) => {
    const group = points.filter(({ swept }) => value === null || swept[1]?.value === value);
    const lined = chart(first.values.map(String), group.map(({ measurement }) => of(measurement)), {
      title: value === null ? name : `${name}, ${second?.name ?? ""} ${String(value)}`,
      label: first.name,
      width: CHART_WIDTH,
      height: value === null ? CHART_HEIGHT.alone : CHART_HEIGHT.among,
      range,
    });
    return lined.length === 0 ? [] : ["", ...lined];
  });
}

function csvRows(points: readonly Point[], sweeps: readonly Sweep[]): readonly (readonly string[])[] {
  const head = [...sweeps.map(({ name }) => name), ...METRICS.map(({ name }) => name)];
  const rows = points.map(({ swept, measurement }) => [
    ...swept.map(({ value }) => String(value)),
    ...METRICS.map(({ of, digits }) => {
      const value = of(measurement);
      return value === null ? "" : value.toFixed(digits);
    }),
  ]);
  return [head, ...rows];
}
