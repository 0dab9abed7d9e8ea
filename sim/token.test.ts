import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Choices } from "./recording.ts";
import {
  TokenError,
  decodeChoices,
  decodeToken,
  encodeChoices,
  encodeToken,
  type TokenData,
} from "./token.ts";

const pairs = fc
  .array(fc.tuple(fc.nat(1_000_000), fc.nat(65_535)), { maxLength: 50 })
  .map((list) => list.sort(([a], [b]) => a - b).flat());
const choices: fc.Arbitrary<Choices> = fc.record({ schedule: pairs, draws: pairs });
const data: fc.Arbitrary<TokenData> = fc.record({
  format: fc.constant(1 as const),
  scenario: fc.string({ unit: "grapheme" }),
  config: fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value))),
  variant: fc.option(fc.string()),
  choices,
  fingerprint: fc.string(),
});

const SAMPLE: TokenData = {
  format: 1,
  scenario: "tx-two-cpus",
  config: { cpus: 2, limits: [50, 50], packets: Array.from({ length: 20 }, (_, i) => ({ cpu: i % 2, len: 64 })) },
  variant: null,
  choices: { schedule: [3, 2, 17, 1, 18, 2], draws: [0, 1] },
  fingerprint: "no-lost-start",
};

function reasonOf(text: string): string {
  try {
    decodeToken(text);
    return "none";
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    expect(error.message).not.toContain("\n");
    expect(error.message.split(":")[0]).toMatch(/^(malformed|truncated|other version)$/);
    return error.reason;
  }
}

describe("a token", () => {
  it("gives back what it was made from", () => {
    fc.assert(fc.property(data, (token) => {
      expect(decodeToken(encodeToken(token))).toEqual(token);
    }));
  });

  it("is text of one safe word", () => {
    expect(encodeToken(SAMPLE)).toMatch(/^ilk1:[A-Za-z0-9_-]+$/);
  });

  it("is shorter than half of its JSON where things repeat", () => {
    expect(encodeToken(SAMPLE).length).toBeLessThan(JSON.stringify(SAMPLE).length / 2);
  });

  it("is called truncated wherever its end is missing", () => {
    const text = encodeToken(SAMPLE);
    const reasons = new Set<string>();

    for (let length = "ilk1:".length; length < text.length; length++) reasons.add(reasonOf(text.slice(0, length)));

    expect([...reasons]).toEqual(["truncated"]);
  });

  it("is refused with any one character changed", () => {
    const text = encodeToken(SAMPLE);
    for (let at = "ilk1:".length; at < text.length - 1; at++) {
      const other = text[at] === "A" ? "B" : "A";
      expect(reasonOf(text.slice(0, at) + other + text.slice(at + 1))).not.toBe("none");
    }
  });

  it.each([
    ["ilk2:AAAA", "version"],
    ["ilk10:AAAA", "version"],
    ["", "malformed"],
    ["hello", "malformed"],
    ["ilk1", "malformed"],
    ["ilk1:", "truncated"],
    ["ilk1:*", "malformed"],
    ["ilk1:AAAAAAAAAAAA", "malformed"],
  ])("is told from %j (%s)", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it("refuses arbitrary bytes without anything but a token error", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("A", "B", "x", "y", "0", "9", "-", "_"), maxLength: 60 }), (text) => {
      expect(reasonOf(`ilk1:${text}`)).not.toBe("none");
    }));
  });
});

describe("choices as text", () => {
  it("come back as they were", () => {
    fc.assert(fc.property(choices, (given) => {
      expect(decodeChoices(encodeChoices(given))).toEqual(given);
    }));
  });

  it("cost about two bytes a choice", () => {
    const schedule = Array.from({ length: 100 }, (_, i) => [i * 3, i % 4]).flat();

    expect(encodeChoices({ schedule, draws: [] }).length).toBeLessThan(290);
  });
});
