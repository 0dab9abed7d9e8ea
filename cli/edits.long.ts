import { beforeAll, describe, expect, it } from "vitest";
import { EDITS, countsOf, edited, entriesOf, judgedOn, type Entry } from "./test-edits.ts";

let entries: readonly Entry[] = [];

beforeAll(async () => {
  entries = await entriesOf();
});

describe("every known failure as a regression", () => {
  it("has witnesses", () => {
    expect(entries.filter(({ file }) => file.meaning?.witnesses.length === 0)).toEqual([]);
  });

  it.each(EDITS)("$name: at most $lost of a hundred are stale or fail differently, and none is called fixed", async (edit) => {
    const engine = await edited(edit);

    const { stale, changed, fixed } = countsOf(entries.map((entry) => judgedOn(engine, entry, edit.config)));

    expect(fixed).toBe(0);
    expect((stale + changed) * 100).toBeLessThanOrEqual(edit.lost * entries.length);
  });
});
