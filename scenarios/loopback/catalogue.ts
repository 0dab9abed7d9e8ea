/** Situations of XNU's loopback interface. */
import { NO_FAULTS, PLAIN, type Config, type FaultConfig, type TopologyConfig } from "../config.ts";
import type { Scenario } from "../scenario.ts";
import { XNU, type LoopbackActor, type LoopbackOp, type LoopbackPacket, type XnuTopology } from "./config.ts";

const PACKET: LoopbackPacket = {
  len: 100, sc: "BE", flow: 1, tcp: false, complete: false, mcast: false, leading: true,
};

const packet = (differs: Partial<LoopbackPacket> = {}): LoopbackPacket => ({ ...PACKET, ...differs });

type Send = Extract<LoopbackOp, { do: "send" }>;

const send = (packets: readonly LoopbackPacket[], differs: Partial<Send> = {}): Send =>
  ({ do: "send", family: "inet", route: "up", packets, ...differs });

const thread = (cpu: number, ...ops: readonly LoopbackOp[]): LoopbackActor => ({ kind: "loopback", cpu, ops });

const on = (xnu: Partial<XnuTopology>): TopologyConfig => ({ ...PLAIN, interfaces: 0, xnu: { ...XNU, ...xnu } });

const config = (xnu: Partial<XnuTopology>, workload: readonly LoopbackActor[], faults: Partial<FaultConfig> = {}): Config =>
  ({ topology: on(xnu), workload, faults: { ...NO_FAULTS, ...faults } });

const settings = (...differing: readonly Partial<XnuTopology>[]): { readonly xnu: readonly XnuTopology[] } =>
  ({ xnu: differing.map((each) => ({ ...XNU, ...each })) });

/** Sends of one packet and of lists: one flow and several, one class and several, with and without room for the header. */
const SENDS: readonly LoopbackOp[] = [
  send([packet()]),
  send([packet(), packet()]),
  send([packet({ flow: 2 }), packet({ sc: "VO" }), packet({ flow: 2, len: 1 })]),
  send([packet({ mcast: true }), packet({ leading: false })], { family: "inet6" }),
  send([packet({ sc: "CTL", flow: 0 }), packet({ sc: "BK" })]),
];

/** Lists that the route or the protocol refuses, wholly or from their first packet on. */
const REFUSED: readonly LoopbackOp[] = [
  send([packet(), packet()], { route: "blackhole" }),
  send([packet(), packet()], { route: "reject-host" }),
  send([packet()], { route: "reject-net" }),
];

const SETTINGS: readonly LoopbackOp[] = [
  { do: "max_dequeue", value: 1 },
  { do: "max_dequeue", value: 2 },
  { do: "max_dequeue", value: 1000 },
  { do: "dequeue_sc", value: 0 },
  { do: "dequeue_sc", value: 8 },
  { do: "dequeue_sc", value: 10 },
];

const MODELS: readonly LoopbackOp[] = [0, 1, 2, 3].map((value) => ({ do: "sched_model", value }));

