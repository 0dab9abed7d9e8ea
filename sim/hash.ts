/** A 64-bit hash of integers: the same on every engine, for telling runs apart, not for keeping secrets. */
import type { Choices } from "./recording.ts";

/** Takes 32-bit integers one after the other. No single differing value is ever lost: every step is reversible. */
export class Hash64 {
  /** The halves of {@link value}. */
  low = 0x9e3779b9 | 0;
  high = 0x85ebca6b | 0;

  /** Goes on from a value. */
  set(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** Takes one integer. */
  add(value: number): void {
    let low = Math.imul(this.low ^ value, 0xcc9e2d51);
    low ^= low >>> 15;
    let high = Math.imul(this.high ^ (value + 0x165667b1), 0x1b873593);
    high ^= high >>> 13;
    this.high = high;
    this.low = (low + Math.imul(high, 5)) | 0;
  }

  /** Takes all of them. */
  addAll(values: Int32Array | readonly number[]): void {
    for (let i = 0; i < values.length; i++) this.add(values[i] as number);
  }

  /** Takes a text, with its length. */
  addText(text: string): void {
    this.add(text.length);
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
  }

  /** Of everything taken so far. */
  get value(): bigint {
    return (BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0);
  }

  /** {@link value} as 16 hexadecimal digits. */
  get text(): string {
    return this.value.toString(16).padStart(16, "0");
  }
}

/** A 64-bit hash of the choices: two runs with the same hash took the same choices (up to collisions). */
export function choicesHash(choices: Choices): bigint {
  const hash = new Hash64();
  hash.addAll(choices.schedule);
  hash.add(-1);
  hash.addAll(choices.draws);
  return hash.value;
}
