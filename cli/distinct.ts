/** Counts distinct 64-bit hashes in memory that is fixed before the first one. */
export class Distinct {
  readonly #slots: BigUint64Array;
  readonly #mask: bigint;
  #count = 0;
  #sawZero = false;

  /** Room for `most` hashes. */
  constructor(most: number) {
    let size = 16;
    while (size < most * 2) size *= 2;
    this.#slots = new BigUint64Array(size);
    this.#mask = BigInt(size - 1);
  }

  get count(): number {
    return this.#count + (this.#sawZero ? 1 : 0);
  }

  /** Adds a hash; adding it again changes nothing. 0 marks a free slot, so it is kept apart. */
  add(hash: bigint): void {
    if (hash === 0n) {
      this.#sawZero = true;
      return;
    }
    let slot = Number(hash & this.#mask);
    for (;;) {
      const held = this.#slots[slot];
      if (held === hash) return;
      if (held === 0n) break;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    this.#slots[slot] = hash;
    this.#count++;
  }
}
