/** Situations of the interface table: attach, detach, readers, up and down, watchdogs; and of the machine. */
import { swapArray } from "./actors-tables.ts";
import { NO_FAULTS, PLAIN, type ActorConfig } from "./config.ts";
import type { Scenario } from "./scenario.ts";

const send = (cpu: number, n: number): ActorConfig => ({
  kind: "send",
  cpu,
  netisr: true,
  iface: 0,
  packets: Array.from({ length: n }, () => ({ len: 100, prio: false, mcast: false })),
});

/** The interface catalogue. */
export const INTERFACE: readonly Scenario[] = [
  {
    name: "watchdog-against-driver",
    purpose: "the subqueue watchdog fires while the driver transmits and completes",
    smallest: {
      topology: { ...PLAIN, ringSize: 1, watchdog: { of: "subqueue", seconds: 1 }, ticks: 2 },
      workload: [send(0, 2)],
      faults: { ...NO_FAULTS, lostInterrupts: 1 },
    },
    vary: {
      topology: {
        callouts: ["A", "B"],
        watchdog: [
          { of: "subqueue", seconds: 1 },
          { of: "subqueue", seconds: 2 },
          { of: "interface", seconds: 1 },
        ],
        ticks: [2, 4],
        owners: [[0], [1]],
      },
      actors: [
        { kind: "send", count: [1, 2], size: [1, 3] },
        { kind: "move-owner", count: [0, 1], size: [1, 2] },
        { kind: "hold", count: [0, 1], size: [1, 2] },
      ],
      faults: { lostInterrupts: [0, 1, 2], ringStalls: [0, 1], lateCompletions: [0, 1] },
    },
  },
  {
    name: "running-flag",
    purpose: "the driver stops and starts itself while packets arrive",
    smallest: {
      topology: PLAIN,
      workload: [send(0, 1), { kind: "running", cpu: 1, iface: 0, times: 1 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], ringSize: [1, 4], stageCntmax: [0, 4] },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 3] },
        { kind: "running", count: [1, 1], size: [1, 3] },
      ],
    },
  },
  {
    name: "up-down",
    purpose: "the interface goes down and up, its queue is purged, while packets arrive",
    smallest: {
      topology: PLAIN,
      workload: [send(1, 1), { kind: "updown", cpu: 0, iface: 0, times: 1 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], owners: [[0], [1]], ringSize: [1, 4], stageCntmax: [0, 4] },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 3] },
        { kind: "updown", count: [1, 1], size: [1, 2] },
        { kind: "running", count: [0, 1], size: [1, 2] },
        { kind: "purge", count: [0, 1], size: [1, 2] },
      ],
    },
  },
  {
    name: "attach-detach-churn",
    purpose: "interfaces come and go under netisr readers of the interface array and the index table",
    smallest: {
      topology: PLAIN,
      workload: [
        { kind: "churn", cpu: 0, times: 1 },
        { kind: "read-array", cpu: 1, times: 1 },
      ],
      faults: NO_FAULTS,
    },
    // Of two interfaces, the second is looked up in an array that may be gone by then.
    bounded: {
      topology: { ...PLAIN, interfaces: 2 },
      workload: [
        { kind: "run", routine: "swap", cpu: 0, iface: 0, times: 1 },
        { kind: "read-array", cpu: 1, times: 1 },
      ],
      faults: NO_FAULTS,
    },
    routines: { swap: swapArray },
    vary: {
      topology: { ncpus: [2, 3], interfaces: [0, 1, 2, 3] },
      actors: [
        { kind: "churn", count: [0, 2], size: [1, 2] },
        // Takes the first interface away, of several, while the readers have hardly begun.
        { kind: "detach", count: [0, 1], size: [1, 1] },
        { kind: "read-array", count: [1, 3], size: [2, 8] },
      ],
    },
  },
  {
    name: "index-table-growth",
    purpose: "enough interfaces that the index table grows under its readers",
    smallest: {
      topology: { ...PLAIN, interfaces: 15 },
      workload: [
        { kind: "churn", cpu: 0, times: 1 },
        { kind: "read-array", cpu: 1, times: 2 },
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2], interfaces: [14, 15] },
      actors: [
        { kind: "churn", count: [1, 2], size: [1, 2] },
        { kind: "read-array", count: [1, 2], size: [1, 3] },
      ],
    },
  },
  {
    name: "detach-in-flight",
    purpose: "an interface is detached while its packets, IPIs and if_start messages are in flight",
    smallest: {
      topology: PLAIN,
      workload: [send(1, 1), { kind: "detach", cpu: 0, iface: 0 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3, 4],
        owners: [[0], [1], [2]],
        startBudget: [1, 100],
        ringSize: [1, 4],
        stageCntmax: [0, 4],
      },
      actors: [
        // Whoever sends from outside a netisr holds a reference of its own; a detach does not wait for it.
        { kind: "send", count: [1, 3], size: [1, 2], netisr: [true] },
        { kind: "detach", count: [1, 1], size: [1, 1] },
      ],
    },
  },
  {
    name: "ipi-ring-overflow",
    purpose: "IPI rings fill: senders spin and run their own incoming IPIs inside a critical section",
    smallest: {
      topology: { ...PLAIN, ipiRing: 4 },
      workload: [
        { kind: "ipi-flood", cpu: 0, to: 1, times: 4 },
        { kind: "ipi-flood", cpu: 1, to: 0, times: 4 },
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], ipiRing: [4, 8], owners: [[0], [1]] },
      actors: [
        { kind: "ipi-flood", count: [2, 3], size: [2, 8] },
        { kind: "send", count: [0, 2], size: [1, 2] },
      ],
    },
  },
  {
    name: "sleep-wakeup",
    purpose: "threads on different CPUs sleep on one ident and wake each other",
    smallest: {
      topology: { ...PLAIN, interfaces: 0 },
      workload: [{ kind: "ping", cpu: 0, to: 1, times: 1 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3] },
      actors: [{ kind: "ping", count: [1, 2], size: [1, 3] }],
    },
  },
];
