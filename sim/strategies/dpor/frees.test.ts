// A free is no operation, and names nothing: what is freed says so itself, or orders would be missed.

import { expect, it } from "vitest";
import type { Program } from "../../explorer.ts";
import { Struct, atomic, frozen } from "../../memory.ts";
import { Op } from "../../operation.ts";
import type { Routine } from "../../point.ts";
import { REDUCTIONS, count } from "../test-count.ts";

class Node extends Struct {
  readonly size = frozen(this, 1);
  readonly users = atomic(this, 0);
}

/** One thread looks at a node, another frees it. */
const freed = (memory: Program["memory"], look: (node: Node) => Routine<void>): Program => ({
  memory,
  setup(x) {
    const node = new Node(x, "node");
    x.allocated(node);
    x.spawn("looks", () => look(node));
    x.spawn("frees", function* () {
      yield* x.pause(Op.Yield);
      node.bury({ label: "node", facts: [] });
    });
  },
});

it.each([
  ["a word", "sc"],
  ["a field without points", "sc"],
  ["a field without points", "pso"],
] as const)("is ordered with a look at %s (%s)", (field, memory) => {
  const program = freed(memory, function* (node) {
    if (field === "a word") yield* node.users.load();
    else {
      yield* node.x.pause(Op.Yield);
      node.size.fixed.toFixed();
    }
  });

  for (const reduction of REDUCTIONS) expect(count(program, reduction)).toMatchObject({ traces: 2, covered: 0, infeasible: 0, failed: 1 });
});
