/** XNU's loopback interface: what becomes of packets between the sender and the protocol. */
import {
  LOOPBACK_CSUM,
  type ServiceClass,
  type XnuMbuf,
} from "../../model/index.ts";
import { loopbackOf, type LoopbackRun, type LoopbackSent, type World } from "../../scenarios/index.ts";
import type { Always, Eventually, Sometimes } from "../property.ts";
import { watchLock } from "../view.ts";

const system = "xnu";

/** A packet that waits in the send queue. */
export interface Waiting {
  readonly sc: ServiceClass;
  readonly m: XnuMbuf;
}

/** What waits in the send queue of an interface; nothing where it has none. */
export const waitingIn = ({ ifp }: LoopbackRun): readonly Waiting[] => ifp.if_snd.ifcq_disc.peek()?.waiting() ?? [];

const timesIn = (numbers: readonly number[], id: number): number => numbers.filter((each) => each === id).length;

/** Every packet has one end. */
const endsOnce: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-ends-once",
  promise: "Every packet sent over the loopback interface is delivered once, or freed once, or still queued.",
  holds(world) {
    const run = loopbackOf(world);
    const { delivered, mbufs } = run.xnu;
    const up = delivered.map(({ m }) => m.id);
    const queued = waitingIn(run).map(({ m }) => m.id);
    for (const { id, sender } of run.sent) {
      const ends = [timesIn(up, id), timesIn(mbufs.freed, id), timesIn(queued, id)];
      if (ends.reduce((sum, n) => sum + n, 0) === 1) continue;
      return [
        ["packet", `${String(id)} of ${sender}`],
        ["expected", "one end"],
        ["got", `delivered ${String(ends[0])}, freed ${String(ends[1])}, queued ${String(ends[2])}`],
      ];
    }
    return null;
  },
};

const isWhole = (sent: LoopbackSent, m: XnuMbuf, family: string): boolean => {
  const { len, csum_flags, csum_data, pkt_svc } = m.m_pkthdr;
  return len === sent.len && csum_flags === LOOPBACK_CSUM && csum_data === 0xffff && family === sent.family
    && m.m_nextpkt === null && (pkt_svc === sent.sc || pkt_svc === "BE");
};

/** Nothing of a packet changes on the way. */
const arrivesWhole: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-arrives-whole",
  promise: "A packet is delivered to the family it was sent to, as long as it was sent, alone, and with its checksums declared right.",
  holds(world) {
    const { sent, xnu } = loopbackOf(world);
    for (const { m, family } of xnu.delivered) {
      const one = sent.find(({ id }) => id === m.id);
      if (one !== undefined && isWhole(one, m, family)) continue;
      const { len, csum_flags, csum_data } = m.m_pkthdr;
      return [
        ["packet", String(m.id)],
        ["expected", one === undefined ? "a packet that was sent" : `${one.family}, ${String(one.len)} bytes, one packet`],
        ["got", `${family}, ${String(len)} bytes, followed by ${m.m_nextpkt?.label ?? "nothing"}`],
        ["csum_flags, csum_data", `0x${csum_flags.toString(16)}, 0x${csum_data.toString(16)}`],
      ];
    }
    return null;
  },
};

/** Packets of a flow keep their order. */
const keepsOrder: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-keeps-order",
  promise: "Packets of one sender, one flow and one class are delivered in the order they were sent.",
  holds(world) {
    const { sent, xnu } = loopbackOf(world);
    const last = new Map<string, number>();
    for (const { m } of xnu.delivered) {
      const place = sent.findIndex(({ id }) => id === m.id);
      const one = sent[place];
      if (one === undefined) continue;
      const flow = `flow ${String(one.flow)}, class ${one.sc}, of ${one.sender}`;
      if (place < (last.get(flow) ?? -1)) {
        return [
          ["flow", flow],
          ["expected", `packet ${String(one.id)} earlier`],
          ["got", xnu.delivered.map((each) => String(each.m.id)).join(" ")],
        ];
      }
      last.set(flow, place);
    }
    return null;
  },
};

/** Packets and buffers add up, and so does what the queue says of itself. */
const conserved: Always = {
  kind: "always",
  system,
  name: "loopback-queue-counts",
  promise: "Whenever the lock of the send queue is free, its length and its bytes are those of the packets in it, within its limit.",
  watch(world, evaluate) {
    watchLock(loopbackOf(world).ifp.if_snd.ifcq_lock, evaluate);
  },
  holds(world) {
    const run = loopbackOf(world);
    const { if_snd } = run.ifp;
    const queued = waitingIn(run);
    const bytes = queued.reduce((sum, { m }) => sum + m.m_pkthdr.len, 0);
    const [len, said] = [if_snd.ifcq_len.peek(), if_snd.ifcq_bytes.peek()];
    const limit = run.settings.fqCodel ? run.settings.dropLimit : Infinity;
    if (queued.length === len && bytes === said && len <= limit) return null;
    return [
      ["ifcq_len", `${String(len)}, ${String(said)} bytes, limit ${String(limit)}`],
      ["queued", `${String(queued.length)} packets, ${String(bytes)} bytes`],
    ];
  },
};