/** The catalogue of the loopback interface. */
export const LOOPBACK: readonly Scenario[] = [
  {
    name: "loopback-senders",
    purpose: "threads send through lo0, one start thread takes, one input thread delivers",
    smallest: config({}, [thread(0, send([packet()])), thread(1, send([packet({ flow: 2 })]))]),
    vary: {
      topology: settings({}, { dequeueMax: 1 }, { dequeueMax: 2 }, { fqCodel: false }),
      actors: [{ kind: "loopback", count: [1, 3], size: [1, 3], ops: [...SENDS, ...REFUSED] }],
      faults: { nowaitFails: [false, true] },
    },
  },
  {
    name: "loopback-without-queue",
    purpose: "threads send through lo0 as it is shipped: without a send queue, into the input thread's mailbox",
    smallest: config({ txstart: false }, [thread(0, send([packet(), packet()])), thread(1, send([packet({ flow: 2 })]))]),
    vary: {
      actors: [{
        kind: "loopback",
        count: [1, 3],
        size: [1, 3],
        ops: [...SENDS, ...REFUSED, send([packet({ complete: true }), packet({ complete: true })]), ...MODELS],
      }],
      faults: { nowaitFails: [false, true] },
    },
  },
  {
    name: "loopback-settings",
    purpose: "the batch size and the class that is dequeued change while packets flow",
    smallest: config({}, [thread(0, send([packet(), packet()])), thread(1, { do: "max_dequeue", value: 1 })]),
    vary: {
      topology: settings({}, { model: 1 }, { dequeueMax: 1 }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 3], ops: SENDS },
        { kind: "loopback", count: [1, 1], size: [1, 3], ops: SETTINGS },
      ],
    },
  },
  {
    name: "loopback-models",
    purpose: "the scheduling model changes while packets flow",
    smallest: config({}, [thread(0, send([packet()])), thread(1, { do: "sched_model", value: 2 })]),
    vary: {
      topology: settings({}, { fqCodel: false }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 2], ops: SENDS },
        { kind: "loopback", count: [1, 1], size: [1, 3], ops: [...MODELS, ...SETTINGS] },
      ],
    },
  },
  {
    name: "loopback-large-packets",
    purpose: "packets that are larger than what a flow may send in a round, while the driver manages the classes",
    smallest: config({ model: 1 }, [thread(0, send([packet({ len: 16_384 })]))]),
    vary: {
      topology: settings({ model: 0 }, { model: 1 }),
      actors: [{
        kind: "loopback",
        count: [1, 2],
        size: [1, 2],
        ops: [send([packet({ len: 16_384 })]), send([packet({ len: 16_384 }), packet({ len: 16_384 })]), send([packet()])],
      }],
    },
  },
  {
    name: "loopback-overload",
    purpose: "a send queue at its limit, with flows that are late while time passes",
    smallest: config({ dropLimit: 1 }, [thread(0, send([packet(), packet()]))]),
    vary: {
      topology: settings({ dropLimit: 1 }, { dropLimit: 2 }, { dropLimit: 3 }, { fqCodel: false, sndqMaxlen: 1 }),
      actors: [
        {
          kind: "loopback",
          count: [1, 3],
          size: [1, 3],
          ops: [...SENDS, send([packet({ len: 8000 }), packet({ len: 8000 }), packet({ flow: 2, len: 10 })])],
        },
      ],
    },
  },
  {
    name: "loopback-late-flows",
    purpose: "flows that are late while time passes: their senders are to wait, and may go on",
    smallest: config({}, [thread(0, send([packet({ tcp: true, len: 8000 })]), { do: "time", ms: 150 })]),
    vary: {
      topology: settings({}, { dropLimit: 1 }, { dropLimit: 2 }),
      actors: [{
        kind: "loopback",
        count: [1, 2],
        size: [2, 4],
        ops: [
          send([packet({ tcp: true, len: 8000 })]),
          send([packet({ tcp: true, len: 8000 }), packet({ tcp: true, len: 10 })]),
          send([packet({ len: 8000 })]),
          { do: "time", ms: 150 },
        ],
      }],
    },
  },
  {
    name: "loopback-late-large-flows",
    purpose: "flows that are late and large, in a send queue at its limit that is purged when lo0 goes down",
    smallest: config({ dropLimit: 1 }, [thread(0, send([packet({ tcp: true, len: 16_000 })]), { do: "time", ms: 150 })]),
    vary: {
      topology: settings({ dropLimit: 1 }, { dropLimit: 2 }),
      actors: [{
        kind: "loopback",
        count: [1, 2],
        size: [3, 5],
        ops: [
          send([packet({ tcp: true, len: 16_000 })]),
          send([packet({ flow: 2, len: 16_000 })]),
          { do: "time", ms: 150 },
          { do: "down" },
        ],
      }],
    },
  },
  {
    name: "loopback-throttle",
    purpose: "the background class of the system is held back, and zones and buffers may be short",
    smallest: config({}, [thread(0, send([packet({ sc: "BK_SYS" })])), thread(1, { do: "throttle" })]),
    vary: {
      topology: settings({}, { fqCodel: false }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 3], ops: [...SENDS, send([packet({ sc: "BK_SYS" }), packet()])] },
        { kind: "loopback", count: [0, 1], size: [1, 3], ops: [{ do: "throttle" }, { do: "unthrottle" }] },
      ],
      faults: { nowaitFails: [false, true] },
    },
  },
  {
    name: "loopback-completions",
    purpose: "senders ask to be told when their packets have been sent; the start thread takes one packet at a time",
    smallest: config({ dequeueMax: 1 }, [thread(0, send([packet({ complete: true })]))]),
    vary: {
      topology: settings({ dequeueMax: 1 }, { dequeueMax: 1, dropLimit: 1 }, { txstart: false }),
      actors: [{
        kind: "loopback",
        count: [1, 2],
        size: [1, 2],
        ops: [send([packet({ complete: true })]), send([packet(), packet({ complete: true })]), ...REFUSED],
      }],
    },
  },
  {
    name: "loopback-batch-completions",
    purpose: "senders ask to be told when their packets have been sent; the start thread takes as many as there are",
    smallest: config({}, [thread(0, send([packet({ complete: true })]))]),
    vary: {
      actors: [{
        kind: "loopback",
        count: [1, 2],
        size: [1, 2],
        ops: [send([packet({ complete: true })]), send([packet(), packet({ complete: true })])],
      }],
    },
  },
  {
    name: "loopback-listeners",
    purpose: "a listener of the packet filter comes and goes while packets flow",
    smallest: config({}, [thread(0, send([packet()])), thread(1, { do: "listen" }, { do: "unlisten" })]),
    vary: {
      topology: settings({}, { txstart: false }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 2], ops: SENDS },
        { kind: "loopback", count: [1, 2], size: [1, 3], ops: [{ do: "listen" }, { do: "unlisten" }] },
      ],
    },
  },
  {
    name: "loopback-up-down",
    purpose: "lo0 goes down and up while packets flow",
    smallest: config({}, [thread(0, send([packet()])), thread(1, { do: "down" }, { do: "up" })]),
    vary: {
      topology: settings({}, { fqCodel: false }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 3], ops: SENDS },
        { kind: "loopback", count: [1, 2], size: [1, 3], ops: [{ do: "down" }, { do: "up" }] },
      ],
    },
  },
  {
    name: "loopback-detach",
    purpose: "an interface of the loopback driver is detached while threads send through it and hold IO references",
    smallest: config({ second: true }, [thread(0, send([packet()])), thread(1, { do: "detach" })]),
    vary: {
      topology: settings({ second: true }, { second: true, dequeueMax: 1 }, { second: true, txstart: false }),
      actors: [
        { kind: "loopback", count: [1, 2], size: [1, 2], ops: SENDS },
        { kind: "loopback", count: [1, 2], size: [1, 2], ops: [{ do: "detach" }, { do: "down" }] },
      ],
    },
  },
  {
    name: "loopback-first-packet",
    purpose: "threads send as soon as the interface is attached, before or after its start thread has run for the first time",
    smallest: config({}, [thread(0, send([packet()]))]),
    vary: {
      topology: settings({}, { idle: false }),
      actors: [{ kind: "loopback", count: [1, 2], size: [1, 1], ops: SENDS }],
    },
  },
];
