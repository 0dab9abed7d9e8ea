import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventsOf } from "../test-events.ts";
import { barsIn, clamped, firstBehind, lanesOf, showing, zoomed, type Lane, type Stretch } from "./lanes.ts";

describe("lanes", () => {
  it("are the CPUs, then the agents that act, with the stretches of each", () => {
    const { lanes, laneOf } = lanesOf(eventsOf());

    expect(laneOf).toEqual([0, 0, 1]);
    expect(lanes).toEqual([
      {
        title: "cpu 0",
        cpu: 0,
        stretches: [
          { context: 0, from: 0, to: 2, nested: false, preempts: false },
          { context: 1, from: 2, to: 3, nested: true, preempts: true },
          { context: 0, from: 3, to: 4, nested: false, preempts: false },
        ],
      },
      { title: "card", cpu: null, stretches: [{ context: 2, from: 4, to: 5, nested: false, preempts: false }] },
    ]);
  });

  it("of many agents are one", () => {
    const run = eventsOf();
    const contexts = Array.from({ length: 9 }, (_, i) => ({ name: `agent ${String(i)}`, cpu: null, line: false }));
    const events = contexts.map((_, context) => ({ ...run.events[0]!, context }));

    expect(lanesOf({ ...run, contexts, events }).lanes.map(({ title }) => title)).toEqual(["agents"]);
  });

  it("divide the run: every event is in one stretch of one lane", () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 2 }), { maxLength: 60 }), (order) => {
      const run = eventsOf();
      const events = order.map((context) => ({ ...run.events[0]!, context }));
      const all = lanesOf({ ...run, events }).lanes.flatMap(({ stretches }) => stretches).sort((a, b) => a.from - b.from);
      const seen = all.flatMap(({ context, from, to }) => Array.from({ length: to - from }, () => context));
      expect(seen).toEqual(order);
      expect(all.every(({ from }, i) => i === 0 || from === all[i - 1]!.to)).toBe(true);
    }));
  });
});

const laneWith = (...ends: readonly number[]): Lane =>
  ({ title: "", cpu: 0, stretches: ends.map((to, i): Stretch => ({ context: i, from: ends[i - 1] ?? 0, to, nested: false, preempts: false })) });

describe("what is drawn", () => {
  it("is what can be seen", () => {
    const bars = barsIn(laneWith(10, 20, 30, 40), { from: 15, to: 25 }, 100);

    expect(bars).toEqual([
      { context: 1, x: -50, width: 100, nested: false, count: 1, from: 10 },
      { context: 2, x: 50, width: 100, nested: false, count: 1, from: 20 },
    ]);
  });

  it("is never more than the pixels there are, however long the run", () => {
    const lane = laneWith(...Array.from({ length: 100_000 }, (_, i) => i + 1));

    expect(barsIn(lane, { from: 0, to: 100_000 }, 800).length).toBeLessThanOrEqual(800);
    expect(barsIn(lane, { from: 0, to: 100_000 }, 800).reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
  });

  it("is found from the first stretch that ends behind an event", () => {
    const { stretches } = laneWith(10, 20, 30);

    expect([0, 9, 10, 29, 30].map((at) => firstBehind(stretches, at))).toEqual([0, 0, 1, 2, 3]);
  });
});

describe("the window", () => {
  it("stays in the run", () => {
    expect(clamped({ from: -5, to: 45 }, 100)).toEqual({ from: 0, to: 50 });
    expect(clamped({ from: 80, to: 130 }, 100)).toEqual({ from: 50, to: 100 });
    expect(clamped({ from: 0, to: 500 }, 100)).toEqual({ from: 0, to: 100 });
    expect(clamped({ from: 50, to: 51 }, 100)).toEqual({ from: 50, to: 62 });
    expect(clamped({ from: 3, to: 9 }, 4)).toEqual({ from: 0, to: 12 });
  });

  it("zooms around a place, and out again to where it was", () => {
    const near = zoomed({ from: 0, to: 100 }, 0.5, 40, 1000);

    expect(near).toEqual({ from: 20, to: 70 });
    expect(zoomed(near, 2, 40, 1000)).toEqual({ from: 0, to: 100 });
  });

  it("moves no more than it must to show an event", () => {
    fc.assert(fc.property(fc.nat({ max: 999 }), fc.nat({ max: 900 }), fc.integer({ min: 12, max: 300 }), (event, from, size) => {
      const before = clamped({ from, to: from + size }, 1000);
      const after = showing(before, event, 1000);
      expect(after.from).toBeLessThanOrEqual(event);
      expect(after.to).toBeGreaterThanOrEqual(event + 1);
      expect(showing(after, event, 1000)).toEqual(after);
    }), { examples: [[7, 5, 13]] });
  });
});
