/**
 * Points, steps and routines: how modelled code hands control to the engine.
 *
 * A *routine* is a generator: code that other contexts can interleave with. A *step* is what a primitive
 * returns: an iterable that is consumed by `yield*` and suspends only if the strategy really switches.
 * A plain function is atomic by construction.
 */

/** What travels through `yield`: nothing but the fact that the context is suspended. */
export type Point = undefined;

/** Code that may be suspended. Only `yield*` consumes it; calling it without `yield*` runs nothing. */
export type Routine<T> = Generator<Point, T, void>;

/** What a primitive returns. Only `yield*` consumes it. */
export type Step<T> = Iterable<Point, T, void>;

/** The one value ever yielded. */
export const SWITCH: Point = undefined;

/** The iterator result that means "suspended here". Shared: `yield*` passes it through untouched. */
export const PARKED: IteratorYieldResult<Point> = { done: false, value: SWITCH };
