/** Vector clocks: how far each context had come, as somebody knows it. */

/** Counts by context number; missing entries are 0. */
export class Clock {
  readonly counts: number[] = [];

  /** The count of a context. */
  of(context: number): number {
    return this.counts[context] ?? 0;
  }

  /** The context begins a new epoch. */
  tick(context: number): void {
    this.#reach(context);
    this.counts[context] = (this.counts[context] as number) + 1;
  }

  /** Takes everything over that `other` knows. */
  join(other: Clock): void {
    const { counts } = other;
    const own = this.counts;
    if (own.length < counts.length) this.#reach(counts.length - 1);
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] as number;
      if (count > (own[i] as number)) own[i] = count;
    }
  }

  /** Forgets what it knew. */
  clear(): void {
    this.counts.fill(0);
  }

  /** Forgets what it knew and takes over what `other` knows. */
  assign(other: Clock): void {
    this.clear();
    this.join(other);
  }

  #reach(context: number): void {
    while (this.counts.length <= context) this.counts.push(0);
  }
}
