import { describe, expect, it } from "vitest";
import { explore } from "../explorer.ts";
import { Op } from "../operation.ts";
import type { Routine } from "../point.ts";
import type { Strategy } from "../strategy.ts";
import { independent } from "../test-programs.ts";
import { RandomWalk } from "./random-walk.ts";
import { Surw, touching } from "./surw.ts";
import { Urw } from "./urw.ts";

const SEED = "uniform";

/** How often each order of steps occurs, told by who makes them. */
function orders(steps: readonly number[], strategy: Strategy, runs: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  explore({ program: independent(...steps), strategy, seed: SEED, runs }, ({ x }) => {
    const order = x.recording.choices.schedule.join(" ");
    found.set(order, (found.get(order) ?? 0) + 1);
    return undefined;
  });
  return found;
}

/** Chi-square of counts that should be equal, `cells` of them. */
function chiSquare(counts: ReadonlyMap<string, number>, cells: number, runs: number): number {
  const expected = runs / cells;
  const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return seen + (cells - counts.size) * expected;
}

describe("URW", () => {
  it("lets the only event of a context be the last of 26 in one run of 26 (20,000 runs)", () => {
    let last = 0;
    let ran = "";
    const program = {
      ...independent(1, 25),
      atEnd: (x: { current: { name: string } }): void => {
        ran = x.current.name;
      },
    };
    explore({ program, strategy: new Urw(), seed: SEED, runs: 20_000 }, () => {
      if (ran === "t0") last++;
      return undefined;
    });

    // 20,000/26 is 769.2, and four standard deviations 108.8.
    expect(Math.abs(last - 20_000 / 26)).toBeLessThan(108.8);
  });

  // Quantiles of the chi-square distribution at 0.999 with 1, 9, 69 and 89 degrees of freedom.
  it.each([
    [[1, 1], 2, 10.83],
    [[2, 3], 10, 27.88],
    [[4, 4], 70, 111.06],
    [[2, 2, 2], 90, 135.98],
  ])("makes every order of the steps %j equally likely (%i orders, 20,000 runs)", (steps, cells, quantile) => {
    expect(chiSquare(orders(steps, new Urw(), 20_000), cells, 20_000)).toBeLessThan(quantile);
  });

  it("is not what a random walk does", () => {
    expect(chiSquare(orders([2, 3], new RandomWalk(), 20_000), 10, 20_000)).toBeGreaterThan(27.88);
  });

  it("counts what a context will start for the one that starts it", () => {
    // The child has 8 steps; its maker, after one step, has 1 left. Uniform: the other's only step is last once in 11.
    const program = {
      setup(x: Parameters<typeof spawning>[0]): void {
        spawning(x);
      },
      atEnd: (x: { current: { name: string } }): void => {
        if (x.current.name === "other") last++;
      },
    };
    let last = 0;
    explore({ program, strategy: new Urw(), seed: SEED, runs: 20_000 }, () => undefined);

    // 20,000/11 is 1818.2, and four standard deviations 162.6.
    expect(Math.abs(last - 20_000 / 11)).toBeLessThan(162.6);
  });
});

/** A context that starts another in its first step, and one with a single step. */
function spawning(x: import("../execution.ts").Execution): void {
  x.spawn("other", function* (): Routine<void> {
    yield* x.pause(Op.Yield);
  });
  x.spawn("maker", function* (): Routine<void> {
    yield* x.pause(Op.Yield);
    x.spawn("child", function* (): Routine<void> {
      for (let i = 0; i < 8; i++) yield* x.pause(Op.Yield);
    });
    yield* x.pause(Op.Yield);
  });
}

describe("SURW", () => {
  it("makes every order of the interesting events equally likely, whatever else there is", () => {
    const counts = new Map<string, number>();
    let order = "";
    const program = {
      setup(x: import("../execution.ts").Execution): void {
        order = "";
        const object = x.register({ label: "shared" });
        const body = (name: string, before: number, events: number) => function* (): Routine<void> {
          for (let i = 0; i < before; i++) yield* x.pause(Op.Yield);
          for (let i = 0; i < events; i++) {
            yield* x.pause(Op.Rmw, object);
            order += name;
          }
        };
        x.spawn("a", body("a", 0, 2));
        x.spawn("b", body("b", 30, 3));
      },
    };
    explore({ program, strategy: new Surw(touching(["shared"])), seed: SEED, runs: 20_000 }, () => {
      counts.set(order, (counts.get(order) ?? 0) + 1);
      return undefined;
    });

    expect(chiSquare(counts, 10, 20_000)).toBeLessThan(27.88);
  });

  it("makes no interleaving impossible", () => {
    const found = orders([2, 2], new Surw(() => true), 2_000);

    expect(found.size).toBe(6);
    expect(orders([2, 2], new Surw(() => false), 2_000).size).toBe(6);
  });
});
