import { beforeAll, describe, expect, it } from "vitest";
import { EDITS, countsOf, edited, entriesOf, judgedOn, type Entry } from "./test-edits.ts";

let entries: readonly Entry[] = [];

beforeAll(async () => {
  entries = await entriesOf();
});

describe("every known failure as a regression", () => {
  it("has witnesses, and costs little more than its token", () => {
    expect(entries.filter(({ file }) => file.meaning?.witnesses.length === 0)).toEqual([]);
  });

  // Measured here: what changes these numbers should be looked at.
  it.each(EDITS)("$name: $lost are stale or fail differently", async (edit) => {
    const engine = await edited(edit);

    const { stale, changed, fixed } = countsOf(entries.map((entry) => judgedOn(engine, entry, edit.config)));

    expect({ fixed, lost: stale + changed }).toEqual({ fixed: 0, lost: edit.lost });
  });
});
