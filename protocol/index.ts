/** What the runs of a check covered of the protocols of the kernel; the only file other folders may import. */
export { makePairByName, orderCells } from "./cells.ts";
export { Collector } from "./collector.ts";
export {
  NO_COVERAGE,
  mergeCoverage,
  operationsOf,
  pairName,
  type Met,
  type ProtocolCoverage,
  type ScenarioCoverage,
} from "./coverage.ts";
export { COUNTING, NO_HITS, addHits, beginHits, endHits, takeHits, watchingMarks, type LineHits } from "./hits.ts";
export { countMarks, keysOf, markKey, otherKey, readMarks, type Mark } from "./marks.ts";
export { listenToKernel, listenToNothing, type Listen } from "./listen.ts";
