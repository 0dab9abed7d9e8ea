/** What a property remembers of one run. */
import type { World } from "../scenarios/index.ts";

/**
 * A note of one run, kept in its world and gone with it. A `WeakMap` over worlds would not do: once its table is old, every value
 * written into it keeps a whole dead kernel alive until the next full collection.
 */
export class PerRun<T> {
  set(world: World, note: T): void {
    world.notes.set(this, note);
  }

  /** The note; undefined when nothing was set in this run. */
  get(world: World): T | undefined {
    return world.notes.get(this) as T | undefined;
  }
}
