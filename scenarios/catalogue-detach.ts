/** Situations of a detach under timers: what re-arms itself, and what walks the interfaces without their lock. */
import { NO_FAULTS, PLAIN, type ActorConfig } from "./config.ts";
import type { Scenario } from "./scenario.ts";

const detach: ActorConfig = { kind: "detach", cpu: 1, iface: 0 };

const send: ActorConfig = {
  kind: "send",
  cpu: 0,
  netisr: true,
  iface: 0,
  packets: [{ len: 100, prio: false, mcast: false }],
};

/** The catalogue of detaches under timers. */
export const DETACH: readonly Scenario[] = [
  {
    name: "watchdog-detach",
    purpose: "an interface is detached while its watchdog counts down",
    smallest: {
      topology: { ...PLAIN, watchdog: { of: "subqueue", seconds: 1 }, ticks: 1 },
      workload: [detach],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3],
        callouts: ["A", "B"],
        watchdog: [
          { of: "subqueue", seconds: 1 },
          { of: "subqueue", seconds: 2 },
          { of: "interface", seconds: 1 },
        ],
        ticks: [1, 2, 4],
        owners: [[0], [1]],
      },
      actors: [
        { kind: "send", count: [0, 1], size: [1, 2], netisr: [true] },
        { kind: "detach", count: [1, 1], size: [1, 1] },
      ],
      faults: { lostInterrupts: [0, 1] },
    },
  },
  {
    name: "polled-detach",
    purpose: "an interface that is polled is detached: its subqueues change owners while their messages are in flight",
    smallest: {
      topology: { ...PLAIN, ncpus: 3, owners: [1], polling: [2], stageCntmax: 4 },
      workload: [send, { ...detach, cpu: 0 }],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [3, 4],
        owners: [[0], [1]],
        polling: [[1], [2], [3]],
        stageCntmax: [0, 4],
        startBudget: [1, 100],
      },
      actors: [
        { kind: "send", count: [1, 3], size: [1, 2], netisr: [true] },
        { kind: "detach", count: [1, 1], size: [1, 1] },
      ],
    },
  },
  {
    name: "regulated-detach",
    purpose: "an interface is detached while the timer of the token buckets walks the interfaces",
    smallest: {
      topology: { ...PLAIN, tokenBucket: { bytesPerTick: 100, depth: 100 }, ticks: 1 },
      workload: [send, detach],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3],
        interfaces: [1, 2],
        callouts: ["A", "B"],
        tokenBucket: [
          { bytesPerTick: 100, depth: 100 },
          { bytesPerTick: 2000, depth: 1600 },
        ],
        ticks: [1, 2, 4],
      },
      actors: [
        { kind: "send", count: [1, 2], size: [1, 3], netisr: [true] },
        { kind: "detach", count: [1, 1], size: [1, 1] },
      ],
    },
  },
];
