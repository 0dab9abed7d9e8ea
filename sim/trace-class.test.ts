import { describe, expect, it } from "vitest";
import { Exhaustive } from "./strategies/exhaustive.ts";
import { explore, type Program } from "./explorer.ts";
import { Gate } from "./gate.ts";
import { Struct, atomic, word } from "./memory.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";
import { account, crossedLocks, independent } from "./test-programs.ts";
import { TraceHasher } from "./trace-class.ts";

/** Schedules and traces of a program. */
function classes(program: Program): readonly [schedules: number, traces: number] {
  const hasher = new TraceHasher();
  const seen = new Set<bigint>();
  const { runs, finished } = explore({ program, strategy: new Exhaustive(), seed: "none", runs: 100_000 }, ({ x }) => {
    seen.add(hasher.hash(x));
    return undefined;
  });
  expect(finished).toBe(true);
  return [runs, seen.size];
}

/** One context for each body, on words `a` and `b`. */
const threads = (...bodies: readonly ((m: Words) => Routine<void>)[]): Program => ({
  setup(x) {
    const m = new Words(x, "m");
    bodies.forEach((body, i) => x.spawn(String(i), () => body(m)));
  },
});

class Words extends Struct {
  readonly a = word<number>(this, 0);
  readonly b = word<number>(this, 0);
  readonly n = atomic<number>(this, 0);
  readonly gate = new Gate(this.x, "g");
}

function* store(m: Words): Routine<void> {
  yield* m.a.store(1);
}

function* load(m: Words): Routine<void> {
  yield* m.a.load();
}

function* cmpset(m: Words): Routine<void> {
  yield* m.n.cmpset(0, 1);
}

function* tryOnce(m: Words): Routine<void> {
  if (yield* m.gate.try()) yield* m.gate.release();
}

function* drawOnce(m: Words): Routine<void> {
  yield* m.a.store(1);
  m.x.draw(3);
}

describe("traces", () => {
  it("are one where nothing depends on anything", () => {
    expect(classes(independent(2, 2, 2))).toEqual([90, 1]);
    expect(classes(threads(load, load, load))).toEqual([6, 1]);
  });

  it("tell who came before a store", () => {
    expect(classes(threads(store, load, load))).toEqual([6, 4]);
    expect(classes(threads(store, store, store))).toEqual([6, 6]);
  });

  it("have a compare that fails as a load, and a try that fails as a look", () => {
    // The first succeeds, the others only look: three instead of six.
    expect(classes(threads(cmpset, cmpset, cmpset))[1]).toBe(3);
    // Either has it before the other, or fails meanwhile.
    expect(classes(threads(tryOnce, tryOnce))[1]).toBe(4);
  });

  it("have data choices as part of the event, wherever it comes", () => {
    expect(classes(threads(drawOnce))).toEqual([3, 3]);
    expect(classes(threads(drawOnce, drawOnce))[1]).toBe(18);
    expect(classes({
      setup(x) {
        x.spawn("a", function* () {
          yield* x.pause(Op.Yield);
          x.draw(2);
        });
        x.spawn("b", function* () {
          yield* x.pause(Op.Yield);
          x.draw(2);
        });
      },
    })[1]).toBe(4);
  });

  it("tell a run that stands still from one that goes on", () => {
    // Either gets both locks first, or each has one; a wait that never ends is no event.
    expect(classes(crossedLocks)[1]).toBe(3);
    expect(classes(account)[1]).toBe(6);
  });
});
