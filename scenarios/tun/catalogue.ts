/** Situations of tun devices: processes that make system calls, the network that sends, and the memory that is not there. */
import { NO_FAULTS, PLAIN, type TopologyConfig } from "../config.ts";
import type { Scenario } from "../scenario.ts";
import { PLAIN_TUN, op, type TunActor, type TunOp, type TunTopology } from "./config.ts";

const AF_INET6 = 28;

const machine = (tun: Partial<TunTopology>): TopologyConfig => ({ ...PLAIN, interfaces: 0, tun: { ...PLAIN_TUN, ...tun } });

const actor = (cpu: number, ...ops: readonly TunOp[]): TunActor => ({ kind: "tun", cpu, root: true, restarts: false, ops });

const packet = op("output", { wait: true });
/** A packet without room in front, or in two buffers. */
const stored = (arg: number): TunOp => op("output", { wait: true, arg });
const sleepingRead = op("read", { wait: true, len: 64 });
const quickRead = op("read", { len: 64 });
/** Requests: an index into those that are known, and an argument. */
const head = (arg: number): TunOp => op("ioctl", { n: 0, arg });
const async = (arg: number): TunOp => op("ioctl", { n: 2, arg });
const linkMode = (arg: number): TunOp => op("ioctl", { n: 1, arg });
const mode = (arg: number): TunOp => op("ioctl", { n: 8, arg });
const ifconfig = (n: number): TunOp => op("ifconfig", { n });
const owner = (arg: number): TunOp => op("ioctl", { n: 3, arg });

