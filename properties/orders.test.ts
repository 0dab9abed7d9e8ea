// The reduction misses nothing: whatever order of operations a drawn run shows, it has explored.

import { describe, expect, it } from "vitest";
import { SCENARIOS, readOutcomes, runOutcome, startWorld } from "../scenarios/index.ts";
import { DEFAULT_LIMITS, Dpor, Pos, Recording, happenedIn, opObject, type Execution, type Strategy } from "../sim/index.ts";
import { opOnlyRead } from "../sim/operation.ts";
import { runOnce } from "./runner.ts";
import { outcomeTexts } from "./vectors/data.ts";

/**
 * The order of the operations on each object, those that only look in any order between two that change it. Sleep queues
 * are left out: there the reduction tells the parts of CPUs apart, which the log does not.
 */
function orderOf(x: Execution): string {
  const counts = new Map<number, number>();
  const orders = new Map<string, string[][]>();
  for (const { context, word, what } of happenedIn(x)) {
    const nth = (counts.get(context) ?? 0) + 1;
    counts.set(context, nth);
    if (opObject(word) === 0 || what.object.startsWith("sleepers")) continue;
    const order = orders.get(what.object) ?? [[]];
    orders.set(what.object, order);
    const each = `${String(context)}.${String(nth)}`;
    if (opOnlyRead(word)) order.at(-1)?.push(each);
    else order.push([each], []);
  }
  return [...orders].map(([object, order]) => `${object}: ${order.map((each) => each.sort().join("+")).join(" ")}`).sort().join("\n");
}

type Run = (strategy: Strategy, recording: Recording, ready: (x: Execution) => void) => unknown;

const scenario = (name: string): Run => {
  const { smallest } = SCENARIOS.find((each) => each.name === name)!;
  return (strategy, recording, ready) =>
    runOnce({ start: (x) => (ready(x), startWorld(x, smallest)), strategy, limits: DEFAULT_LIMITS, recording, properties: [] });
};

/** A system whose outcomes are recorded, in which nobody sleeps on a lock. */
const patientSystem = (name: string): Run => {
  const spec = readOutcomes(new Map(outcomeTexts()).get(name)!);
  if ("unreadable" in spec) throw new Error(spec.unreadable);
  return (strategy, recording, ready) => runOutcome(spec.system, strategy, recording, ready, true);
};

function ordersOf(run: Run, strategy: Strategy, most: number): ReadonlySet<string> {
  const recording = new Recording();
  const orders = new Set<string>();
  for (let nth = 0; nth < most && strategy.begin(`orders/${String(nth)}`); nth++) {
    const started: Execution[] = [];
    run(strategy, recording, (x) => started.push(x));
    orders.add(orderOf(started[0]!));
  }
  return orders;
}

describe("every order that a drawn run shows has been explored", () => {
  it.each([
    ["serializer-contention", scenario("serializer-contention"), 357],
    ["sleep-wakeup", scenario("sleep-wakeup"), 2],
    ["two-senders-ring-full", patientSystem("two-senders-ring-full"), 168],
    ["staged-pair", patientSystem("staged-pair"), 159],
  ] as const)("%s", (_name, run, executions) => {
    const search = new Dpor();
    const explored = ordersOf(run, search, executions + 1);
    expect({ executions: search.executions, exhausted: search.exhausted, covered: search.covered, infeasible: search.infeasible })
      .toEqual({ executions, exhausted: true, covered: 0, infeasible: 0 });
    expect([...ordersOf(run, new Pos(), 300)].filter((order) => !explored.has(order))).toEqual([]);
  });
});
