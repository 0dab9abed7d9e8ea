import { describe, expect, it } from "vitest";
import { explore, type Program } from "./explorer.ts";
import { fail } from "./failure.ts";
import { Op } from "./operation.ts";
import type { Choices } from "./recording.ts";
import type { Routine } from "./point.ts";
import { shrink, shrinkRequest, type Attempt } from "./shrink.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { crossedLocks, independent, reorder, twoStage } from "./test-programs.ts";

/** The first failing run of a random walk, shrunk. */
function shrunk(program: Program, budget = 1000): { readonly from: Choices; readonly to: Attempt; readonly runs: number } {
  const found: { choices: Choices; kind: "Violation" | "Stuck"; id: string }[] = [];
  explore({ program, strategy: new RandomWalk(), seed: "shrink", runs: 10_000 }, (run) => {
    if (run.failure === null) return undefined;
    found.push({ choices: run.choices(), kind: run.failure.kind as "Violation", id: run.failure.id });
    return "stop";
  });
  const [first] = found;
  if (first === undefined) throw new Error("nothing failed");
  const request = shrinkRequest(program, first, first.choices, budget);
  if (request === null) throw new Error("the failure does not repeat");
  const { best, runs } = shrink(request);
  return { from: first.choices, to: best, runs };
}

/** Goes wrong when exactly one draw in the middle is 2. */
const drawn: Program = {
  setup(x) {
    for (let i = 0; i < 20; i++) if (x.draw(4) === 2 && i === 10) fail("Violation", "drawn", "It was drawn.");
  },
};

/** Two bystanders around two lines that must cross. */
const noisy: Program = {
  setup(x) {
    independent(10, 10).setup(x);
    reorder(1, 1).setup(x);
  },
};

describe("shrinking", () => {
  it.each<[string, Program, number, number]>([
    // A run of n contexts without any preemption has n switches; each preemption adds up to one more.
    ["crossed locks: one preemption", crossedLocks, 1, 0],
    ["a torn pair of stores: one preemption", reorder(1, 1), 1, 0],
    ["two stages: one preemption", twoStage, 1, 0],
    ["the same before the bystanders: they need not run", noisy, 2, 0],
    ["one draw of twenty", drawn, 0, 1],
  ])("ends at the known minimum (%s)", (_name, program, deviations, draws) => {
    const { to } = shrunk(program);

    expect(to.choices.schedule.length / 2).toBe(deviations);
    // Each of these deviations preempts somebody, but where bystanders are only put behind.
    expect(to.preemptions).toBe(Math.min(deviations, 1));
    expect(to.choices.draws.length / 2).toBe(draws);
  });

  it("gives the same answer again", () => {
    expect(shrunk(noisy).to).toEqual(shrunk(noisy).to);
  });

  it("spends no more runs than it may", () => {
    expect(shrunk(noisy, 5).runs).toBeLessThanOrEqual(5);
    expect(shrunk(noisy, 1).runs).toBe(1);
  });

  it("never gives back a worse run than it got", () => {
    const { from, to } = shrunk(noisy, 10);

    expect(to.choices.schedule.length).toBeLessThanOrEqual(from.schedule.length);
  });

  it("refuses choices that do not fail", () => {
    const nothing: Choices = { schedule: [], draws: [] };

    expect(shrinkRequest(crossedLocks, { kind: "Stuck", id: "deadlock" }, nothing, 10)).toBeNull();
  });

  it("does not mistake another failure for this one", () => {
    const program: Program = {
      setup(x) {
        x.spawn("t", function* (): Routine<void> {
          yield* x.pause(Op.Yield);
          fail("Violation", x.draw(2) === 1 ? "one" : "zero", "It was drawn.");
        });
      },
    };
    const choices: Choices = { schedule: [], draws: [0, 1] };

    const request = shrinkRequest(program, { kind: "Violation", id: "one" }, choices, 9);

    expect(shrink(request!).best.choices).toEqual(choices);
  });
});
