/** What the engine of a run uses of the reports: a bundle of a variant or a project is made of this and not of the formats. */
export { EventWatcher } from "./event-watcher.ts";
export { effectText, intentText, storesValue, valueText } from "./names.ts";
