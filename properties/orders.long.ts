// As in the short test, for what takes longer.

import { describe, expect, it } from "vitest";
import { nothingUnexplored, scenario, unexplored } from "./test-orders.ts";

describe("every order that a drawn run shows has been explored", () => {
  it.each([
    ["several-senders-one-subqueue", scenario("several-senders-one-subqueue"), 10_386],
    ["ring-full", scenario("ring-full"), 11_305],
  ] as const)("%s", (_name, run, executions) => {
    expect(unexplored(run, executions, 2000)).toEqual(nothingUnexplored(executions));
  });
});
