/** The card of recorded behaviour: it takes packets, and its completions are made by hand. */
import { NO_CARD_FAULTS, type DeviceOptions } from "../../model/index.ts";

/** A card without watchdogs and faults whose completions whoever drives it makes. */
export function handDriven(
  options: Pick<DeviceOptions, "subqs" | "ringSize" | "startBudget" | "mtu" | "queue" | "owners">,
): DeviceOptions {
  return {
    ...options,
    unit: 0,
    polling: null,
    interruptCpus: [],
    serializers: options.subqs > 1 ? "per-ring" : "single",
    completions: "by-hand",
    watchdog: { of: "subqueue", seconds: 0 },
    faults: NO_CARD_FAULTS,
  };
}
