import { describe, expect, it } from "vitest";
import { MENDED, fixed, leftOf } from "./test-fixes.ts";

describe("a known failure with a fix", () => {
  it.each(MENDED)("$name: 10,000 runs of its scenario pass with $fix", async (mended) => {
    expect(await leftOf(await fixed(mended.fix), mended, 10_000)).toEqual([]);
  });
});
