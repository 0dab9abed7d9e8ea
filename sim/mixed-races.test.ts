import { describe, expect, it } from "vitest";
import type { Program } from "./explorer.ts";
import { Struct, mixed, type Mixed } from "./memory.ts";
import type { Routine, Step } from "./point.ts";
import { verdict } from "./test-words.ts";

describe("a word that is accessed both plainly and atomically", () => {
  const subject = (one: (m: Mixed) => Step<unknown>, other: (m: Mixed) => Step<unknown>): Program => ({
    setup(x) {
      const m = mixed(new Struct(x, "m"), 0);
      for (const [i, access] of [one, other].entries()) {
        x.spawn(`t${String(i)}`, function* (): Routine<void> {
          yield* access(m);
        });
      }
    },
  });
  const plain = { load: (m: Mixed) => m.load(), store: (m: Mixed) => m.store(1) };
  const atomically = { swap: (m: Mixed) => m.swap(2), sets: (m: Mixed) => m.cmpset(0, 2), fails: (m: Mixed) => m.cmpset(7, 2) };

  it("races unless both are atomic, or both only load", () => {
    for (const [p, one] of Object.entries(plain)) {
      for (const [a, other] of Object.entries(atomically)) {
        const { runs, racy } = verdict(subject(one, other));
        // A compare with 0 that comes after the store fails, and then it only loads: still against a store.
        expect([p, a, racy]).toEqual([p, a, p === "load" && a === "fails" ? 0 : runs]);
      }
    }
    expect(verdict(subject(atomically.swap, atomically.sets)).racy).toBe(0);
    expect(verdict(subject(plain.load, plain.load)).racy).toBe(0);
  });
});
