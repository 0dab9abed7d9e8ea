/** The card of recorded behaviour: it takes packets, and its completions are made by hand. */
import { NO_NIC_FAULTS, type NicOptions } from "../../model/index.ts";

/** A card without watchdogs and faults whose completions whoever drives it makes. */
export function handDrivenNic(
  options: Pick<NicOptions, "subqs" | "ringSize" | "startBudget" | "mtu" | "queue" | "owners">,
): NicOptions {
  return {
    ...options,
    name: "em",
    unit: 0,
    polling: null,
    interruptCpus: [],
    serializers: options.subqs > 1 ? "per-ring" : "single",
    completions: "by-hand",
    watchdog: { of: "subqueue", seconds: 0 },
    faults: NO_NIC_FAULTS,
  };
}
