/**
 * `npm run schedules`: schedules until the bug, beside what others recorded, as the tables of docs/measured.md. Medians over
 * seeds 1 to 200; a seed that finds nothing within the cut counts as the cut.
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Pct, Pos, RandomWalk, Surw, Urw, touching, type Strategy } from "../sim/index.ts";
import {
  FLAG_AND_MUTEX,
  SCTBENCH,
  derivedOf,
  lostWakeup,
  median,
  recordedMedian,
  schedulesToBug,
  walkProbability,
  type ProgramSource,
} from "../programs/index.ts";

const SEEDS = 200;
/** As in the recorded trials. */
const CUT = 10_000;
const LOST_CUT = 100_000;

const packed = readFileSync("programs/corpora/schedules-to-bug.json.gz");
const recorded: unknown = JSON.parse(gunzipSync(packed).toString("utf8"));

const shown = (value: number | null, cut = CUT): string => (value === null ? "–" : value >= cut ? `> ${String(cut - 1)}` : String(value));
const row = (cells: readonly string[]): void => console.log(`| ${cells.join(" | ")} |`);

function table(head: readonly string[], rows: Iterable<readonly string[]>): void {
  row(head);
  row(head.map((_, i) => (i === 0 ? "---" : "---:")));
  for (const cells of rows) row(cells);
  console.log("");
}

function* programs(): Generator<readonly string[], void, void> {
  const steps = new Map(derivedOf(recorded).map(({ name, walk }) => [name, walk.steps]));
  for (const { name, source } of SCTBENCH) {
    const ours = (make: () => Strategy): string => shown(median(schedulesToBug(source, make, SEEDS, CUT)));
    const fray = (strategy: string): string => shown(recordedMedian(recorded, "fray", name, strategy));
    const rff = (strategy: string): string => shown(recordedMedian(recorded, "rff", name, strategy));
    yield [
      name,
      ours(() => new RandomWalk()), fray("Random"),
      ours(() => new Pct({ depth: 3, steps: steps.get(name) ?? 0 })), fray("PCT3"), rff("PCT3"),
      ours(() => new Pos()), fray("POS"), rff("POS"),
      ours(() => new Urw()),
    ];
  }
}

/** Medians of Shuttle, 50 seeds, in the order of the columns. */
const SHUTTLE: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [4, 4, 4, 4]],
  [10, [122, 8, 6, 95]],
  [20, [24_027, 6.5, 6.5, 384]],
]);

function* lostWakeups(): Generator<readonly string[], void, void> {
  for (const [pad, [random = 0, two = 0, three = 0, urw = 0]] of SHUTTLE) {
    const source: ProgramSource = lostWakeup(pad);
    const steps = walkProbability(lostWakeup(0)).longest + pad;
    const ours = (make: () => Strategy): string => shown(median(schedulesToBug(source, make, SEEDS, LOST_CUT)), LOST_CUT);
    yield [
      String(pad),
      ours(() => new RandomWalk()), String(random),
      ours(() => new Pct({ depth: 2, steps })), String(two),
      ours(() => new Pct({ depth: 3, steps })), String(three),
      ours(() => new Urw()), String(urw),
      ours(() => new Surw(touching(FLAG_AND_MUTEX))),
    ];
  }
}

table(
  ["program", "random", "Fray", "PCT(3)", "Fray", "RFF", "POS", "Fray", "RFF", "URW"],
  programs(),
);
table(["pad", "random", "Shuttle", "PCT(2)", "Shuttle", "PCT(3)", "Shuttle", "URW", "Shuttle", "SURW (flag and mutex)"], lostWakeups());
