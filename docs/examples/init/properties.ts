// What skel promises besides everything that is checked anyway.
import { defineProperty } from "interlock";
import { subqueues } from "interlock/properties";

export const cardIsTold = defineProperty({
  kind: "eventually",
  name: "card-is-told",
  promise: "Once the system is quiet, the card has been told of every packet on its ring.",
  holds(world) {
    for (const { ifsq, ring: { hw } } of subqueues(world)) {
      const filled = hw.filled.peek();
      if (filled === hw.tail) continue;
      return [["where", ifsq.label], ["slots filled", String(filled)], ["card knows of", String(hw.tail)]];
    }
    return null;
  },
});
