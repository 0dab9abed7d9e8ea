/**
 * Tokens: one run as text. A token is data: reading one checks its version, its checksum and its shape, and
 * evaluates nothing. Choices are variable-length integers, the rest is compressed JSON.
 */
import { Bytes, ByteReader, checksum, fromBase64url, toBase64url } from "./bytes.ts";
import { compress, decompress } from "./compress.ts";
import type { Choices } from "./recording.ts";

/** Everything that decides a run, and what it came to. */
export interface TokenData {
  readonly format: 1;
  readonly scenario: string;
  /** The configuration record; plain JSON. */
  readonly config: unknown;
  readonly variant: string | null;
  readonly choices: Choices;
  /** Of the outcome. */
  readonly fingerprint: string;
}

/** Thrown for text that is no token of this version; the message is one line, the reason a word. */
export class TokenError extends Error {
  readonly reason: "malformed" | "truncated" | "version";

  constructor(reason: "malformed" | "truncated" | "version", message: string) {
    super(message);
    this.name = "TokenError";
    this.reason = reason;
  }
}

const PREFIX = "ilk1:";
/** Longer text is not read. */
const TEXT_MAX = 1 << 24;
/** Decompressed, a configuration record is far below. */
const JSON_MAX = 1 << 22;

/** The text of a token. */
export function encodeToken({ scenario, config, variant, choices, fingerprint }: TokenData): string {
  const bytes = new Bytes();
  const packed = compress(ascii(JSON.stringify([scenario, config, variant, fingerprint])));
  bytes.varint(packed.length);
  bytes.append(packed);
  writeChoices(bytes, choices);
  return PREFIX + sealed(bytes);
}

/** Reads a token. Throws {@link TokenError}. */
export function decodeToken(text: string): TokenData {
  const version = /^ilk([0-9]{1,9}):/.exec(text)?.[1];
  if (version === undefined) throw new TokenError("malformed", 'malformed: a token begins with "ilk1:"');
  if (version !== "1")
    throw new TokenError("version", `other version: the token has format ${version}, this reads format 1`);
  return guarded(text.slice(PREFIX.length), (reader) => {
    const packed = reader.take(reader.varint());
    const fields: unknown = JSON.parse(textOf(decompress(packed, JSON_MAX)));
    const choices = readChoices(reader);
    if (!Array.isArray(fields) || fields.length !== 4) throw new RangeError("four fields");
    const [scenario, config, variant, fingerprint] = fields as unknown[];
    if (typeof scenario !== "string" || typeof fingerprint !== "string") throw new RangeError("names");
    if (variant !== null && typeof variant !== "string") throw new RangeError("variant");
    return { format: 1, scenario, config, variant, choices, fingerprint };
  });
}

/** Choices alone as text. */
export function encodeChoices(choices: Choices): string {
  const bytes = new Bytes();
  writeChoices(bytes, choices);
  return sealed(bytes);
}

/** Reads {@link encodeChoices}. Throws {@link TokenError}. */
export const decodeChoices = (text: string): Choices => guarded(text, readChoices);

/** With a checksum in front, so that text that lost its end is noticed. */
function sealed(bytes: Bytes): string {
  const body = bytes.done();
  const whole = new Bytes();
  whole.varint(body.length);
  whole.append(checksum(body));
  whole.append(body);
  return toBase64url(whole.done());
}

const CHECKSUM_BYTES = 4;

function guarded<T>(text: string, read: (reader: ByteReader) => T): T {
  if (text.length > TEXT_MAX) throw new TokenError("malformed", "malformed: the token is too long");
  const bytes = fromBase64url(text);
  if (bytes === null)
    throw new TokenError("malformed", "malformed: the token has a character that no token has");
  const reader = new ByteReader(bytes);
  try {
    const length = reader.varint();
    const sum = reader.take(CHECKSUM_BYTES);
    if (reader.left < length) throw new TokenError("truncated", "truncated: the end of the token is missing");
    if (reader.left > length) throw new TokenError("malformed", "malformed: something follows the token");
    const body = reader.take(length);
    if (checksum(body).some((byte, i) => byte !== sum[i]))
      throw new TokenError("malformed", "malformed: the checksum does not match");
    const inner = new ByteReader(body);
    const value = read(inner);
    if (inner.left > 0) throw new RangeError("left over");
    return value;
  } catch (error) {
    if (error instanceof TokenError) throw error;
    // Only what reading throws for bytes that make no sense: ranges, and text that is no JSON.
    if (error instanceof RangeError || error instanceof SyntaxError) throw unreadable(reader.left === 0);
    throw error;
  }
}

const unreadable = (early: boolean): TokenError =>
  early
    ? new TokenError("truncated", "truncated: the end of the token is missing")
    : new TokenError("malformed", "malformed: the token does not say what a token says");

/** Steps and draw numbers ascend: their differences are short. */
function writeChoices(bytes: Bytes, { schedule, draws }: Choices): void {
  for (const pairs of [schedule, draws]) {
    bytes.varint(pairs.length / 2);
    let before = 0;
    for (let i = 0; i < pairs.length; i += 2) {
      const at = pairs[i] as number;
      bytes.varint(at - before);
      bytes.varint(pairs[i + 1] as number);
      before = at;
    }
  }
}

function readChoices(reader: ByteReader): Choices {
  return { schedule: readPairs(reader), draws: readPairs(reader) };
}

function readPairs(reader: ByteReader): readonly number[] {
  const count = reader.varint();
  if (count > reader.left) throw new RangeError("more pairs than bytes");
  const pairs: number[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    at += reader.varint();
    pairs.push(at, reader.varint());
  }
  return pairs;
}

/** Everything outside ASCII escaped, so that a character is a byte. */
function ascii(json: string): Uint8Array {
  const text = json.replace(/[^\x20-\x7e]/g, (character) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
