// The reduction misses nothing: whatever order of operations a drawn run shows, it has explored.

import { describe, expect, it } from "vitest";
import { ifnet_array_add, ifnet_array_del, ifnet_array_free, ifnet_lock, ifnet_unlock } from "../model/index.ts";
import { readOutcomes, runOutcome, type ActorRoutine } from "../scenarios/index.ts";
import { Dpor, Recording } from "../sim/index.ts";
import { nothingUnexplored, scenario, unexplored, type Run } from "./test-orders.ts";
import { outcomeTexts } from "./vectors/data.ts";

/** A system whose outcomes are recorded, in which nobody sleeps on a lock. */
const patientSystem = (name: string): Run => {
  const spec = readOutcomes(new Map(outcomeTexts()).get(name) ?? "");
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return (strategy, recording, ready) => runOutcome(spec.system, strategy, recording, ready, true).result;
};

describe("every order that a drawn run shows has been explored", () => {
  it.each([
    ["serializer-contention", scenario("serializer-contention"), 357],
    ["sleep-wakeup", scenario("sleep-wakeup"), 2],
    ["owner-migration", scenario("owner-migration"), 377],
    ["attach-detach-churn", scenario("attach-detach-churn"), 360],
    ["two-senders-ring-full", patientSystem("two-senders-ring-full"), 168],
    ["staged-pair", patientSystem("staged-pair"), 159],
  ] as const)("%s", (_name, run, executions) => {
    expect(unexplored(run, executions, 300)).toEqual(nothingUnexplored(executions));
  });
});

/** The swap of `attach-detach-churn`, of which the old array is freed at once. */
const swapAtOnce: ActorRoutine = function* ({ k, devices }) {
  const { ifp } = devices[0]!;
  yield* ifnet_lock(k);
  const old = k.net.ifnet_array.held;
  const without = yield* ifnet_array_del(k, ifp, old);
  yield* k.net.ifnet_array.store(yield* ifnet_array_add(k, ifp, without));
  yield* ifnet_unlock(k);
  yield* ifnet_array_free(k, without);
  yield* ifnet_array_free(k, old);
};

it("explores a reader that is in the old array when that is freed", () => {
  const search = new Dpor();
  const recording = new Recording();
  const failures = new Set<string | undefined>();
  while (search.begin()) failures.add(scenario("attach-detach-churn", { swap: swapAtOnce })(search, recording, () => undefined).failure?.id);
  expect(failures).toContain("use-after-free");
});
