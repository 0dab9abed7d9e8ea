/**
 * A user's address space: areas of bytes with holes between them.
 *
 * An environment: no pages, no protection. What is not mapped faults; a byte that is mapped may have to be paged in,
 * which is the business of whoever copies (`userFault` in copyio.ts).
 */

/** Bytes between two areas, so that running off one never reaches the next. */
const HOLE = 0x1000;

interface Area {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** What a user process can address. Only its own process and whoever copies for it touch it. */
export class Vmspace {
  readonly #areas: Area[] = [];
  #next = HOLE;

  /** Maps these bytes and says at which address. The byte after the last one faults. */
  map(bytes: Uint8Array): number {
    const start = this.#next;
    this.#areas.push({ start, bytes });
    this.#next += Math.ceil((bytes.length + 1) / HOLE) * HOLE + HOLE;
    return start;
  }

  /** Maps a copy of the first `valid` bytes only: a buffer that faults from there on. */
  mapUpTo(bytes: Uint8Array, valid: number): number {
    return this.map(bytes.slice(0, Math.max(0, Math.min(valid, bytes.length))));
  }

  /** The bytes from `addr` on, at most `len`, up to the first that faults. A view, not a copy. */
  at(addr: number, len: number): Uint8Array {
    for (const { start, bytes } of this.#areas) {
      const offset = addr - start;
      if (offset >= 0 && offset < bytes.length) return bytes.subarray(offset, offset + len);
    }
    return new Uint8Array(0);
  }
}
