/** Conservation of packets: none is lost, none is counted twice. Ownership itself is checked on every move. */
import type { Always, Eventually, Sometimes } from "../property.ts";
import { subqueues, waiting, watchSubqueueLocks } from "../view.ts";

/** Every packet ever made is freed, in a queue, or on a ring. */
export const mbufsAreConserved: Eventually = {
  kind: "eventually",
  name: "mbufs-are-conserved",
  promise: "Packets made equal packets freed, queued and on a ring once the system is quiet.",
  holds(world) {
    let queued = 0;
    let onRings = 0;
    for (const { ifsq, ring } of subqueues(world)) {
      queued += waiting(ifsq).length;
      onRings += ring.filled.peek() - ring.cleaned.peek();
    }
    const { made, freed } = world.k.mbufs;
    if (made === freed + queued + onRings) return null;
    return [
      ["expected", `made ${String(made)} = freed + queued + on rings`],
      ["got", `freed ${String(freed)}, queued ${String(queued)}, on rings ${String(onRings)}`],
    ];
  },
};

/** No packet stands in two places of the send queues. */
export const onePlace: Always = {
  kind: "always",
  name: "mbuf-in-one-place",
  promise: "A packet is in at most one place of the send queues and rings.",
  watch: watchSubqueueLocks,
  holds(world) {
    const seen = new Set<unknown>();
    for (const { ifsq, ring } of subqueues(world)) {
      if (ifsq.ifsq_lock.owner !== null) continue;
      const onRing = ring.slots.map((slot) => slot.peek()).filter((m) => m !== null);
      for (const m of [...waiting(ifsq), ...onRing]) {
        if (seen.has(m)) return [["packet", m.label]];
        seen.add(m);
      }
    }
    return null;
  },
};

/** Some run drops a packet, so that conservation counts more than sends. */
export const packetsAreDropped: Sometimes = {
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
export const MBUF_CONSERVATION = [mbufsAreConserved, onePlace, packetsAreDropped] as const;
