import { describe, expect, it } from "vitest";
import { Distinct } from "./distinct.ts";

describe("Distinct", () => {
  it("counts every hash once, also those that share their low bits", () => {
    const distinct = new Distinct();

    for (let round = 0; round < 2; round++) {
      for (let i = 0n; i < 5000n; i++) distinct.add(i << 32n);
    }

    expect(distinct.count).toBe(5000);
  });
});
