import { describe, expect, it } from "vitest";
import { explore, type Program } from "./explorer.ts";
import { findRaces } from "./happens-before.ts";
import { Struct, word } from "./memory.ts";
import { Op, packOp } from "./operation.ts";
import type { Routine } from "./point.ts";
import { RandomWalk } from "./strategies/random-walk.ts";

class Shared extends Struct {
  readonly data = word(this, 0);
}

function racesOf(program: Program): number {
  let races = 0;
  explore({ program, strategy: new RandomWalk(), seed: "settle", runs: 20 }, ({ x }) => {
    races += findRaces(x).length;
    return undefined;
  });
  return races;
}

/** A thread that boots stores, a daemon that was there before it loads, once it is told to. */
const booting = (settled: boolean): Program => ({
  setup(x) {
    const s = new Shared(x, "s");
    const daemon = x.spawn("daemon", function* (): Routine<void> {
      yield* x.block(packOp(Op.Yield, 0));
      yield* s.data.load();
    }, { daemon: true });
    x.spawn("boot", function* (): Routine<void> {
      yield* s.data.store(1);
    });
    if (settled) x.settle();
    x.spawn("starter", function* (): Routine<void> {
      x.unblock(daemon);
      yield* x.pause(Op.Yield);
    });
  },
});

describe("what ran until the machine settled", () => {
  it("is before everything that follows, also for contexts that were there before", () => {
    expect(racesOf(booting(true))).toBe(0);
    expect(racesOf(booting(false))).toBeGreaterThan(0);
  });
});
