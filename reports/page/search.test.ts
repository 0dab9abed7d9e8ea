import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf } from "../test-events.ts";
import { firstDifference, nextOfSame, nextSwitch } from "./compare.ts";
import { SLICE_QUERY, isIn, matching, nextMatch, placeIn } from "./search.ts";

const run = { ...eventsOf(), slice: [0, 2, 3] };

describe("a search", () => {
  it.each([
    ["", [0, 1, 2, 3, 4]],
    ["lock", [0, 3]],
    ["LOCK enter", [0]],
    ["-lock", [1, 2, 4]],
    ["e3", [3]],
    ["cpu:0", [0, 1, 2, 3]],
    ["cpu:none", [4]],
    ["by:ipi", [2]],
    ['by:"send 0" -op:exit', [0, 1]],
    ["op:store", [1]],
    ["on:card", [4]],
    ["sets:f", [1]],
    ["in:ifq_dispatch", [1]],
    ["seed:303", [2]],
    ["is:preemption", [2]],
    ["is:change", [1]],
    ["is:evidence", [1, 4]],
    [SLICE_QUERY, [0, 2, 3]],
    ["is:slice -is:nested", [0, 3]],
    ["is:nested", [2]],
    ["nothing:here", []],
    ['"enter lock', [0]],
  ])("for %j finds %j", (query, found) => {
    expect(matching(run, query)).toEqual(found);
  });

  it("of an ascending list finds each of its events and no other, and the place of any", () => {
    const list = [1, 4, 6];

    expect([0, 1, 2, 4, 5, 6, 7].map((event) => [placeIn(list, event), isIn(list, event)]))
      .toEqual([[0, false], [0, true], [1, false], [1, true], [2, false], [2, true], [3, false]]);
    expect(isIn([], 0)).toBe(false);
  });

  it("takes any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (query) => {
      expect(matching(run, query).length).toBeLessThanOrEqual(5);
    }));
  });

  it("goes on from the cursor, around the end", () => {
    expect([nextMatch([1, 4], 0, 1), nextMatch([1, 4], 1, 1), nextMatch([1, 4], 4, 1)]).toEqual([1, 4, 1]);
    expect([nextMatch([1, 4], 4, -1), nextMatch([1, 4], 0, -1), nextMatch([], 0, 1)]).toEqual([1, 4, null]);
  });
});

describe("two runs", () => {
  it("part at the first event that is not the same", () => {
    const changed = eventsOf(["enter lock", "store word", "begin cpu 1", "exit lock", "device card"]);
    const shorter = { ...run, events: run.events.slice(0, 3) };

    expect(firstDifference(run, run)).toBeNull();
    expect(firstDifference(run, changed)).toBe(2);
    expect(firstDifference(run, shorter)).toBe(3);
  });

  it("part where somebody else acts, or another value is written", () => {
    const others = { ...run, contexts: run.contexts.map((context) => ({ ...context, name: `${context.name}'` })) };
    const written = { ...run, events: run.events.map((event) => ({ ...event, changes: event.changes.map((change) => ({ ...change, after: "7" })) })) };

    expect(firstDifference(run, others)).toBe(0);
    expect(firstDifference(run, written)).toBe(1);
  });

  it("are walked through by context and by switch", () => {
    expect([nextOfSame(run, 1, 1), nextOfSame(run, 3, -1), nextOfSame(run, 4, 1)]).toEqual([3, 1, null]);
    expect([nextSwitch(run, 0, 1), nextSwitch(run, 2, 1), nextSwitch(run, 4, -1), nextSwitch(run, 4, 1)]).toEqual([2, 3, 3, null]);
  });
});
