import { describe, expect, it } from "vitest";
import { RaceDetector } from "./race-detector.ts";

const MAIN = 0;
const A = 1;
const B = 2;
const DATA = 10;
const FLAG = 11;
const LOCK = 12;

/** Tells a story to a detector in which A and B were made by MAIN; the places of the accesses that race. */
function racesIn(story: (told: RaceDetector) => void): readonly string[] {
  const races: string[] = [];
  const told = new RaceDetector((_object, first, second) => races.push(`${String(first.at)}-${String(second.at)}`));
  told.fork(MAIN, A);
  told.fork(MAIN, B);
  story(told);
  return races;
}

describe("byte ranges", () => {
  const pairs = (a: readonly [number, number], b: readonly [number, number]): readonly string[] =>
    racesIn((told) => {
      told.write(A, DATA, 1, ...a);
      told.write(B, DATA, 2, ...b);
    });

  it("race where they overlap, and only there", () => {
    const overlaps = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] < b[1] && b[0] < a[1];
    const ranges = [0, 1, 2, 3, 4, 5].flatMap((from) => [1, 2, 4].map((size) => [from, from + size] as const));
    for (const a of ranges) {
      for (const b of ranges) expect([a, b, pairs(a, b)]).toEqual([a, b, overlaps(a, b) ? ["1-2"] : []]);
    }
  });

  it("race with an access of the whole object, told before or after", () => {
    expect(racesIn((told) => {
      told.write(A, DATA, 1, 3, 5);
      told.write(B, DATA, 2);
    })).toEqual(["1-2"]);
    expect(racesIn((told) => {
      told.write(A, DATA, 1);
      told.read(B, DATA, 2, 3, 5);
    })).toEqual(["1-2"]);
  });

  it("are cut and put together without losing an access", () => {
    expect(racesIn((told) => {
      told.write(A, DATA, 1, 0, 8);
      told.write(A, DATA, 2, 2, 4);
      told.write(A, DATA, 3, 6, 10);
      told.read(B, DATA, 4, 1, 12);
    })).toEqual(["1-4", "2-4", "3-4"]);
  });
});

describe("memory", () => {
  it("that is freed is written as a whole", () => {
    expect(racesIn((told) => {
      told.read(A, DATA, 1, 4, 8);
      told.free(B, DATA, 2);
    })).toEqual(["1-2"]);
  });

  it("that is allocated anew has forgotten who touched it before, but not who allocated it", () => {
    expect(racesIn((told) => {
      told.write(A, DATA, 1);
      told.allocate(B, DATA, 2);
      told.write(B, DATA, 3);
      told.read(A, DATA, 4);
    })).toEqual(["3-4"]);
  });
});

