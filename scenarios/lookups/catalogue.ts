/** Situations in which netisrs look addresses up. */
import { NO_FAULTS, PLAIN, type ActorConfig } from "../config.ts";
import type { Scenario } from "../scenario.ts";
import type { LookupOp } from "./op.ts";

const actor = (cpu: number, ...ops: readonly LookupOp[]): ActorConfig => ({ kind: "lookups", cpu, ops });
const TEN = "100200000a0000010000000000000000";

/** The catalogue of lookups. */
export const LOOKUP_SCENARIOS: readonly Scenario[] = [
  {
    name: "address-lookups",
    purpose: "netisrs look addresses up while addresses come and go on the lists of all CPUs",
    smallest: {
      topology: { ...PLAIN, links: ["broadcast"] },
      workload: [
        actor(0, { op: "add", iface: 0, addr: TEN, dst: null, mask: "07000000ffffff", tail: true }),
        actor(1, { op: "ask", fn: "ifa_ifwithaddr", addr: TEN, iface: 0 }),
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3],
        interfaces: [1, 2],
        links: [["broadcast", "point-to-point"], ["point-to-point", "broadcast"], ["broadcast"]],
      },
      actors: [{ kind: "lookups", count: [2, 3], size: [2, 8] }],
    },
  },
  {
    name: "lookups-amid-detach",
    purpose: "netisrs look addresses up while interfaces come and go",
    smallest: {
      topology: { ...PLAIN, interfaces: 3, links: ["broadcast"] },
      workload: [
        actor(1, { op: "ask", fn: "ifa_ifwithaddr", addr: TEN, iface: 0 }),
        { kind: "detach", cpu: 0, iface: 0 },
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: {
        ncpus: [2, 3],
        interfaces: [3],
        links: [["broadcast", "point-to-point"], ["broadcast"]],
      },
      actors: [
        // Interface 0 goes, others come and go; addresses are put on those that stay.
        { kind: "detach", count: [0, 1], size: [1, 1] },
        { kind: "churn", count: [0, 1], size: [1, 2] },
        { kind: "lookups", count: [1, 2], size: [2, 6] },
      ],
    },
  },
];
