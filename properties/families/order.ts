/** Order: within a sender and a class of priority, packets leave in the order they came. */
import type { Always } from "../property.ts";
import { subqueues, watchHardwareSerializers } from "../view.ts";

/** Packets of one sender and one class reach their ring in the order the sender handed them over. */
const orderWithinClass: Always = {
  kind: "always",
  name: "order-within-class",
  promise: "Packets of one sender and one priority class reach the ring in the order they were sent.",
  watch: watchHardwareSerializers,
  holds(world) {
    const place = new Map(world.sent.map((sent, index) => [sent.id, { sent, index }]));
    for (const { ring } of subqueues(world)) {
      const last = new Map<string, number>();
      for (const m of ring.hw.taken) {
        const found = place.get(m.id);
        if (found === undefined) continue;
        const { sent, index } = found;
        const flow = `${sent.sender} on cpu ${String(sent.cpu)}, ${sent.prio ? "M_PRIO" : "normal"}`;
        const before = last.get(flow) ?? -1;
        if (index < before) {
          return [
            ["ring", ring.label],
            ["flow", flow],
            ["expected", `packet ${String(sent.id)} before those already on the ring`],
            ["got", ring.hw.taken.map(({ id }) => String(id)).join(" ")],
          ];
        }
        last.set(flow, index);
      }
    }
    return null;
  },
};

/** The family. */
export const ORDER = [orderWithinClass] as const;
