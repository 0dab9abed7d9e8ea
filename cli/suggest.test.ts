import { describe, expect, it } from "vitest";
import { closest, distance } from "./suggest.ts";

describe("distance", () => {
  it.each([["check", "chekc", 1], ["a", "", 1], ["list", "lost", 1], ["replay", "repaly", 1]])(
    "%s to %s is %i",
    (a, b, edits) => expect(distance(a, b)).toBe(edits),
  );
});

describe("closest", () => {
  const NAMES = ["one-sender", "ring-full", "detach-in-flight"];

  it.each([["one-sendr", "one-sender"], ["ring", "ring-full"], ["RING-FULL", "ring-full"], ["zzz", null]])(
    "%s means %s",
    (word, name) => expect(closest(word, NAMES)).toBe(name),
  );
});
