/** Golden runs: what certain runs must leave behind, to the bit, on every engine. Plain JSON, a line for each. */

/** Runs that one strategy makes from consecutive seeds, or the one run of a token. */
export interface GoldenRuns {
  readonly scenario: string;
  /** `mutants/NAME`: the model with that change; null: as it stands. */
  readonly variant: string | null;
  /** `NAME[:k=v,…]`; null: only what the token replays. */
  readonly strategy: string | null;
  /** Seeds `firstSeed` to `firstSeed + runs - 1`, each as its decimal digits. */
  readonly firstSeed: number;
  readonly runs: number;
}

/** What one run leaves behind. */
export interface RunMark {
  /** 64-bit hash of the whole recording log and of the draws. */
  readonly log: string;
  /** Entries of the log. */
  readonly length: number;
  readonly steps: number;
  readonly switches: number;
  readonly outcome: string;
  /** Kind and id of the failure that ended the run, or "". */
  readonly failure: string;
  /** Races found behind it. */
  readonly races: number;
  /** 64-bit hash of failure, place, evidence and races, every word of them. */
  readonly verdict: string;
}

/** One line of the file. */
export interface GoldenEntry extends GoldenRuns {
  /** 64-bit hash of the marks of all the runs. */
  readonly all: string;
  /** Of the last run. */
  readonly last: RunMark;
  /** Replays the last run; null where that is not the same schedule (timed mode). */
  readonly token: string | null;
}

/** What a worker answers that was asked for golden runs. */
export type WorkerAnswer = { readonly differences: readonly string[] } | { readonly error: string };

/** Reads the file's text. */
export const readGolden = (text: string): readonly GoldenEntry[] => JSON.parse(text) as readonly GoldenEntry[];

/** The file's text. */
export const writeGolden = (entries: readonly GoldenEntry[]): string =>
  `[\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`;
