// Published results: the corpora, whole.
import { describe, expect, it } from "vitest";
import { complaintsOf, corpus } from "../test-corpora.ts";

describe("the corpora", () => {
  it.each([
    ["counts", 373],
    ["shapes", 1880],
    ["litmus", 368],
    ["races", 29],
  ] as const)("agree on %s", (kind, asserted) => {
    const entries = corpus(kind);
    expect(entries.length).toBeGreaterThanOrEqual(asserted);
    expect(complaintsOf(entries)).toEqual([]);
  });
});
