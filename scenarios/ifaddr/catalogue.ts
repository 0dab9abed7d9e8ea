/** Situations of interface addresses: they come and go while others look at them, and while the interface goes. */
import { NO_FAULTS, PLAIN, type ActorConfig } from "../config.ts";
import type { Scenario } from "../scenario.ts";
import type { AddressOp } from "./config.ts";

const does = (op: AddressOp, cpu: number, times = 1): ActorConfig => ({ kind: "address", op, cpu, iface: 0, times });

/** The catalogue of addresses. */
export const ADDRESSES: readonly Scenario[] = [
  {
    name: "addresses-come-and-go",
    purpose: "addresses are created, linked, referenced, unlinked and destroyed while every CPU walks its own list",
    smallest: {
      topology: PLAIN,
      workload: [does("configure", 0, 2), does("walk-marked", 1), does("read", 1), does("route", 0), does("expire", 0)],
      faults: { ...NO_FAULTS, waitokBlocks: true },
    },
    vary: {
      topology: { ncpus: [2, 3], interfaces: [1, 2] },
      actors: [
        { kind: "address", ops: ["configure"], count: [1, 2], size: [1, 4] },
        { kind: "address", ops: ["walk-marked"], count: [1, 2], size: [1, 2] },
        { kind: "address", ops: ["read"], count: [0, 2], size: [1, 3] },
        { kind: "address", ops: ["route"], count: [0, 1], size: [1, 2] },
        { kind: "address", ops: ["expire", "bounce"], count: [0, 2], size: [1, 2] },
        { kind: "updown", count: [0, 1], size: [1, 1] },
      ],
    },
  },
  {
    name: "addresses-and-detach",
    purpose: "an interface with addresses and routes is detached while others change and read them",
    smallest: {
      topology: PLAIN,
      workload: [does("configure", 0, 2), does("route", 0), { kind: "detach", cpu: 1, iface: 0 }],
      faults: { ...NO_FAULTS, waitokBlocks: true },
    },
    vary: {
      topology: { ncpus: [2, 3], interfaces: [1, 2] },
      actors: [
        { kind: "address", ops: ["configure"], count: [1, 1], size: [1, 4] },
        { kind: "address", ops: ["route"], count: [0, 1], size: [1, 2] },
        { kind: "address", ops: ["walk-marked", "read", "expire", "bounce", "queue"], count: [0, 2], size: [1, 2] },
        { kind: "detach", count: [1, 1], size: [1, 1] },
        { kind: "churn", count: [0, 1], size: [1, 1] },
      ],
    },
  },
];
