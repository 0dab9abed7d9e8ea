import { describe, expect, it } from "vitest";
import { readMinima, shrinkAgain } from "./test-minima.ts";

/** Of CPU time: the machine may have other things to do. */
const SECONDS = 10;

describe("what shows a mutant or a finding, shrunk as a check shrinks its only failure", () => {
  it.each(readMinima())("$name: ends at the recorded minimum", async (line) => {
    const { token, seconds } = await shrinkAgain(line);

    expect(token).toBe(line.token);
    expect(seconds).toBeLessThan(SECONDS);
  });
});
