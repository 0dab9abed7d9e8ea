/** Statistics equal what happened. */
import { statTotal, type Device } from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import type { Eventually } from "../property.ts";

interface Counted {
  readonly obytes: number;
  readonly omcasts: number;
  readonly opackets: number;
}

function happened(world: World, device: Device): Counted {
  const accepted = world.sent.filter((sent) => sent.device === device && sent.error === 0);
  return {
    obytes: accepted.reduce((sum, { len }) => sum + len, 0),
    omcasts: accepted.filter(({ mcast }) => mcast).length,
    opackets: device.rings.reduce((sum, ring) => sum + ring.hw.taken.length, 0),
  };
}

/** The counters of an interface count what was accepted and what was put on a ring. */
const statisticsAgree: Eventually = {
  kind: "eventually",
  name: "statistics-agree",
  promise: "obytes, omcasts and opackets equal what was accepted and what was put on a ring.",
  holds(world) {
    // The kernel has sent packets of its own.
    if (world.k.net.arpPackets !== 0) return null;
    for (const device of world.devices) {
      if (world.detached.has(device)) continue;
      const expected = happened(world, device);
      for (const name of ["obytes", "omcasts", "opackets"] as const) {
        const got = statTotal(device.ifp, name);
        if (got === expected[name]) continue;
        return [
          ["where", `${device.ifp.if_xname} ${name}`],
          ["expected", String(expected[name])],
          ["got", String(got)],
        ];
      }
    }
    return null;
  },
};

/** The family. */
export const STATISTICS = [statisticsAgree] as const;
