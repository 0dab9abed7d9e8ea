/** What must hold, and how a run with every promise armed is made; the only file other folders may import. */
export { PROPERTIES } from "./catalogue.ts";
export { configFor, configs, shrinkConfig } from "./arbitraries/config.ts";
export type { Always, Broken, Eventually, Property, Sometimes } from "./property.ts";
export { runOnce, type RunReport, type RunRequest } from "./runner.ts";
export { subqueues, waiting, watchLock, type Subqueue } from "./view.ts";
