/** Golden runs: what they must leave behind, to the bit, on every engine; the only file other folders may import. */
export { readGolden, writeGolden, type GoldenEntry, type GoldenRuns, type WorkerAnswer } from "./format.ts";
export { differences, record, recordFailure, recordToken } from "./perform.ts";
