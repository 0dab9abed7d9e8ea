/** The cost table of timed mode: what each kind of operation takes. */
import type { Op } from "./operation.ts";

/** Nanoseconds by kind of operation; kinds that are missing are free. Integers. */
export type Costs = Readonly<Partial<Record<Op, number>>>;

/** Everything is free. */
export const NO_COSTS: Costs = {};
