/**
 * Queue limits: how many packets and bytes a subqueue may hold, and that its counters say so.
 *
 * The packet bound is `ifsq_maxlen`, plus one while a packet is prepended: `ifsq_classic_enqueue` adds a packet only below
 * the limit, and at the limit only after it dropped one.
 *
 * The byte bound is not `ifsq_maxbcnt`. Let M be `ifsq_maxbcnt`, m `ifsq_maxlen`, L the longest packet, l the shortest, B the
 * bytes of both lanes, P and N those of the high-priority and the normal lane.
 *   1. An ordinary enqueue needs B < M before, so B <= M - 1 + L after; and at most m packets are there, so B <= m*L.
 *   2. The drop-head path (queue full, packet has M_PRIO) needs P < floor(M/2) before, so P <= floor(M/2) - 1 + L after; it
 *      takes at least l bytes and one packet from the normal lane.
 *   3. Look at the last ordinary enqueue: by 1 it left P1 + N1 <= M - 1 + L, in at most m packets. Since then only drop-heads
 *      added bytes, say j of them, each adding at most L to P and taking a packet of at least l from N; removals only lower both
 *      lanes. So now N <= min(M - 1 + L - P1 - j*l, (m - j)*L - P1), the latter since P1 is made of packets of at most L, and by 2
 *      P <= min(P1 + j*L, floor(M/2) - 1 + L) if j > 0. Their sum is largest for P1 = 0:
 *      B <= min(M - 1 + L - j*l, (m - j)*L) + min(j*L, floor(M/2) - 1 + L).
 *   4. A drop-head needs fewer than floor(m/2) packets in P before, so j <= floor(m/2); and fewer than floor(M/2) bytes, so there
 *      is none if that is 0.
 * The bound is the largest of 3 over these j; j = 0 is the ordinary bound, min(M - 1 + L, m*L), and the only one without packets
 * of high priority. It is reached exactly when the lengths in between exist (the test says where, by trying all sequences).
 * A prepended packet adds its own length.
 */
import { MCLBYTES, queuedPackets } from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import { PerRun } from "../per-run.ts";
import type { Always, Sometimes } from "../property.ts";
import { bytes, subqueues, waiting, watchLock, watchSubqueueLocks, type Subqueue } from "../view.ts";

/** What the byte bound depends on. Lengths in bytes. */
export interface ByteLimits {
  readonly maxlen: number;
  readonly maxbcnt: number;
  readonly longest: number;
  readonly shortest: number;
  readonly anyPrio: boolean;
}

/** The most bytes a subqueue can hold: see the proof above. */
export function byteBound({ maxlen, maxbcnt, longest, shortest, anyPrio }: ByteLimits): number {
  const ordinary = maxbcnt - 1 + longest;
  const prioShare = Math.floor(maxbcnt / 2);
  const dropsMost = anyPrio && prioShare > 0 ? Math.floor(maxlen / 2) : 0;
  let most = Math.min(ordinary, maxlen * longest);
  for (let j = 1; j <= dropsMost; j++) {
    const normal = Math.min(ordinary - j * shortest, (maxlen - j) * longest);
    most = Math.max(most, normal + Math.min(j * longest, prioShare - 1 + longest));
  }
  return most;
}

type PacketKinds = Pick<ByteLimits, "longest" | "shortest" | "anyPrio">;

/** Bytes of a gratuitous ARP. */
const ARP_LENGTH = 42;

/** What a workload sends. */
function packetKinds({ config }: World): PacketKinds {
  const packets = config.workload.flatMap((actor) => ("packets" in actor ? actor.packets : []));
  // Who gives an interface another address has the kernel tell the neighbours.
  const own = config.workload.some(({ kind }) => kind === "ioctl") ? [ARP_LENGTH] : [];
  const lengths = [...packets.map(({ len }) => len), ...own];
  return {
    longest: Math.max(0, ...lengths),
    shortest: Math.min(Infinity, ...lengths),
    anyPrio: packets.some(({ prio }) => prio),
  };
}

const kinds = new PerRun<PacketKinds>();

function limitsOf(world: World, { ifsq }: Subqueue): ByteLimits {
  const maxlen = ifsq.ifsq_maxlen.peek();
  return { maxlen, maxbcnt: maxlen * MCLBYTES, ...(kinds.get(world) ?? packetKinds(world)) };
}