describe("atomic accesses", () => {
  it("race with plain ones in both orders, unless both load, and never with each other", () => {
    const plain = { read: (told: RaceDetector, at: number) => told.read(A, DATA, at), write: (told: RaceDetector, at: number) => told.write(A, DATA, at) };
    const atomic = {
      load: (told: RaceDetector, at: number) => told.atomicLoad(B, DATA, "seq_cst", at),
      store: (told: RaceDetector, at: number) => told.atomicStore(B, DATA, "seq_cst", at),
      update: (told: RaceDetector, at: number) => told.atomicUpdate(B, DATA, "seq_cst", at),
    };
    for (const [p, one] of Object.entries(plain)) {
      for (const [q, other] of Object.entries(atomic)) {
        const expected = p === "read" && q === "load" ? [] : ["1-2"];
        expect([p, q, racesIn((told) => (one(told, 1), other(told, 2)))]).toEqual([p, q, expected]);
        expect([q, p, racesIn((told) => (other(told, 1), one(told, 2)))]).toEqual([q, p, expected]);
      }
    }
    expect(racesIn((told) => (atomic.store(told, 1), told.atomicUpdate(A, DATA, "relaxed", 2)))).toEqual([]);
  });

  it("do not hide a plain access before them", () => {
    expect(racesIn((told) => {
      told.write(A, DATA, 1);
      told.atomicStore(A, DATA, "relaxed", 2);
      told.atomicLoad(B, DATA, "relaxed", 3);
    })).toEqual(["1-3"]);
  });

  it("are themselves behind what they synchronise with", () => {
    for (const [order, expected] of [["acquire", []], ["relaxed", ["1-3"]]] as const) {
      expect([order, racesIn((told) => {
        told.write(A, FLAG, 1);
        told.atomicStore(A, FLAG, "release", 2);
        told.atomicLoad(B, FLAG, order, 3);
      })]).toEqual([order, expected]);
    }
  });

  it("make an edge from release to acquire, and none where one side is relaxed", () => {
    const orders = ["relaxed", "acquire", "release", "acq_rel", "seq_cst"] as const;
    for (const out of orders) {
      for (const back of orders) {
        const edge = !["relaxed", "acquire"].includes(out) && !["relaxed", "release"].includes(back);
        const races = racesIn((told) => {
          told.write(A, DATA, 1);
          told.atomicStore(A, FLAG, out, 2);
          told.atomicLoad(B, FLAG, back, 3);
          told.read(B, DATA, 4);
        });
        expect([out, back, races]).toEqual([out, back, edge ? [] : ["1-4"]]);
      }
    }
  });

  it("end a release sequence with a store of another context, not with a read-modify-write", () => {
    const through = (middle: (told: RaceDetector) => void): readonly string[] =>
      racesIn((told) => {
        told.write(A, DATA, 1);
        told.atomicStore(A, FLAG, "release", 2);
        middle(told);
        told.atomicLoad(MAIN, FLAG, "acquire", 4);
        told.read(MAIN, DATA, 5);
      });

    expect(through((told) => told.atomicStore(B, FLAG, "release", 3))).toEqual(["1-5"]);
    expect(through((told) => told.atomicStore(B, FLAG, "relaxed", 3))).toEqual(["1-5"]);
    expect(through((told) => told.atomicUpdate(B, FLAG, "relaxed", 3))).toEqual([]);
    expect(through((told) => told.atomicLoad(B, FLAG, "relaxed", 3))).toEqual([]);
  });

  it("are made to release and acquire by fences", () => {
    const fenced = (out: boolean, back: boolean): readonly string[] =>
      racesIn((told) => {
        told.write(A, DATA, 1);
        if (out) told.fence(A, "release");
        told.atomicStore(A, FLAG, "relaxed", 2);
        told.atomicLoad(B, FLAG, "relaxed", 3);
        if (back) told.fence(B, "acquire");
        told.read(B, DATA, 4);
      });

    expect(fenced(true, true)).toEqual([]);
    expect(fenced(true, false)).toEqual(["1-4"]);
    expect(fenced(false, true)).toEqual(["1-4"]);
  });

  it("publish through a fence only what was done before it", () => {
    expect(racesIn((told) => {
      told.fence(A, "release");
      told.write(A, DATA, 1);
      told.atomicStore(A, FLAG, "relaxed", 2);
      told.atomicLoad(B, FLAG, "acquire", 3);
      told.read(B, DATA, 4);
    })).toEqual(["1-4"]);
  });
});

describe("a lock that is shared", () => {
  it("orders its writer behind every reader, and no reader behind another", () => {
    expect(racesIn((told) => {
      for (const context of [A, B]) {
        told.acquireShared(context, LOCK);
        told.read(context, DATA, context);
        told.releaseShared(context, LOCK);
      }
      told.acquire(MAIN, LOCK);
      told.write(MAIN, DATA, 3);
    })).toEqual([]);
    expect(racesIn((told) => {
      told.acquireShared(A, LOCK);
      told.write(A, DATA, 1);
      told.releaseShared(A, LOCK);
      told.acquireShared(B, LOCK);
      told.write(B, DATA, 2);
    })).toEqual(["1-2"]);
  });
});

describe("a barrier", () => {
  it("orders everybody behind everybody of its generation, and nobody of a later one before", () => {
    expect(racesIn((told) => {
      told.write(A, DATA, 1);
      told.arrive(A, LOCK);
      told.arrive(B, LOCK);
      told.goOn(B);
      told.write(B, DATA, 2);
      told.arrive(B, LOCK);
      told.goOn(A);
      told.read(A, DATA, 3);
    })).toEqual(["2-3"]);
  });
});

describe("contexts", () => {
  it("are before who joins them, not before who does not", () => {
    const joined = (join: boolean): readonly string[] =>
      racesIn((told) => {
        told.write(A, DATA, 1);
        if (join) told.join(MAIN, A);
        told.write(MAIN, DATA, 2);
      });

    expect(joined(true)).toEqual([]);
    expect(joined(false)).toEqual(["1-2"]);
  });
});
