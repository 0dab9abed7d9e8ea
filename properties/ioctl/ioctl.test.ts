import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, RandomWalk, Recording } from "../../sim/index.ts";
import { IFIOCTL_ERRNOS, errnoName } from "../../model/index.ts";
import { NO_FAULTS, PLAIN, startWorld, type Config, type IoctlCall, type IoctlUser, type World } from "../../scenarios/index.ts";
import { ioctlRequest } from "../arbitraries/ioctl.ts";
import { IOCTL } from "../families/ioctl.ts";
import { runOnce, type RunReport } from "../runner.ts";
import { answerDifference } from "./compare.ts";
import { Reference } from "./reference.ts";

type Request = Extract<IoctlCall, { do: "ioctl" }>;

interface Ran {
  readonly report: RunReport;
  readonly world: World;
  readonly reference: Reference;
}

const isNegative = ({ cmd, value }: Request): boolean => (cmd === "SIOCGIFCONF" || cmd === "OSIOCGIFCONF") && value < 0;

/** One user on a machine with two interfaces; pages are there or have to be waited for. */
function runUser(user: IoctlUser, calls: readonly Request[], waitokBlocks = false): Ran {
  const config: Config = {
    topology: { ...PLAIN, interfaces: 2 },
    workload: [{ kind: "ioctl", cpu: 0, user, calls }],
    faults: { ...NO_FAULTS, waitokBlocks },
  };
  const strategy = new RandomWalk();
  strategy.begin("1");
  const made: { world: World; reference: Reference }[] = [];
  const report = runOnce({
    start: (x) => {
      const world = startWorld(x, config);
      made.push({ world, reference: new Reference(world) });
      return world;
    },
    strategy,
    limits: DEFAULT_LIMITS,
    recording: new Recording(),
    // A negative size is a finding of its own.
    properties: IOCTL.filter(({ name }) => name !== "ifconf-fits-its-buffer" || !calls.some(isNegative)),
  });
  const [{ world, reference }] = made as [{ world: World; reference: Reference }];
  return { report, world, reference };
}

const request = (cmd: Request["cmd"], iface = "em0", fields: Partial<Request> = {}): Request =>
  ({ do: "ioctl", cmd, iface, value: 0, text: "", bad: "nothing", ...fields });

/** What each request is answered. */
function errnos(user: IoctlUser, ...calls: readonly Request[]): readonly string[] {
  const { report, world } = runUser(user, calls);
  expect(report.failure).toBeNull();
  return world.ioctls.map(({ error }) => errnoName(error));
}

describe("whatever users ask for", () => {
  it("is answered as the reference answers it, and breaks nothing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<IoctlUser>("root", "root", "root", "nobody", "jailed"),
        fc.array(ioctlRequest, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (user, calls, waits) => {
          const { report, world, reference } = runUser(user, calls, waits);
          for (const call of calls) {
            const expected = reference.ask(user, call);
            if (expected.strays) return;
            if (expected.panics) {
              // A clone under another name: the cloner's own assertion ends it. An address that is longer than its request.
              expect(["Panic", "Memory"]).toContain(report.failure?.kind);
              return;
            }
            const record = world.ioctls.shift();
            expect(record?.call).toBe(call);
            expect(answerDifference(record!, expected)).toBeNull();
          }
          expect(report.failure).toBeNull();
        },
      ),
      { seed: 4, numRuns: 150 },
    );
  });
});

describe("a rename", () => {
  it("puts the name everywhere, and moves the link-level address behind it", () => {
    const { report, world } = runUser("root", [
      request("SIOCSIFNAME", "em0", { text: "fifteencharlong" }),
      request("SIOCGIFMTU", "em0"),
      request("SIOCGIFMTU", "fifteencharlong"),
    ]);

    expect(report.failure).toBeNull();
    expect(world.ioctls.map(({ error }) => errnoName(error))).toEqual(["0", "ENXIO", "0"]);
    const { ifp } = world.devices[0]!;
    expect(ifp.if_xname).toBe("fifteencharlong");
    const bytes = ifp.if_lladdr.peek()!.ifa_addr.peek()!.sa_bytes.peek();
    expect([bytes[5], String.fromCharCode(...bytes.subarray(8, 23))]).toEqual([15, "fifteencharlong"]);
    const mask = ifp.if_lladdr.peek()!.ifa_netmask.peek()!.sa_bytes.peek();
    expect([...mask.subarray(8, 24)]).toEqual([...Array.from({ length: 15 }, () => 0xff), 0]);
  });

  it("is refused for good reasons", () => {
    const rename = (text: string, fields: Partial<Request> = {}): Request => request("SIOCSIFNAME", "em0", { text, ...fields });

    expect(errnos("root", rename("em1"), rename("em0"), rename(""), rename("sixteencharslong"), rename("x", { bad: "pointer" })))
      .toEqual(["EEXIST", "EEXIST", "EINVAL", "ENAMETOOLONG", "EFAULT"]);
    expect(errnos("nobody", rename("ix0"))).toEqual(["EPERM"]);
    expect(errnos("jailed", rename("ix0"))).toEqual(["EPERM"]);
  });
});

