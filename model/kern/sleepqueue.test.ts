// The reduction tells the parts of a sleep queue apart: it has to find whatever all schedules find.

import { describe, expect, it } from "vitest";
import type { Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup, wakeup_mycpu, wakeup_one } from "./kern_synch.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { allOutcomes, reducedOutcomes } from "./test-kernel.ts";

const IDENT = { label: "ident" };
const OTHER = { label: "other" };

/** What a thread does: queues itself, sleeps where queued, sleeps, wakes all, one, those of its CPU; on another ident: `o`, `e`. */
function* act(k: Kernel, what: string): Routine<void> {
  if (what === "q") yield* tsleep_interlock(k, IDENT, 0);
  else if (what === "s") yield* tsleep(k, IDENT, PINTERLOCKED, "wait", 0);
  else if (what === "o") yield* tsleep_interlock(k, OTHER, 0);
  else if (what === "e") yield* wakeup(k, OTHER);
  else if (what === "S") yield* tsleep(k, IDENT, 0, "wait", 0);
  else if (what === "w") yield* wakeup(k, IDENT);
  else if (what === "1") yield* wakeup_one(k, IDENT);
  else yield* wakeup_mycpu(k, IDENT);
}

/** Threads by their CPU and acts, such as `0 qs`; an outcome has how far each came, and who is queued. */
const play = (...threads: readonly string[]) => (k: Kernel) => {
  for (const [i, text] of threads.entries()) {
    const [cpu = "", acts = ""] = text.split(" ");
    spawnThread(k, `t${String(i)}`, Number(cpu), function* () {
      for (const what of acts) yield* act(k, what);
    });
  }
  return () => `all done, ${String(k.sleepQueues.of(IDENT).cpumask)}`;
};

const runs = (outcomes: ReadonlyMap<string, number>): number => [...outcomes.values()].reduce((sum, each) => sum + each, 0);

it("takes a run for each order of wakeup and queueing that there is", () => {
  expect(runs(reducedOutcomes(play("0 qs", "1 qs", "2 w"), { ncpus: 3 }))).toBe(9); // each of two: queued behind it, or before, and woken before it sleeps, or asleep
});

describe("the reduction finds what all schedules find, in fewer runs", () => {
  it.each([
    [["0 qs", "1 1m"]],
    [["0 qs", "0 m", "1 w"]],
    [["0 q", "1 q1"]],
    [["0 qs", "1 qs", "2 w"]],
    [["0 qs", "1 Sw", "0 1"]],
    [["0 qs", "1 q1", "2 1"]],
    [["0 qsw", "1 qs1", "0 w"]],
    [["0 qqs", "0 qs", "1 w1"]],
    [["0 qos", "1 ew"]],
  ])("%j", (threads) => {
    const all = allOutcomes(play(...threads), { ncpus: 3 });
    const reduced = reducedOutcomes(play(...threads), { ncpus: 3 });

    expect([...reduced.keys()].sort()).toEqual([...all.keys()].sort());
    expect(runs(reduced)).toBeLessThan(runs(all));
  });
});
