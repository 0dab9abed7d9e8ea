/** Conservation of packets: none is lost, none is counted twice. Ownership itself is checked on every move. */
import type { Eventually, Sometimes } from "../property.ts";
import { tunQueues } from "./tun-view.ts";
import { subqueues, waiting, watchSubqueueLocks } from "../view.ts";

/** Every packet ever made is freed, in a queue, or on a ring. */
const mbufsAreConserved: Eventually = {
  kind: "eventually",
  name: "mbufs-are-conserved",
  promise: "Packets made equal packets freed, queued and on a ring once the system is quiet.",
  holds(world) {
    let queued = 0;
    let onRings = 0;
    const places = new Set<string>();
    for (const { ifsq, ring } of subqueues(world)) {
      places.add(ifsq.label).add(ring.label);
      queued += waiting(ifsq).length;
      onRings += ring.hw.usedNow;
    }
    for (const [place, packets] of tunQueues(world)) {
      places.add(place);
      queued += packets;
    }
    const { made, freed } = world.k.mbufs;
    if (made === freed + queued + onRings) return null;
    const lost = [...world.k.mbufs.byOwner().keys()].filter((owner) => !places.has(owner));
    return [
      ["expected", `made ${String(made)} = freed + queued + on rings`],
      ["got", `freed ${String(freed)}, queued ${String(queued)}, on rings ${String(onRings)}`],
      ...lost.map((owner) => ["lost with", owner] as const),
    ];
  },
};

/** Some run drops a packet, so that conservation counts more than sends. */
const packetsAreDropped: Sometimes = {
  kind: "sometimes",
  name: "packets-are-dropped",
  promise: "Some packet is dropped because its queue is full.",
  scenarios: ["queue-overflow"],
  watch(world, reached) {
    watchSubqueueLocks(world, () => {
      if (world.sent.some(({ error }) => error !== null && error !== 0)) reached();
    });
  },
};

/** The family. */
export const MBUF_CONSERVATION = [mbufsAreConserved, packetsAreDropped] as const;
