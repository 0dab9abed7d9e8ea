import { describe, expect, it } from "vitest";
import { Op } from "../sim/index.ts";
import { orderCells } from "./cells.ts";
import { operationsOf } from "./coverage.ts";
import { cover, type Body } from "./test-coverage.ts";

const stores: Body = function* (shared, x) {
  yield* x.pause(Op.Yield);
  yield* shared.s_word.store(1);
};

const loads: Body = function* (shared, x) {
  yield* x.pause(Op.Yield);
  yield* shared.s_word.load();
};

const updates: Body = function* (shared, x) {
  yield* x.pause(Op.Yield);
  const before = yield* shared.s_word.load();
  yield* shared.s_word.store(before + 1);
};

const locked: Body = function* (shared) {
  yield* shared.lock.acquire();
  yield* shared.s_word.store(yield* shared.s_word.load());
  yield* shared.lock.release();
};

const tries: Body = function* (shared, x) {
  yield* x.pause(Op.Yield);
  if (yield* shared.lock.try()) yield* shared.lock.release();
};

describe("orders", () => {
  // Before its store and its load each thread is at a yield (Y, y): Ysyl, Yysl, Yyls, yYsl, yYls, ylYs.
  it("of a store and a load: either way round in half of the six schedules, overlapped where both were announced", () => {
    expect(cover(stores, loads)).toMatchObject({
      runs: 6,
      operations: { s_word: { "netisr store": 6, "ithread load": 6 } },
      orders: { s_word: { "ithread load | netisr store": { before: 3, after: 3, overlapped: 4, unguarded: 6 } } },
    });
  });

  it("of two loads are nobody's business", () => {
    expect(cover(loads, loads)).toMatchObject({
      operations: { s_word: { "netisr load": 6, "ithread load": 6 } },
      orders: {},
    });
  });

  it("overlap where a store falls between the load and the store of an update, though nobody waited", () => {
    // The first schedule of all runs the netisr to its end: nothing overlaps. The last ones differ.
    const first = cover(updates, stores, 1).orders["s_word"];
    const all = cover(updates, stores).orders["s_word"];

    expect(first?.["ithread store | netisr store"]).toEqual({ before: 0, after: 1, overlapped: 0, unguarded: 1 });
    expect(all?.["ithread store | netisr store"]?.overlapped).toBeGreaterThan(0);
  });

  it("of what a common lock guards are both there, and never overlap", () => {
    const { orders } = cover(locked, locked);

    expect(orders["s_word"]?.["ithread store | netisr store"]).toMatchObject({ overlapped: 0, unguarded: 0 });
    expect(orders["s_word"]?.["ithread store | netisr store"]?.before).toBeGreaterThan(0);
    expect(orders["s_word"]?.["ithread store | netisr store"]?.after).toBeGreaterThan(0);
    expect(orders["s_lock"]?.["ithread enter | netisr enter"]?.overlapped).toBeGreaterThan(0);
  });

  it("overlap where a lock is found held", () => {
    const { operations, orders } = cover(locked, tries);
    const held = orders["s_lock"]?.["ithread finds it held | netisr enter"];

    expect(held?.overlapped).toBe(operations["s_lock"]?.["ithread finds it held"]);
    expect(held?.overlapped).toBeGreaterThan(0);
  });
});

describe("the cells of a pair", () => {
  const cellsOf = (pair: string, met: { before: number; after: number; overlapped: number; unguarded: number }) => {
    const [first, second] = operationsOf(pair);
    return orderCells({ first, second, ...met }).map((cell) => `${cell.first} ${cell.order} ${cell.second}: ${String(cell.seen)}`);
  };

  it("are three, and empty where two contexts never contend", () => {
    const { orders } = cover(stores, loads, 1);

    expect(cellsOf("ithread load | netisr store", orders["s_word"]!["ithread load | netisr store"]!)).toEqual([
      "ithread load before netisr store: 0",
      "netisr store before ithread load: 1",
      "ithread load overlapped netisr store: 0",
    ]);
  });

  it("are two where a lock keeps them apart, or both are the same", () => {
    expect(cellsOf("a store | b store", { before: 1, after: 2, overlapped: 0, unguarded: 0 })).toHaveLength(2);
    expect(cellsOf("a store | a store", { before: 1, after: 0, overlapped: 0, unguarded: 1 })).toHaveLength(2);
  });

  it("are one where only the overlap says something", () => {
    expect(cellsOf("a enter | b finds it held", { before: 1, after: 1, overlapped: 1, unguarded: 1 }))
      .toEqual(["a enter overlapped b finds it held: 1"]);
  });
});
