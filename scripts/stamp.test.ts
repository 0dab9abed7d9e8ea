import { describe, expect, test } from "vitest";
import { provesUnchanged } from "./stamp.mjs";

const SECOND = 1_000_000_000;

/** One file as it was seen, its times in seconds. */
const seen = (mtime: number, ctime: number, size = 10) =>
  ["sim/a.ts", size, "7", String(mtime * SECOND), String(ctime * SECOND)] as const;

const stampAt = (clock: number, file: ReturnType<typeof seen>) =>
  ({ format: 1, hash: "0", clock: String(clock * SECOND), files: [file] });

describe("a stamp", () => {
  test("proves that a file is unchanged if nothing the file system shows has changed", () => {
    const stamp = stampAt(100, seen(50, 50));

    expect(provesUnchanged(stamp, [seen(50, 50)])).toBe(true);
    expect(provesUnchanged(stamp, [seen(51, 51)])).toBe(false);
    expect(provesUnchanged(stamp, [seen(50, 51)])).toBe(false);
    expect(provesUnchanged(stamp, [seen(50, 50, 11)])).toBe(false);
    expect(provesUnchanged(stamp, [])).toBe(false);
  });

  test("proves nothing about a file changed within a clock tick of the stamp", () => {
    expect(provesUnchanged(stampAt(51, seen(50, 50)), [seen(50, 50)])).toBe(false);
    expect(provesUnchanged(stampAt(49, seen(50, 50)), [seen(50, 50)])).toBe(false);
    expect(provesUnchanged(stampAt(51, seen(5, 50)), [seen(5, 50)])).toBe(false);
  });

  test("proves nothing without a clock", () => {
    expect(provesUnchanged(stampAt(0, seen(50, 50)), [seen(50, 50)])).toBe(false);
  });
});
