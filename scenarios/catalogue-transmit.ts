/** Situations of the transmit path: the send queue, the `if_start` interlock, staging, the device. */
import { NO_FAULTS, PLAIN, type ActorConfig, type PacketConfig } from "./config.ts";
import type { Scenario } from "./scenario.ts";

const packet = (len = 100, prio = false, mcast = false): PacketConfig => ({ len, prio, mcast });
const packets = (n: number): PacketConfig[] => Array.from({ length: n }, () => packet());
const send = (cpu: number, n: number, netisr = true, iface = 0): ActorConfig => ({
  kind: "send",
  cpu,
  netisr,
  iface,
  packets: packets(n),
});

const SILENT = { ...PLAIN, card: "silent" } as const;

/** The transmit catalogue. */
export const TRANSMIT: readonly Scenario[] = [
  {
    name: "one-sender",
    purpose: "one CPU sends to its own queue; completions come from another CPU",
    smallest: { topology: PLAIN, workload: [send(0, 2)], faults: NO_FAULTS },
    vary: {
      topology: { ringSize: [1, 2, 4], startBudget: [1, 100], stageCntmax: [0, 2, 4], qmax: [1, 2, 4] },
      actors: [{ kind: "send", count: [1, 1], size: [1, 6] }],
      lengths: [60, 100, 1500],
    },
  },
  {
    name: "several-senders-one-subqueue",
    purpose: "CPUs and threads meet on one subqueue: the if_start interlock decides who starts the device",
    smallest: { topology: PLAIN, workload: [send(0, 1), send(1, 1)], faults: NO_FAULTS },
    bounded: { topology: SILENT, workload: [send(0, 1, false), send(1, 1, false)], faults: NO_FAULTS },
    vary: {
      topology: {
        ncpus: [2, 3, 4],
        owners: [[0], [1]],
        ringSize: [1, 2, 4],
        startBudget: [1, 2, 100],
        stageCntmax: [0, 0, 4],
        qmax: [1, 2, 4],
      },
      actors: [{ kind: "send", count: [2, 4], size: [1, 3] }],
      lengths: [60, 100, 1500],
    },
  },
  {
    name: "quiet-card",
    purpose: "the card does not interrupt for every packet: nothing but the if_start interlock starts it again",
    smallest: {
      topology: PLAIN,
      workload: [send(0, 1), send(1, 1)],
      faults: { ...NO_FAULTS, lostInterrupts: 2 },
    },
    vary: {
      topology: { ncpus: [2, 3], owners: [[0], [1]], stageCntmax: [0, 0, 4] },
      actors: [{ kind: "send", count: [2, 3], size: [1, 1] }],
      faults: { lostInterrupts: [4, 8] },
    },
  },
  {
    name: "multi-queue",
    purpose: "subqueues mapped by CPU, each with its own ring, serializer and owner",
    smallest: {
      topology: {
        ...PLAIN,
        subqs: 2,
        owners: [0, 1],
        interruptCpus: [0, 1],
        serializers: "per-ring",
      },
      workload: [send(0, 1), send(1, 1)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 4],
        owners: [
          [0, 1],
          [1, 0],
          [0, 0],
        ],
        ringSize: [1, 2],
        startBudget: [1, 100],
        stageCntmax: [0, 4],
      },
      actors: [{ kind: "send", count: [2, 4], size: [1, 3] }],
      lengths: [100, 1500],
    },
  },
  {
    name: "ring-full",
    purpose: "the ring fills, oactive drops the interlock, the completion interrupt restarts the device",
    smallest: {
      topology: { ...PLAIN, ringSize: 1 },
      workload: [send(0, 2), send(1, 1)],
      faults: NO_FAULTS,
    },
    bounded: { topology: { ...PLAIN, ringSize: 1 }, workload: [send(0, 2)], faults: NO_FAULTS },
    vary: {
      topology: { ringSize: [1, 2], startBudget: [1, 2, 100], stageCntmax: [0, 4], owners: [[0], [1]] },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 4] },
        { kind: "devstart-sched", count: [0, 1], size: [1, 2] },
      ],
      faults: { spuriousInterrupts: [0, 1, 2] },
    },
  },
  {
    name: "queue-overflow",
    purpose: "more packets than the queue takes, with the high-priority lane dropping from the head",
    smallest: {
      topology: { ...PLAIN, ringSize: 1, qmax: 2 },
      workload: [
        send(0, 3),
        { kind: "send", cpu: 1, netisr: false, iface: 0, packets: [packet(1500, true), packet()] },
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { qmax: [1, 2, 3, 4], ringSize: [1, 2], startBudget: [1, 100] },
      actors: [
        { kind: "send", count: [1, 3], size: [2, 6] },
        { kind: "purge", count: [0, 1], size: [1, 2] },
      ],
      lengths: [1, 60, 1500, 4000, 9000],
    },
  },
  {
    name: "serializer-contention",
    purpose: "somebody holds the hardware serializer while packets arrive: the try fails, the duty moves",
    smallest: {
      topology: PLAIN,
      workload: [send(0, 1), { kind: "hold", cpu: 1, iface: 0, subq: 0, times: 1 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], owners: [[0], [1]], stageCntmax: [0, 4], ringSize: [1, 4] },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 3] },
        { kind: "hold", count: [1, 2], size: [1, 3] },
      ],
    },
  },
  {
    name: "staged-rollup",
    purpose: "netisrs stage packets and the rollup starts the device for them",
    smallest: {
      topology: { ...PLAIN, stageCntmax: 4 },
      workload: [send(0, 2), send(1, 1)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3],
        stageCntmax: [1, 2, 4],
        netisrBatch: [1, 2, 512],
        owners: [[0], [1]],
        startBudget: [1, 100],
        ringSize: [1, 4],
      },
      actors: [{ kind: "send", count: [1, 4], size: [1, 6] }],
      lengths: [60, 800, 1500],
    },
  },
  {
    name: "owner-migration",
    purpose: "the owner CPU of the subqueue changes under packets, IPIs and messages in flight",
    smallest: {
      topology: PLAIN,
      workload: [
        send(0, 1),
        send(1, 1),
        { kind: "move-owner", cpu: 1, iface: 0, subq: 0, to: [1] },
      ],
      faults: NO_FAULTS,
    },
    bounded: {
      topology: PLAIN,
      workload: [send(0, 1), { kind: "move-owner", cpu: 1, iface: 0, subq: 0, to: [1] }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3, 4], startBudget: [1, 100], ringSize: [1, 4], stageCntmax: [0, 4] },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 3] },
        { kind: "move-owner", count: [1, 2], size: [1, 3] },
        { kind: "hold", count: [0, 1], size: [1, 2] },
      ],
    },
  },
  {
    name: "token-bucket",
    purpose: "a token bucket regulator lets packets out at its own pace, restarted by its callout",
    smallest: {
      topology: { ...PLAIN, tokenBucket: { bytesPerTick: 200, depth: 150 }, ticks: 3 },
      workload: [send(0, 2)],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        tokenBucket: [
          { bytesPerTick: 100, depth: 100 },
          { bytesPerTick: 200, depth: 150 },
          { bytesPerTick: 2000, depth: 1600 },
        ],
        callouts: ["A", "B"],
        ringSize: [1, 4],
        ticks: [2, 4],
      },
      actors: [{ kind: "send", count: [1, 2], size: [1, 4] }],
      lengths: [60, 100],
    },
  },
  {
    name: "handoff",
    purpose: "ifq_handoff under the hardware serializer beside ifq_dispatch and purges",
    smallest: {
      topology: PLAIN,
      workload: [
        { kind: "handoff", cpu: 0, iface: 0, packets: packets(1) },
        send(1, 1),
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], ringSize: [1, 4], qmax: [1, 4] },
      actors: [
        { kind: "handoff", count: [1, 2], size: [1, 2] },
        { kind: "send", count: [0, 2], size: [1, 2] },
        { kind: "purge", count: [0, 1], size: [1, 2] },
      ],
    },
  },
];
