import { beforeAll, describe, expect, it } from "vitest";
import { EDITS, FINDINGS, countsOf, edited, entriesOf, judgedOn, type Entry } from "./test-edits.ts";

/** The long test takes all failures, and these edits by themselves too: here they are part of "all of the model's at once". */
const EVERY = 3;
const LONG: readonly string[] = ["a comment", "threads are renamed", "a lock is renamed", "a word is loaded once more", "lines change places", "there is one thread more"];

let entries: readonly Entry[] = [];

beforeAll(async () => {
  entries = await entriesOf(FINDINGS.filter((_, i) => i % EVERY === 0));
});

describe("a regression, after an edit that mends nothing", () => {
  it.each(EDITS.filter(({ name }) => !LONG.includes(name)))("$name: still fails, or is called stale", async (edit) => {
    const engine = await edited(edit);

    const judged = entries.map((entry) => judgedOn(engine, entry, edit.config));

    const { reproduced, stale, changed, fixed } = countsOf(judged);
    expect({ fixed, changed: edit.config === undefined ? changed : 0 }).toEqual({ fixed: 0, changed: 0 });
    expect((stale + changed) * 100).toBeLessThanOrEqual(edit.lost * judged.length);
    expect(reproduced).toBe(entries.length - stale - changed);
    // What is called changed does fail, every time.
    for (const { failing } of judged) {
      if (failing !== null && failing.failure.kind !== "Race") expect(engine.replay(failing.what).failure).toMatchObject({ id: failing.failure.id });
    }
  });
});
