/** Situations of control requests: users rename, list, make and destroy interfaces while others look. */
import { NO_FAULTS, PLAIN, type ActorConfig } from "./config.ts";
import type { IoctlCall, IoctlCmd } from "./ioctl/calls.ts";
import type { Scenario } from "./scenario.ts";

const ask = (cmd: IoctlCmd, iface: string, value = 0, text = ""): IoctlCall =>
  ({ do: "ioctl", cmd, iface, value, text, bad: "nothing" });

const user = (cpu: number, calls: readonly IoctlCall[]): ActorConfig => ({ kind: "ioctl", cpu, user: "root", calls });

/** The catalogue of control requests. */
export const IOCTL: readonly Scenario[] = [
  {
    name: "ioctl-alone",
    purpose: "one user makes requests of every kind, and nothing runs beside",
    smallest: {
      topology: PLAIN,
      workload: [
        user(0, [
          ask("SIOCSIFNAME", "em0", 0, "ix1"),
          ask("SIOCSIFNAME", "ix1", 0, "ix1"),
          ask("SIOCGIFMTU", "ix1"),
          { do: "lookup", iface: "ix0" },
          ask("SIOCGIFCONF", "", 200),
        ]),
      ],
      faults: NO_FAULTS,
    },
    vary: { topology: { interfaces: [0, 1, 2], links: [[], ["ethernet"], ["ethernet"]] }, actors: [{ kind: "ioctl", count: [1, 1], size: [1, 8] }] },
  },
  {
    name: "ioctl-rename-lookup",
    purpose: "an interface is renamed while netisrs look interfaces up by name",
    smallest: {
      topology: PLAIN,
      workload: [
        user(0, [ask("SIOCSIFNAME", "em0", 0, "ix1")]),
        user(1, [{ do: "lookup", iface: "em0" }, { do: "lookup", iface: "ix0" }]),
      ],
      faults: NO_FAULTS,
    },
    vary: { topology: { interfaces: [1, 2, 3], ncpus: [2, 3, 4], netisrBatch: [1, 2, 512] } },
  },
  {
    name: "ioctl-list-addresses",
    purpose: "a user lists the interfaces, waiting for pages, while addresses come and go",
    smallest: {
      topology: PLAIN,
      workload: [
        user(0, [ask("SIOCAIFADDR", "em0", 1), ask("SIOCGIFCONF", "", 400)]),
        user(0, [{ do: "delete-address", iface: 0, value: 1 }]),
        user(1, [{ do: "add-address", iface: 0, value: 2 }, ask("SIOCSIFNAME", "em0", 0, "wlan0")]),
      ],
      faults: { ...NO_FAULTS, waitokBlocks: true },
    },
    vary: {
      topology: { interfaces: [1, 2, 3], ncpus: [1, 2, 3], netisrBatch: [1, 2, 512] },
    },
  },
  {
    name: "ioctl-clones",
    purpose: "users make and destroy interfaces of the same names, and change their flags",
    smallest: {
      topology: { ...PLAIN, interfaces: 0 },
      workload: [
        user(0, [ask("SIOCIFCREATE", "cl0"), ask("SIOCSIFFLAGS", "cl0", 1), ask("SIOCIFDESTROY", "cl0")]),
        user(1, [ask("SIOCIFCREATE", "cl0"), ask("SIOCGIFCONF", "", 400)]),
      ],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { interfaces: [0, 1], links: [[], ["ethernet"]] },
      actors: [
        { kind: "ioctl", count: [1, 1], size: [1, 4] },
        { kind: "ioctl", count: [1, 1], size: [1, 4], names: ["cl0", "cl0", "em0", "cl"] },
        { kind: "updown", count: [0, 1], size: [1, 1] },
        { kind: "multi", count: [0, 1], size: [1, 2], ops: ["promiscuous"], numbers: [0] },
      ],
      faults: { waitokBlocks: [false, true] },
    },
  },
  {
    name: "ioctl-on-arrival",
    purpose: "a user brings an interface up as soon as it is announced",
    smallest: {
      topology: { ...PLAIN, interfaces: 0, owners: [0, 1], interruptCpus: [1, 0] },
      workload: [user(1, [ask("SIOCIFCREATE", "cl0")]), user(0, [{ do: "await" }, ask("SIOCSIFFLAGS", "cl0", 1)])],
      faults: NO_FAULTS,
    },
    vary: {
      topology: { ncpus: [2, 3], subqs: [1, 2], serializers: ["single", "per-ring"], netisrBatch: [1, 2, 512] },
    },
  },
];
