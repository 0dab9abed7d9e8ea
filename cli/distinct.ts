/** Counts distinct 64-bit hashes in flat memory outside the heap: 16 bytes a hash at most, doubled when full. */
export class Distinct {
  #slots = new BigUint64Array(1 << 10);
  #count = 0;
  #sawZero = false;

  get count(): number {
    return this.#count + (this.#sawZero ? 1 : 0);
  }

  /** Adds a hash; adding it again changes nothing. 0 marks a free slot, so it is kept apart. */
  add(hash: bigint): void {
    if (hash === 0n) {
      this.#sawZero = true;
      return;
    }
    if (!insert(this.#slots, hash)) return;
    this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#grow();
  }

  /** All of them, ascending. */
  sorted(): BigUint64Array {
    const all = this.#slots.filter((hash) => hash !== 0n).sort();
    return this.#sawZero ? BigUint64Array.of(0n, ...all) : all;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const hash of this.#slots) if (hash !== 0n) insert(larger, hash);
    this.#slots = larger;
  }
}

/** True when the hash was not there. There is always a free slot. */
function insert(slots: BigUint64Array, hash: bigint): boolean {
  const mask = slots.length - 1;
  let slot = Number(hash & BigInt(mask));
  for (;;) {
    const held = slots[slot];
    if (held === hash) return false;
    if (held === 0n) break;
    slot = (slot + 1) & mask;
  }
  slots[slot] = hash;
  return true;
}
