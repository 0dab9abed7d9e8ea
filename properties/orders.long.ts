// As in the short test, for what takes longer.

import { describe, expect, it } from "vitest";
import { executionsOf, nothingUnexplored, scenario, unexplored } from "./test-orders.ts";

describe("every order that a drawn run shows has been explored", () => {
  it.each(executionsOf("several-senders-one-subqueue", "ring-full"))("%s", (name, executions) => {
    expect(unexplored(scenario(name), executions, 2000)).toEqual(nothingUnexplored(executions));
  });
});
