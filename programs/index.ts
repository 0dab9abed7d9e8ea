/** The small language and the corpora: the only file other folders may import. */
export { CORPORA, type Entry } from "./corpus/index.ts";
export type { Source as ProgramSource } from "./language.ts";
export { walkProbability } from "./schedules/exact.ts";
export { FLAG_AND_MUTEX, lostWakeup } from "./schedules/lost-wakeup.ts";
export { derivedOf, recordedMedian } from "./schedules/published.ts";
export { median, schedulesToBug } from "./schedules/sampling.ts";
export { SCTBENCH } from "./schedules/sctbench.ts";
