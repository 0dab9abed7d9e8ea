import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, Bytes, fromBase64url, toBase64url } from "./bytes.ts";
import { compress, decompress } from "./compress.ts";

describe("variable-length integers", () => {
  it("come back up to 2^53 - 1", () => {
    fc.assert(fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
      const bytes = new Bytes();
      for (const number of numbers) bytes.varint(number);
      const reader = new ByteReader(bytes.done());
      expect(numbers.map(() => reader.varint())).toEqual(numbers);
      expect(reader.left).toBe(0);
    }));
  });

  it("beyond that are refused", () => {
    expect(() => new ByteReader(new Uint8Array(12).fill(255)).varint()).toThrow(RangeError);
  });
});

describe("base64url", () => {
  it("agrees with Node's", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }));
  });
});

describe("compression", () => {
  const repetitive = fc
    .array(fc.constantFrom('{"cpu":', "0", "1", ',"len":64},', "x"), { maxLength: 200 })
    .map((parts) => Uint8Array.from(Buffer.from(parts.join(""))));

  it("is undone by decompression", () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), repetitive), (bytes) => {
      expect(decompress(compress(bytes), 1 << 20)).toEqual(bytes);
    }));
  });

  it("never answers anything but bytes or a range error", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(decompress(bytes, 1000).length).toBeLessThanOrEqual(1000);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }));
  });
});
