/** Memory models: when a store of one CPU becomes visible to the others. */

/**
 * `sc`: at once. `tso`: in the order of the stores, some time later (x86). `pso`: some time later, in order for each
 * word only (SPARC).
 */
export const MEMORY_MODELS = ["sc", "tso", "pso"] as const;
/** One of {@link MEMORY_MODELS}. */
export type MemoryModel = (typeof MEMORY_MODELS)[number];
