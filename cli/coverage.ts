/** `--coverage`: what a check covered of the protocols, as a table and as a file. */
import { coverageLines, protocolCoverageJson, type ProtocolCoverageFile } from "../reports/index.ts";
import { NO_COVERAGE, mergeCoverage } from "../protocol/index.ts";
import type { Campaign } from "./campaign.ts";
import { coverageFile } from "./coverage-file.ts";
import { paintOf, type Io } from "./io.ts";
import type { Loaded } from "./load-engine.ts";
import type { Plan } from "./plan.ts";
import type { Reporting } from "./reporters.ts";

/** How much of what is empty is printed. */
export const COVERAGE_SHOWN = ["some", "all"] as const;
export type CoverageShown = (typeof COVERAGE_SHOWN)[number];

/** Why not both. */
export const NO_BAIL = "--coverage and --bail do not go together: what was run beyond the first failure would count, or not, by chance";

/** The file in `--out`. */
export const COVERAGE_FILE = "protocol-coverage.json";

/** The document of a campaign. */
export function campaignCoverage(io: Io, plan: Plan, { variant }: Loaded, { tallies }: Campaign): ProtocolCoverageFile {
  const coverage = tallies.map((tally) => tally.coverage).reduce(mergeCoverage, NO_COVERAGE);
  const names = tallies.map(({ name }) => name);
  return coverageFile(coverage, names, { version: io.version, seed: plan.seed, variant });
}

/** Writes it and prints the table. */
export function showCoverage(io: Io, reporting: Reporting, file: ProtocolCoverageFile, shown: CoverageShown | null): void {
  reporting.say([...coverageLines(file, shown === "all", paintOf(io.stdout)), ""]);
  reporting.write(COVERAGE_FILE, protocolCoverageJson(file));
}
