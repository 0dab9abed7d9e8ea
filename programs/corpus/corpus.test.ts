// Published results: a drawn quarter of each corpus, and the programs with the most executions.
import { describe, expect, it } from "vitest";
import { complaintsOf, corpus, quarterOf, shapesUnderSc } from "../test-corpora.ts";

/** Each has more than ten thousand executions, or is the longest search of its kind. */
const HARDEST = ["genmc/fib_bench", "genmc/lastzero", "genmc/big0", "genmc/cinc", "Sigma_6", "concuerror-delay/", "yield_loop_three_threads"];

/** Ten seconds where nothing else runs. */

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
    // The longest one, of which there are shorter ones, is left to the long tests.
    const all = corpus("counts").filter(({ name }) => name.includes(", SC") && name !== "genmc/lastzero (mazurkiewicz, SC, N=15)");
    const entries = quarterOf(all);
    expect(entries.length).toBeGreaterThan(75);
    const hardest = all.filter((one) => HARDEST.some((name) => one.name.includes(name)) && !entries.includes(one));
    expect(complaintsOf([...entries, ...hardest])).toEqual([]);
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
