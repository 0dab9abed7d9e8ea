// The reduction misses nothing: whatever order of operations a drawn run shows, it has explored.

import { describe, expect, it } from "vitest";
import { ifnet_array_free } from "../model/index.ts";
import { readOutcomes, replaceArray, runOutcome, type ActorRoutine } from "../scenarios/index.ts";
import { Dpor, Recording } from "../sim/index.ts";
import { executionsOf, nothingUnexplored, scenario, unexplored, type Run } from "./test-orders.ts";
import { outcomeTexts } from "./vectors/data.ts";

/** A system whose outcomes are recorded, in which nobody sleeps on a lock. */
const patientSystem = (name: string): Run => {
  const spec = readOutcomes(new Map(outcomeTexts()).get(name) ?? "");
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return (strategy, recording, ready) => runOutcome(spec.system, strategy, recording, ready, true).result;
};

describe("every order that a drawn run shows has been explored", () => {
  it.each([
    ...executionsOf("serializer-contention", "sleep-wakeup", "owner-migration", "attach-detach-churn").map(([name, executions]) => [name, scenario(name), executions] as const),
    ["two-senders-ring-full", patientSystem("two-senders-ring-full"), 168],
    ["staged-pair", patientSystem("staged-pair"), 159],
  ] as const)("%s", (_name, run, executions) => {
    expect(unexplored(run, executions, 300)).toEqual(nothingUnexplored(executions));
  });
});

/** The swap of `attach-detach-churn`, of which the old array is freed at once. */
const swapAtOnce: ActorRoutine = function* ({ k, devices }) {
  yield* ifnet_array_free(k, yield* replaceArray(k, devices[0]!.ifp));
};

it("explores a reader that is in the old array when that is freed", () => {
  const search = new Dpor();
  const recording = new Recording();
  const failures = new Set<string | undefined>();
  while (search.begin()) failures.add(scenario("attach-detach-churn", { swap: swapAtOnce })(search, recording, () => undefined).failure?.id);
  expect(failures).toContain("use-after-free");
});
