// As in the short test, for what takes longer.

import { expect, it } from "vitest";
import { executionsOf } from "../../properties/test-orders.ts";
import { loadPointed } from "./test-guarded.ts";

it.each(executionsOf("several-senders-one-subqueue", "ring-full"))("%s: %i executions with a point before guarded accesses or without, and the same outcomes", async (name, executions) => {
  const [without, points] = (await loadPointed({ pointed: 0, plain: 0 })).map((bundle) => bundle.scenario(name));
  expect(without).toMatchObject({ executions, covered: 0, infeasible: 0 });
  expect(points).toMatchObject({ executions, covered: 0, infeasible: 0, outcomes: without?.outcomes });
  expect(points?.depthMax).toBeGreaterThan(without?.depthMax ?? 0);
});