/** Nothing is allocated that nobody has. */
const returned: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-returns-memory",
  promise: "Once the system is quiet, buffers are alive only of packets that were delivered or wait, and flows only of those that wait.",
  holds(world) {
    const run = loopbackOf(world);
    const { xnu } = run;
    const kept = new Set([...xnu.delivered.map(({ m }) => m), ...waitingIn(run).map(({ m }) => m)]);
    const lost = [...xnu.mbufs.live].find((m) => !kept.has(m));
    if (lost !== undefined) return [["never freed", lost.label], ["owner", lost.owner]];
    const heads = new Set([...kept].map(({ id }) => id));
    const behind = [...xnu.mbufs.behind].find(({ id }) => !heads.has(id));
    if (behind !== undefined) return [["never freed", `a buffer of ${behind.label}`]];
    if (!run.ifp.torndown || xnu.zones.live.size === 0) return null;
    return [["never freed", [...xnu.zones.live.keys()].map(({ label }) => label).join(", ")]];
  },
};

/** What the interface counts is what passed. */
const statistics: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-statistics",
  promise: "Once the system is quiet, packets and bytes in and out of the interface are those handed to the input side.",
  holds(world) {
    const { xnu, ifp, settings } = loopbackOf(world);
    const taken = xnu.handedIn;
    const header = settings.txstart ? 0 : 4;
    const expected = [taken.length, taken.reduce((sum, len) => sum + len + header, 0)];
    const got = [ifp.ifi_ipackets.peek(), ifp.ifi_ibytes.peek(), ifp.ifi_opackets.peek(), ifp.ifi_obytes.peek()];
    if (got.join() === [...expected, ...expected].join()) return null;
    return [
      ["expected", `packets ${String(expected[0])}, bytes ${String(expected[1])}, in and out`],
      ["got", got.join(", ")],
    ];
  },
};

/** Who listens gets each packet once at most. */
const tapped: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-taps-once",
  promise: "A listener of the packet filter is given every packet once at most, with its family.",
  holds(world) {
    const { sent, xnu, returned: calls } = loopbackOf(world);
    const most = calls.filter(({ op }) => op === "listen").length;
    const copies = xnu.bpf.copies.map(({ id }) => id);
    for (const { id, family } of xnu.bpf.copies) {
      const one = sent.find((each) => each.id === id);
      if (one?.family === family && timesIn(copies, id) <= most) continue;
      return [
        ["packet", String(id)],
        ["expected", `${one?.family ?? "a packet that was sent"}, at most ${String(most)} copies`],
        ["got", `${family}, ${String(timesIn(copies, id))} copies`],
      ];
    }
    return null;
  },
};

/** Who asked to be told is told. */
const completes: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-completes-once",
  promise: "Whoever asks for the completion of a packet is told once, with the interface if it was sent and without if it was freed.",
  holds(world) {
    const run = loopbackOf(world);
    const { completions, delivered } = run.xnu;
    const queued = new Set(waitingIn(run).map(({ m }) => m.id));
    const up = new Set(delivered.map(({ m }) => m.id));
    for (const { id, sender, complete } of run.sent) {
      const told = completions.filter(({ context }) => context === id);
      const expected = complete && !queued.has(id) ? 1 : 0;
      const right = told.length === expected && told.every(({ ifp, status }) => !up.has(id) || (ifp !== null && status === 0));
      if (right) continue;
      return [
        ["packet", `${String(id)} of ${sender}, ${up.has(id) ? "delivered" : "not delivered"}`],
        ["expected", `${String(expected)} completions`],
        ["got", told.map(({ ifp }) => ifp?.if_xname ?? "freed").join(", ") || "none"],
      ];
    }
    return null;
  },
};

const reaches = (name: string, promise: string, scenarios: readonly string[], seen: (world: World) => boolean): Sometimes => ({
  kind: "sometimes",
  system,
  name,
  promise,
  scenarios,
  watch() {
    // What the run has left behind says it.
  },
  seenAtEnd: seen,
});

/** The queue refuses packets, so that conservation counts more than deliveries. */
const drops = reaches("loopback-drops", "Some packet is dropped because its queue is full.", ["loopback-overload"], (world) =>
  loopbackOf(world).settings.fqCodel && loopbackOf(world).xnu.mbufs.freed.length > 0);

/** A flow is told to wait, and told to go on. */
const advises = reaches("loopback-advises", "Some flow that was late is told that it may go on.", ["loopback-late-flows"], (world) =>
  loopbackOf(world).xnu.advised.length > 0);

/** The family. */
export const LOOPBACK = [
  endsOnce, arrivesWhole, keepsOrder, conserved, returned, statistics, tapped, completes, drops, advises,
] as const;
