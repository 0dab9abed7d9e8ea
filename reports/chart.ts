/** Small charts for the terminal. */
import plot from "simple-ascii-chart";

/** One line of values over labelled steps. */
export interface ChartOptions {
  readonly title: string;
  /** Below the steps. */
  readonly label: string;
  /** Characters, about. */
  readonly width: number;
  /** Lines. */
  readonly height: number;
  /** What the vertical axis shows at least, so that several charts compare. */
  readonly range: readonly [least: number, most: number];
}

/** A chart as lines; a value of null is left out. Fewer than two values are no chart. */
export function chart(
  steps: readonly string[],
  values: readonly (number | null)[],
  { title, label, width, height, range }: ChartOptions,
): readonly string[] {
  const points = values.flatMap((value, i): [number, number][] => (value === null ? [] : [[i, value]]));
  if (points.length < 2) return [];
  const [least, most] = range;
  const text = plot(points, {
    title,
    xLabel: label,
    width,
    height,
    ...(least < most ? { yRange: [least, most] } : {}),
    formatter: (value, { axis }) => (axis === "x" ? (steps[value] ?? "") : short(value)),
  });
  return text.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "");
}

/** Four digits that count. */
function short(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1000 ? 0 : size >= 10 ? 1 : 3;
  return value.toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
