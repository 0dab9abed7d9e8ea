// Published results: a drawn quarter of each corpus.
import { describe, expect, it } from "vitest";
import { complaintsOf, corpus, quarterOf, shapesUnderSc } from "../test-corpora.ts";

describe("a quarter of the corpora", () => {
  it("agrees on shapes under SC", () => {
    const entries = quarterOf(shapesUnderSc());
    expect(entries.length).toBeGreaterThan(400);
    expect(complaintsOf(entries)).toEqual([]);
  });

  it("agrees on some of these under all models", () => {
    const entries = quarterOf(quarterOf(corpus("shapes")));
    expect(entries.length).toBeGreaterThan(75);
    expect(complaintsOf(entries)).toEqual([]);
  });

  it("agrees on counts under TSO and PSO", () => {
    const entries = corpus("counts").filter(({ name }) => /, (?:TSO|PSO)/.test(name));
    expect(entries.length).toBe(26);
    expect(complaintsOf(entries)).toEqual([]);
  });

  it("agrees on counts under SC", () => {
    const entries = quarterOf(corpus("counts")).filter(({ name }) => name.includes(", SC") && !/lastzero|fib_bench|big0|genmc.readers|Sigma_6/.test(name));
    expect(entries.length).toBeGreaterThan(75);
    expect(complaintsOf(entries)).toEqual([]);
  });

  it("agrees on litmus tests", () => {
    const entries = quarterOf(corpus("litmus"));
    expect(entries.length).toBeGreaterThan(75);
    expect(complaintsOf(entries)).toEqual([]);
  });

  it("agrees on every race trace", () => {
    const entries = corpus("races");
    expect(entries.length).toBeGreaterThan(25);
    expect(complaintsOf(entries)).toEqual([]);
  });
});
