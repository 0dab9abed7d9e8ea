import { describe, expect, it } from "vitest";
import { checkedInThreeWays } from "./test-causes.ts";

describe("a thousand failing seeds of one bug", () => {
  it("are one line with a count, whoever ran them", async () => {
    const { one, two, merged } = await checkedInThreeWays(2_200, 200);
    const [line = "", ...places] = one.causes;

    expect(line).toMatch(/^ {2}class [0-9a-f]{16}, 1\d{3} runs of Violation queue-counters-agree: /);
    expect(places.map((place) => /^ {4}[0-9a-f]{16} {2}one-sender {2}\d+ runs?$/.test(place))).toEqual([true, true, true, true, true]);
    expect([two.causes, merged.causes]).toEqual([one.causes, one.causes]);
  });
});
