/**
 * Which happens-before classes the runs of a row have shown: for each its first run, and whether another run showed it
 * too. Flat memory outside the heap, 24 bytes a class at most, doubled when full. Tables add up in any order.
 */

/** The runs of a row, per so many: how many new classes they showed. */
const CURVE_RUNS = 1000;

/** A table as data: base64 of little-endian numbers, classes ascending. */
export interface ClassesAsText {
  readonly runs: number;
  readonly hashes: string;
  /** For each: twice the number of its first run in the row, and one more if another run showed it too. */
  readonly marks: string;
}

/** One for each row of a plan. */
export class ClassTable {
  /** Runs whose class was taken. */
  runs = 0;
  #hashes = new BigUint64Array(1 << 10);
  /** 0: the slot is free; else one more than in {@link ClassesAsText}. */
  #marks = new Uint32Array(1 << 10);
  #count = 0;
  #once = 0;

  /** Distinct classes. */
  get count(): number {
    return this.#count;
  }

  /** Classes that one run showed and no other. */
  get once(): number {
    return this.#once;
  }

  /**
   * The chance that one more run shows a class that none has shown, as Good and Turing estimate it (Good: "The
   * population frequencies of species and the estimation of population parameters", Biometrika 40, 1953, section 2): the
   * share of runs whose class no other run showed. 1 before the first run.
   */
  get risk(): number {
    return this.runs === 0 ? 1 : this.#once / this.runs;
  }

  /** A run showed a class. `run`: its number in the row, below 2^30. */
  add(hash: bigint, run: number): void {
    this.runs++;
    this.#put(hash, run, false);
  }

  /** Takes over what another table of the row has: of other runs. */
  join(other: ClassesAsText): void {
    this.runs += other.runs;
    const hashes = new BigUint64Array(bytesOf(other.hashes));
    const marks = new Uint32Array(bytesOf(other.marks));
    hashes.forEach((hash, i) => {
      const mark = marks[i] ?? 0;
      this.#put(hash, mark >>> 1, (mark & 1) === 1);
    });
  }

  /** How many new classes each thousand runs of the row showed; the last may be fewer runs. */
  curve(rowRuns: number): readonly number[] {
    const curve = Array.from({ length: Math.ceil(rowRuns / CURVE_RUNS) }, () => 0);
    for (const mark of this.#marks) {
      if (mark === 0) continue;
      const at = Math.trunc(((mark - 1) >>> 1) / CURVE_RUNS);
      curve[at] = (curve[at] ?? 0) + 1;
    }
    return curve;
  }

  /** The classes. */
  *hashes(): Generator<bigint, void, void> {
    for (let slot = 0; slot < this.#marks.length; slot++) {
      if (this.#marks[slot] !== 0) yield this.#hashes[slot] as bigint;
    }
  }

  asText(): ClassesAsText {
    const marks = new Map<bigint, number>();
    this.#marks.forEach((mark, slot) => {
      if (mark !== 0) marks.set(this.#hashes[slot] as bigint, mark - 1);
    });
    const sorted = BigUint64Array.from(marks.keys()).sort();
    return {
      runs: this.runs,
      hashes: textOf(sorted),
      marks: textOf(Uint32Array.from(sorted, (hash) => marks.get(hash) as number)), // all are keys
    };
  }

  #put(hash: bigint, run: number, again: boolean): void {
    const slot = slotOf(this.#hashes, this.#marks, hash);
    const mark = this.#marks[slot] as number;
    if (mark === 0) {
      this.#hashes[slot] = hash;
      this.#marks[slot] = 2 * run + (again ? 2 : 1);
      this.#count++;
      if (!again) this.#once++;
      if (this.#count * 2 > this.#marks.length) this.#grow();
      return;
    }
    const known = mark - 1;
    if ((known & 1) === 0) this.#once--;
    this.#marks[slot] = 2 * Math.min(run, known >>> 1) + 2;
  }

  #grow(): void {
    const hashes = new BigUint64Array(this.#hashes.length * 2);
    const marks = new Uint32Array(hashes.length);
    this.#marks.forEach((mark, slot) => {
      if (mark === 0) return;
      const hash = this.#hashes[slot] as bigint;
      const free = slotOf(hashes, marks, hash);
      hashes[free] = hash;
      marks[free] = mark;
    });
    this.#hashes = hashes;
    this.#marks = marks;
  }
}

/** Where a hash stands, or the free slot for it. There is always one. */
function slotOf(hashes: BigUint64Array, marks: Uint32Array, hash: bigint): number {
  const mask = marks.length - 1;
  let slot = Number(hash & BigInt(mask));
  while (marks[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
  return slot;
}

const textOf = ({ buffer }: BigUint64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): string =>
  Buffer.from(buffer).toString("base64");

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}