/** At most `ifsq_maxlen` packets wait. */
const packetLimit: Always = {
  kind: "always",
  name: "queue-packet-limit",
  promise: "A subqueue never holds more packets than ifsq_maxlen, plus one that was put back.",
  watch: watchSubqueueLocks,
  holds(world) {
    for (const { ifsq } of subqueues(world)) {
      const { prepended } = queuedPackets(ifsq);
      const most = ifsq.ifsq_maxlen.peek() + (prepended === null ? 0 : 1);
      const len = ifsq.ifsq_len.peek();
      if (len > most) {
        return [
          ["where", ifsq.label],
          ["expected", `ifsq_len <= ${String(most)}`],
          ["got", String(len)],
        ];
      }
    }
    return null;
  },
};

/** At most the derived bound of bytes waits. */
const byteLimit: Always = {
  kind: "always",
  name: "queue-byte-limit",
  promise: "A subqueue never holds more bytes than its limits and the high-priority lane allow.",
  watch(world, evaluate) {
    kinds.set(world, packetKinds(world));
    watchSubqueueLocks(world, evaluate);
  },
  holds(world) {
    for (const subqueue of subqueues(world)) {
      const { ifsq } = subqueue;
      const { prepended } = queuedPackets(ifsq);
      const putBack = prepended === null ? 0 : prepended.m_pkthdr.len;
      const most = byteBound(limitsOf(world, subqueue)) + putBack;
      const bcnt = ifsq.ifsq_bcnt.peek();
      if (bcnt > most) {
        return [
          ["where", ifsq.label],
          ["expected", `ifsq_bcnt <= ${String(most)}`],
          ["got", String(bcnt)],
        ];
      }
    }
    return null;
  },
};

/** The counters of a subqueue count what is in it. */
const countersAgree: Always = {
  kind: "always",
  name: "queue-counters-agree",
  promise: "ifsq_len, ifsq_bcnt and their high-priority shares equal what the lanes hold.",
  watch: watchSubqueueLocks,
  holds(world) {
    for (const { ifsq } of subqueues(world)) {
      if (ifsq.ifsq_lock.owner !== null) continue;
      const { prio } = queuedPackets(ifsq);
      const all = waiting(ifsq);
      const expected = [all.length, bytes(all), prio.length, bytes(prio)];
      const cells = [ifsq.ifsq_len, ifsq.ifsq_bcnt, ifsq.ifsq_prio_len, ifsq.ifsq_prio_bcnt];
      if (cells.some((cell, i) => cell.peek() !== expected[i])) {
        return [
          ["where", ifsq.label],
          ["counters", "ifsq_len ifsq_bcnt ifsq_prio_len ifsq_prio_bcnt"],
          ["expected", expected.join(" ")],
          ["got", cells.map((cell) => String(cell.peek())).join(" ")],
        ];
      }
    }
    return null;
  },
};

/** Some run fills a queue: otherwise the limits were never at stake. */
const queueFills: Sometimes = {
  kind: "sometimes",
  name: "queue-fills",
  promise: "Some subqueue holds ifsq_maxlen packets.",
  scenarios: ["queue-overflow"],
  watch(world, reached) {
    watchSubqueueLocks(world, () => {
      for (const { ifsq } of subqueues(world)) {
        if (ifsq.ifsq_len.peek() >= ifsq.ifsq_maxlen.peek()) reached();
      }
    });
  },
};

/** Some run drops a packet from the head of the normal lane for one of high priority. */
const headDrops: Sometimes = {
  kind: "sometimes",
  name: "queue-drops-head",
  promise: "A full subqueue drops the head of its normal lane for a packet of high priority.",
  scenarios: ["queue-overflow"],
  watch(world, reached) {
    // One critical section that leaves a full queue full, with one packet more of high priority in it.
    for (const { ifsq } of subqueues(world)) {
      const look = (): { full: boolean; prio: number } => ({
        full: ifsq.ifsq_len.peek() >= ifsq.ifsq_maxlen.peek(),
        prio: ifsq.ifsq_prio_len.peek(),
      });
      let before = look();
      watchLock(ifsq.ifsq_lock, () => {
        const after = look();
        if (before.full && after.full && after.prio > before.prio) reached();
        before = after;
      });
    }
  },
};

/** The family. */
export const QUEUE_LIMITS = [packetLimit, byteLimit, countersAgree, queueFills, headDrops] as const;