describe("the list of interfaces", () => {
  const list = (value: number, fields: Partial<Request> = {}): Request => request("SIOCGIFCONF", "", { value, ...fields });
  const lengths = (...calls: readonly Request[]): readonly number[] => {
    const { report, world } = runUser("root", calls);
    expect(report.failure).toBeNull();
    return world.ioctls.map(({ request: bytes }) => new DataView(bytes.buffer).getInt32(0, true));
  };

  it("ends where the next entry does not fit", () => {
    expect(lengths(list(0), list(32), list(71), list(72), list(143), list(144), list(1000))).toEqual([0, 0, 0, 72, 72, 144, 144]);
  });

  it("takes a negative size for the largest there is", () => {
    expect(lengths(list(-1), list(-0x8000_0000))).toEqual([144, 144]);
  });

  it("has an old form with short addresses", () => {
    expect(lengths(request("OSIOCGIFCONF", "", { value: 1000 }))).toEqual([64]);
  });

  it("says when the buffer is not the user's", () => {
    expect(errnos("root", list(1000, { bad: "pointer" }), list(1000, { bad: "request" }), list(10, { bad: "pointer" })))
      .toEqual(["EFAULT", "EFAULT", "0"]);
  });
});

describe("clones", () => {
  it("are told by their names, which may be each other's: the answer is the reference's, and then it tells no more", () => {
    const create = (name: string): Request => request("SIOCIFCREATE", name);
    const rename = (name: string, text: string): Request => request("SIOCSIFNAME", name, { text });
    const calls = [create("cl0"), create("cl1"), rename("cl1", "ix0"), rename("cl0", "cl1"), request("SIOCIFDESTROY", "cl1")];

    const { report, world, reference } = runUser("root", calls);
    expect(report.failure).toBeNull();
    expect(world.ioctls.map(({ error }) => error)).toEqual([0, 0, 0, 0, 0]);
    expect(calls.map((call) => reference.ask("root", call).strays)).toEqual([false, false, false, false, true]);
  });

  it("are made and destroyed by name", () => {
    expect(errnos("root", request("SIOCIFCREATE", "cl"), request("SIOCIFCREATE", "cl0"), request("SIOCIFCREATE", "cl1"), request("SIOCIFCREATE", "cl9"),
      request("SIOCIFCREATE", "xy"), request("SIOCIFDESTROY", "cl1"), request("SIOCIFDESTROY", "cl1"), request("SIOCIFDESTROY", "em0")))
      .toEqual(["0", "EEXIST", "0", "ENXIO", "EINVAL", "0", "ENXIO", "EINVAL"]);
  });

  it("run out", () => {
    expect(errnos("root", ...Array.from({ length: 9 }, () => request("SIOCIFCREATE", "cl"))).slice(-2)).toEqual(["0", "ENOSPC"]);
  });

  it("that are renamed cannot be destroyed, and their unit is in the way", () => {
    const { report } = runUser("root", [request("SIOCIFCREATE", "cl0"), request("SIOCSIFNAME", "cl0", { text: "ix0" }), request("SIOCIFCREATE", "cl0")]);

    expect(report.failure?.id).toBe("if-clone-create-bit-is-already-set");
  });
});

it("the table of errnos has a line of ifioctl or ifconf for each", () => {
  const lines = Object.values(IFIOCTL_ERRNOS).flatMap((errno) => Object.values(errno));

  expect(lines.every((line) => line >= 1745 && line <= 2343)).toBe(true);
});
