/** Situations of memberships, modes and groups. */
import { NO_FAULTS, PLAIN, type ActorConfig } from "../config.ts";
import type { Scenario } from "../scenario.ts";
import type { MultiOp } from "./op.ts";

const actor = (cpu: number, ...ops: readonly MultiOp[]): ActorConfig => ({ kind: "multi", cpu, iface: 0, locked: false, ops });
const locked = (cpu: number, iface: number, ...ops: readonly MultiOp[]): ActorConfig =>
  ({ kind: "multi", cpu, iface, locked: true, ops });

/** The catalogue of memberships, modes and groups. */
export const MULTI_SCENARIOS: readonly Scenario[] = [
  {
    name: "multicast-members",
    purpose: "protocols and users join and leave link-level groups of their own while the driver programs its filter",
    smallest: {
      topology: { ...PLAIN, owners: [0, 1], interruptCpus: [1, 0] },
      workload: [actor(0, { op: "join", n: 1 }), actor(1, { op: "join", n: 1 }, { op: "join-link", n: 3 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], serializers: ["single", "per-ring"], subqs: [1, 2], owners: [[0, 1]], interruptCpus: [[1, 0]] },
      actors: [
        { kind: "multi", count: [2, 3], size: [1, 3], ops: ["join"], numbers: [1, 2] },
        { kind: "multi", count: [0, 2], size: [1, 2], ops: ["join-link"], numbers: [3, 4] },
        { kind: "updown", count: [0, 1], size: [1, 1] },
      ],
      faults: { waitokBlocks: [false, true] },
    },
  },
  {
    name: "shared-link-groups",
    purpose: "protocols and users join groups that share link-level groups, and leave them in another order",
    smallest: {
      topology: PLAIN,
      workload: [actor(0, { op: "join-link", n: 1 }), actor(1, { op: "join-link", n: 1 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3] },
      actors: [{ kind: "multi", count: [1, 3], size: [1, 3], ops: ["join", "join-alias", "join-link", "join-nobody", "leave-strange", "find"], numbers: [1, 2] }],
    },
  },
  {
    name: "counted-modes",
    purpose: "BPF and bridges turn promiscuous and all-multicast mode on and off while the interface goes down and up",
    smallest: {
      topology: PLAIN,
      workload: [actor(0, { op: "promiscuous", n: 0 }), actor(1, { op: "all-multicast", n: 0 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3] },
      actors: [
        { kind: "multi", count: [2, 3], size: [1, 1], ops: ["promiscuous", "all-multicast"], numbers: [0] },
        { kind: "updown", count: [0, 1], size: [1, 1] },
      ],
    },
  },
  {
    name: "modes-of-one",
    purpose: "one user turns promiscuous and all-multicast mode on, more than once, and off again",
    smallest: {
      topology: PLAIN,
      workload: [actor(0, { op: "promiscuous", n: 0 }, { op: "all-multicast", n: 0 }, { op: "all-multicast", n: 0 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3] },
      actors: [{ kind: "multi", count: [1, 1], size: [1, 4], ops: ["promiscuous", "all-multicast"], numbers: [0] }],
    },
  },
  {
    name: "refused-modes",
    purpose: "the driver refuses to turn promiscuous or all-multicast mode on or off",
    smallest: {
      topology: PLAIN,
      workload: [actor(0, { op: "promiscuous", n: 0 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2] },
      actors: [{ kind: "multi", count: [1, 1], size: [1, 4], ops: ["promiscuous", "all-multicast", "refuse"], numbers: [0] }],
    },
  },
  {
    name: "group-members",
    purpose: "interfaces are put into groups, taken out, listed and detached by users who hold the ifnet lock",
    smallest: {
      topology: PLAIN,
      workload: [locked(0, 0, { op: "add-group", n: 0 }), locked(1, 0, { op: "list-members", n: 0 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], interfaces: [1, 2, 3] },
      actors: [
        { kind: "multi", count: [2, 3], size: [1, 3], ops: ["add-group", "list-groups", "list-members"], numbers: [0, 1, 2], locked: true },
        { kind: "multi", count: [0, 1], size: [1, 2], ops: ["leave-strange-group", "add-numbered-group", "list-short"], numbers: [0, 1, 2], locked: true },
        { kind: "multi", count: [0, 1], size: [1, 3], ops: ["keep-group", "detach", "list-members"], numbers: [0], locked: true },
      ],
      faults: { nowaitFails: [false, true], waitokBlocks: [false, true] },
    },
  },
  {
    name: "group-churn",
    purpose: "the same without a lock, as nothing in the interface layer takes one",
    smallest: {
      topology: { ...PLAIN, interfaces: 2 },
      workload: [actor(0, { op: "add-group", n: 0 }), actor(1, { op: "list-members", n: 0 })],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3] },
      actors: [
        { kind: "multi", count: [2, 2], size: [1, 1], ops: ["add-group", "list-groups", "list-members"], numbers: [0] },
      ],
    },
  },
];
