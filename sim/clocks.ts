/**
 * Vector clocks, and the words they are compared on. A word keeps an *epoch* (one context, one count) for its last
 * store, and one for its loads as long as they are ordered (Flanagan, Freund: "FastTrack: efficient and precise
 * dynamic race detection", PLDI 2009).
 */

/** How far each context had come, by context number; missing entries are 0. */
export class Clock {
  readonly counts: number[] = [];

  of(context: number): number {
    return this.counts[context] ?? 0;
  }

  tick(context: number): void {
    this.#reach(context);
    this.counts[context] = this.of(context) + 1;
  }

  /** Takes everything over that `other` knows. */
  join(other: Clock): void {
    const { counts } = other;
    this.#reach(counts.length - 1);
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] as number;
      if (count > (this.counts[i] as number)) this.counts[i] = count;
    }
  }

  /** Forgets what it knew and takes over what `other` knows. */
  assign(other: Clock): void {
    this.counts.length = 0;
    this.join(other);
  }

  #reach(context: number): void {
    while (this.counts.length <= context) this.counts.push(0);
  }
}

/** One access to a word. */
export interface Access {
  readonly context: number;
  /** The count of the context's clock when it happened. */
  readonly count: number;
  /** Its place in the log. */
  readonly at: number;
}

const isBefore = (access: Access, clock: Clock): boolean => access.count <= clock.of(access.context);

/** What is remembered of a word: its last store, and the loads since that are not ordered before each other. */
export class WordHistory {
  #store: Access | null = null;
  #loads: Access[] = [];

  /** A load; answers the store it races with, or null. */
  load(access: Access, clock: Clock): Access | null {
    const loads = this.#loads;
    const only = loads.length === 1 ? (loads[0] as Access) : null;
    if (only !== null && isBefore(only, clock)) loads[0] = access;
    else this.#loads = [...loads.filter((load) => !isBefore(load, clock)), access];
    const store = this.#store;
    return store === null || isBefore(store, clock) ? null : store;
  }

  /** A store; answers every access it races with. */
  store(access: Access, clock: Clock): readonly Access[] {
    const racing =
      this.#loads.length === 0 ? [] : this.#loads.filter((load) => !isBefore(load, clock));
    if (this.#store !== null && !isBefore(this.#store, clock)) racing.unshift(this.#store);
    this.#store = access;
    if (this.#loads.length > 0) this.#loads = [];
    return racing;
  }
}
