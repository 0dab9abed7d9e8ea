/** Statistics equal what happened. */
import { statTotal, type Nic } from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import type { Eventually } from "../property.ts";

interface Counted {
  readonly obytes: number;
  readonly omcasts: number;
  readonly opackets: number;
}

function happened(world: World, nic: Nic): Counted {
  const accepted = world.sent.filter((sent) => sent.nic === nic && sent.error === 0);
  return {
    obytes: accepted.reduce((sum, { len }) => sum + len, 0),
    omcasts: accepted.filter(({ mcast }) => mcast).length,
    opackets: nic.rings.reduce((sum, ring) => sum + ring.taken.length, 0),
  };
}

/** The counters of an interface count what was accepted and what was put on a ring. */
const statisticsAgree: Eventually = {
  kind: "eventually",
  name: "statistics-agree",
  promise: "obytes, omcasts and opackets equal what was accepted and what was put on a ring.",
  holds(world) {
    for (const nic of world.nics) {
      if (world.detached.has(nic)) continue;
      const expected = happened(world, nic);
      for (const name of ["obytes", "omcasts", "opackets"] as const) {
        const got = statTotal(nic.ifp, name);
        if (got === expected[name]) continue;
        return [
          ["where", `${nic.ifp.if_xname} ${name}`],
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
