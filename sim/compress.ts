/**
 * A small LZ77 (Ziv, Lempel 1977) for configuration records: keys and values repeat, tokens should be short. A
 * sequence is a run of literals and a match: both lengths and the distance are variable-length integers.
 */
import { Bytes, ByteReader } from "./bytes.ts";

const MATCH_MIN = 4;

/** Compresses; deterministic. Cost: linear in practice. */
export function compress(input: Uint8Array): Uint8Array {
  const out = new Bytes();
  out.varint(input.length);
  const seen = new Map<number, number>();
  let literals = 0;
  let at = 0;
  while (at < input.length) {
    const key = keyAt(input, at);
    const from = at + MATCH_MIN <= input.length ? seen.get(key) : undefined;
    seen.set(key, at);
    const length = from === undefined ? 0 : matchLength(input, from, at);
    if (from === undefined || length < MATCH_MIN) {
      at++;
      continue;
    }
    out.varint(at - literals);
    out.append(input.subarray(literals, at));
    out.varint(length - MATCH_MIN);
    out.varint(at - from);
    for (let i = at + 1; i < at + length; i++) seen.set(keyAt(input, i), i);
    at += length;
    literals = at;
  }
  out.varint(at - literals);
  out.append(input.subarray(literals, at));
  return out.done();
}

/** The inverse of {@link compress}. A `RangeError` for bytes it never wrote, and past `most` bytes. */
export function decompress(packed: Uint8Array, most: number): Uint8Array {
  const reader = new ByteReader(packed);
  const length = reader.varint();
  if (length > most) throw new RangeError("too much");
  const output = new Uint8Array(length);
  let at = 0;
  while (reader.left > 0) {
    const literals = reader.take(reader.varint());
    if (literals.length > length - at) throw new RangeError("too many literals");
    output.set(literals, at);
    at += literals.length;
    if (reader.left === 0) break;
    const match = reader.varint() + MATCH_MIN;
    const distance = reader.varint();
    if (match > length - at || distance > at || distance === 0) throw new RangeError("match");
    for (let i = 0; i < match; i++, at++) output[at] = output[at - distance] as number;
  }
  if (at !== length) throw new RangeError("too little");
  return output;
}

const keyAt = (input: Uint8Array, at: number): number =>
  ((input[at] ?? 0) << 24) | ((input[at + 1] ?? 0) << 16) | ((input[at + 2] ?? 0) << 8) | (input[at + 3] ?? 0);

function matchLength(input: Uint8Array, from: number, at: number): number {
  let length = 0;
  while (at + length < input.length && input[from + length] === input[at + length]) length++;
  return length;
}
