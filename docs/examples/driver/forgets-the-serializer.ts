// The interrupt is set up without the serializer that skel_txeof relies on.
import { defineDriver, setupInterrupt, type Kernel, type TxRing } from "interlock/model";
import { skel, skel_txeof } from "./skel.ts";

export const forgetsTheSerializer = defineDriver({
  ...skel,
  setupIntr(k: Kernel, ring: TxRing): void {
    setupInterrupt(k, ring, skel_txeof, null);
  },
});
