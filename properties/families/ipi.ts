/** IPIs: first in, first out for each pair of CPUs, and none is lost. */
import type { Eventually, Sometimes } from "../property.ts";

/** IPIs from one CPU to another run in the order they were sent, each once. */
const ipiOrder: Eventually = {
  kind: "eventually",
  name: "ipi-order-per-pair",
  promise: "IPIs from one CPU to another run exactly once, in the order they were sent.",
  holds(world) {
    const next = new Map<string, number>();
    for (const { from, to, actor, n } of world.floods) {
      const flow = `cpu ${String(from)} to cpu ${String(to)} by ${actor}`;
      const expected = next.get(flow) ?? 0;
      if (n !== expected) {
        return [
          ["pair", flow],
          ["expected", `IPI ${String(expected)}`],
          ["got", `IPI ${String(n)}`],
        ];
      }
      next.set(flow, n + 1);
    }
    const sent = world.config.workload.reduce(
      (sum, actor) => sum + (actor.kind === "ipi-flood" ? actor.times : 0),
      0,
    );
    if (world.floods.length === sent) return null;
    return [
      ["expected", `${String(sent)} IPIs ran`],
      ["got", String(world.floods.length)],
    ];
  },
};

/** Some run fills a ring so far that its sender has to wait. */
const ringFills: Sometimes = {
  kind: "sometimes",
  name: "ipi-ring-fills",
  promise: "Some sender of IPIs waits for its ring to drain.",
  scenarios: ["ipi-ring-overflow"],
  watch() {
    // Seen by the IPIs that drain the ring.
  },
  seenAtEnd: (world) => world.floods.some(({ senderWaits }) => senderWaits),
};

/** The family. */
export const IPI = [ipiOrder, ringFills] as const;
