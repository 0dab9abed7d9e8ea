import { describe, expect, it } from "vitest";
import { explore } from "./explorer.ts";
import { happenedIn, orderingsOf, reversedIn, standingsIn, type Happened, type Happening } from "./orderings.ts";
import { reorder } from "./test-programs.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";

/** What happened in each run of one setter of a, then b, and one who checks both. */
function runs(): { readonly failed: boolean; readonly happened: readonly Happened[] }[] {
  const all: { readonly failed: boolean; readonly happened: readonly Happened[] }[] = [];
  explore({ program: reorder(1, 1), strategy: new Exhaustive(), seed: "none", runs: 1000 }, ({ x, failure }) => {
    all.push({ failed: failure !== null, happened: happenedIn(x) });
    return undefined;
  });
  return all;
}

const store = (object: string): Happening => ({ actor: "setter 0", operation: "store", object, occurrence: 1 });
const load = (object: string): Happening => ({ actor: "checker 0", operation: "load", object, occurrence: 1 });

describe("orderings of a run", () => {
  const all = runs();
  const failing = all.filter(({ failed }) => failed);
  const seenHalf = { before: store("m a"), after: load("m a") };

  it("are the dependent neighbours on each object", () => {
    expect(failing.length).toBeGreaterThan(0);
    for (const { happened } of failing) expect(orderingsOf(happened)).toContainEqual(seenHalf);
  });

  it("hold in their own run", () => {
    for (const { happened } of all) {
      const orderings = orderingsOf(happened);
      expect(standingsIn(happened, orderings)).toEqual(orderings.map(() => "holds"));
      expect(reversedIn(happened, happened)).toEqual([]);
    }
  });

  it("are reversed where the other order happened, and missing where one of the two did not", () => {
    const [first] = failing;
    const other = all.find(({ happened }) => standingsIn(happened, [seenHalf])[0] === "reversed")!;
    expect(other.failed).toBe(false);
    expect(reversedIn(first!.happened, other.happened)).toContainEqual(seenHalf);
    expect(standingsIn(first!.happened, [{ ...seenHalf, after: load("m c") }])).toEqual(["missing"]);
  });
});