/** The catalogue of tun devices. */
export const TUN: readonly Scenario[] = [
  {
    name: "tun-reads",
    purpose: "processes read packets while the network sends, signals come and buffers fault",
    smallest: {
      topology: machine({}),
      workload: [actor(0, sleepingRead), actor(1, quickRead), actor(1, packet)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { tun: [machine({}).tun, machine({ listener: true }).tun, machine({ head: true, qmax: 2 }).tun] },
      actors: [
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [sleepingRead, op("read", { wait: true, len: 64, valid: 3 }), quickRead] },
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [packet, op("output"), op("output", { wait: true, len: 120 }), stored(1), stored(2), stored(3)] },
        { kind: "tun", count: [0, 1], size: [1, 1], ops: [op("signal"), op("read", { len: 3 }), op("read", { len: 0 }), linkMode(1)] },
      ],
      faults: { waitokBlocks: [false, true], nowaitFails: [false, true] },
    },
  },
  {
    name: "tun-writes",
    purpose: "processes write packets: chains, of every family, with memory that fails and buffers that fault",
    smallest: {
      topology: machine({}),
      workload: [actor(0, op("write", { n: 2, len: 200, valid: 150 })), actor(1, op("write", { n: 2 }))],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { tun: [machine({}).tun, machine({ head: true }).tun, machine({ head: true, listener: true }).tun, machine({ listener: true }).tun] },
      actors: [
        {
          kind: "tun",
          count: [1, 3],
          size: [1, 3],
          ops: [
            op("write", { n: 2 }),
            op("write", { n: 2, len: 0 }),
            op("write", { n: 2, valid: 0 }),
            op("write", { n: AF_INET6, len: 200 }),
            op("write", { n: 2, len: 400 }),
            op("write", { n: 9 }),
            op("write", { n: 2, len: 200, valid: 150 }),
            op("write", { n: 2, len: 16_385 }),
          ],
        },
      ],
      faults: { waitokBlocks: [false, true], nowaitFails: [false, true] },
    },
  },
  {
    name: "tun-opens",
    purpose: "processes open, configure and close devices while packets are sent",
    smallest: {
      topology: machine({ open: 0 }),
      workload: [actor(0, op("open"), op("close")), actor(1, op("open"), packet)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], tun: [machine({ open: 0 }).tun, machine({}).tun] },
      actors: [
        { kind: "tun", count: [1, 2], size: [1, 4], ops: [op("open"), op("close"), head(1), quickRead] },
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [packet, op("output"), op("open")] },
        { kind: "tun", count: [0, 2], size: [1, 1], ops: [sleepingRead, op("revoke"), owner(100), ifconfig(5)] },
      ],
      faults: { waitokBlocks: [false, true] },
    },
  },
  {
    name: "tun-close-of-busy",
    purpose: "a device whose interface is up is closed while packets are sent",
    smallest: {
      topology: machine({ up: true }),
      workload: [actor(0, op("close")), actor(1, packet)],
      faults: NO_FAULTS,
    },
    vary: {
      actors: [
        { kind: "tun", count: [1, 1], size: [1, 1], ops: [op("close")] },
        { kind: "tun", count: [1, 2], size: [1, 2], ops: [packet] },
      ],
    },
  },
  {
    name: "tun-configured",
    purpose: "the interface is configured while its device is asked and packets are sent",
    smallest: {
      topology: machine({}),
      workload: [actor(0, ifconfig(2), mode(0x10)), actor(1, packet, ifconfig(1))],
      faults: NO_FAULTS,
    },
    vary: {
      actors: [
        { kind: "tun", count: [1, 1], size: [1, 4], ops: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(ifconfig) },
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [packet, quickRead, mode(0x10), mode(0x8002), mode(0x40), op("ioctl", { n: 7, len: 576 }), ...[3, 4, 5, 6, 7, 9, 10].map((n) => op("ioctl", { n }))] },
      ],
      faults: { waitokBlocks: [false, true] },
    },
  },
  {
    name: "tun-one-user",
    purpose: "one process has a device to itself and does everything one can do with it, while packets are sent",
    smallest: {
      topology: machine({}),
      workload: [actor(0, sleepingRead), actor(1, packet)],
      faults: NO_FAULTS,
    },
    vary: {
      actors: [
        {
          kind: "tun",
          count: [1, 1],
          size: [1, 5],
          ops: [
            sleepingRead, quickRead, op("poll", { wait: true }), op("poll-read", { len: 64 }), op("write", { n: 2 }), op("open"), op("close"),
            head(1), head(0), linkMode(1), linkMode(0), async(1), async(0), op("poll", { n: 1 }), owner(100), owner(99), op("ioctl", { n: 4 }),
          ],
        },
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [packet, op("output"), op("output", { wait: true, n: AF_INET6 })] },
      ],
    },
  },
  {
    name: "tun-without-mp-lock",
    purpose: "network threads send without the MP lock while processes read and change modes",
    smallest: {
      topology: machine({ mpsafe: true }),
      workload: [actor(0, sleepingRead), actor(1, packet)],
      faults: NO_FAULTS,
    },
    vary: {
      actors: [
        { kind: "tun", count: [1, 1], size: [1, 2], ops: [sleepingRead] },
        { kind: "tun", count: [1, 2], size: [1, 2], ops: [packet] },
        { kind: "tun", count: [0, 1], size: [1, 2], ops: [head(1), head(0), async(1), op("signal"), owner(100), owner(0)] },
      ],
    },
  },
  {
    name: "tun-shaped",
    purpose: "a token bucket holds packets back while processes poll, read and are signalled",
    smallest: {
      topology: machine({ altq: { tokens: 0 } }),
      workload: [actor(0, op("poll-read")), actor(1, packet, op("refill", { len: 100 }))],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { tun: [machine({ altq: { tokens: 0 } }).tun, machine({ altq: { tokens: 20 } }).tun, machine({ altq: { tokens: null }, mpsafe: true }).tun] },
      actors: [
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [op("poll-read"), op("poll", { wait: true }), sleepingRead, quickRead] },
        { kind: "tun", count: [1, 2], size: [1, 3], ops: [packet, op("refill", { len: 50 }), op("refill", { len: 500 })] },
        { kind: "tun", count: [0, 1], size: [1, 3], ops: [async(1), owner(100), owner(-100), owner(0), op("ioctl", { n: 4 })] },
      ],
    },
  },
  {
    name: "tun-listeners",
    purpose: "several processes write packets to listeners, and one reads the device",
    smallest: {
      topology: machine({ listener: true }),
      workload: [actor(0, op("inject")), actor(1, op("inject"), quickRead, quickRead)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { tun: [machine({ listener: true }).tun, machine({ listener: true, head: true }).tun] },
      actors: [
        { kind: "tun", count: [2, 3], size: [1, 2], ops: [op("inject"), op("inject", { n: AF_INET6 })] },
        { kind: "tun", count: [1, 1], size: [1, 3], ops: [quickRead] },
      ],
      faults: { waitokBlocks: [false, true] },
    },
  },
];
