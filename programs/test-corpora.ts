/** The corpora, for tests. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Draws, rng } from "../sim/index.ts";
import { CORPORA, type Entry } from "./corpus/index.ts";

const FILES = { counts: "exploration-counts", shapes: "reads-from-shapes", litmus: "litmus", races: "races" } as const;
/** The seed of what a short test looks at. */
const SEED = "a quarter";

/** The entries of a corpus. */
export const corpus = (kind: keyof typeof FILES): readonly Entry[] => CORPORA[kind](unpacked(FILES[kind]));

/** The shapes, under sequential consistency alone. */
export const shapesUnderSc = (): readonly Entry[] => CORPORA.shapes(unpacked(FILES.shapes), ["SC"]);

/** The file of recorded schedules until a bug, and of derived probabilities. */
export const recordedSchedules = (): unknown => unpacked("schedules-to-bug");

/** The file of counts as it is. */
export const recordedCounts = (): unknown => unpacked(FILES.counts);

function unpacked(name: string): unknown {
  const packed = readFileSync(new URL(`corpora/${name}.json.gz`, import.meta.url));
  return JSON.parse(gunzipSync(packed).toString("utf8"));
}

/** Every fourth entry of a corpus, drawn. */
export function quarterOf(entries: readonly Entry[]): readonly Entry[] {
  const draws = new Draws(rng(SEED));
  return entries.filter(() => draws.below(4) === 0);
}

/** What does not agree, as one line each. */
export function complaintsOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ name, judge }) => {
    const { verdict, lines } = judge();
    return verdict === "agree" || verdict === "beside" ? [] : lines.map((line) => `${verdict} ${name}: ${line}`);
  });
}
