/** Requests of users, drawn: mostly sensible ones about interfaces there are, and everything else now and then. */
import fc from "fast-check";
import { IOCTL_NAMES, type ActorConfig, type IoctlCall, type IoctlCmd, type IoctlUser } from "../../scenarios/index.ts";

const INT = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });

/** Names there are, names that come and go, names in between, and no names. */
const NAMES = ["em0", "em0", "em0", "em0", "em0", "em0", "em1", "ix0", "ix1", "im0", "cl0", "cl1", "cl", "", "wlan0", "sixteencharslong", "clx"] as const;

const COMMON: readonly IoctlCmd[] = [
  "SIOCGIFCONF", "SIOCSIFNAME", "SIOCSIFNAME", "SIOCGIFFLAGS", "SIOCSIFFLAGS", "SIOCGIFMTU", "SIOCSIFMTU", "SIOCIFCREATE", "SIOCIFDESTROY",
  "SIOCAIFADDR", "SIOCDIFADDR", "SIOCSIFADDR",
];

/** Requests that want privileges, and have something to answer then. */
const PRIVILEGED: readonly IoctlCmd[] = [
  "SIOCSIFFLAGS", "SIOCSIFCAP", "SIOCSIFMETRIC", "SIOCSIFPHYS", "SIOCSIFMTU", "SIOCSIFTSOLEN", "SIOCADDMULTI", "SIOCDELMULTI",
  "SIOCSIFLLADDR", "SIOCSIFMEDIA",
];

/** `IFF_PPROMISC`, `IFF_NPOLLING`, both with `IFF_UP`. */
const FLAGS = [0x2_0000, 0x2_0001, 0x10_0000, 0x10_0001] as const;

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 2, 7, 31, 32, 33, 60, 72, 80, 104, 200, 400, 1000, 1500, 65_535, -1, 0x7fff_feff) },
  { weight: 1, arbitrary: fc.constantFrom(...FLAGS) },
  { weight: 2, arbitrary: INT },
);

/** Any request. */
export const ioctlRequest: fc.Arbitrary<Extract<IoctlCall, { do: "ioctl" }>> = fc.record({
  do: fc.constant("ioctl" as const),
  cmd: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...COMMON) },
    { weight: 6, arbitrary: fc.constantFrom(...IOCTL_NAMES) },
    { weight: 5, arbitrary: fc.constantFrom(...PRIVILEGED) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }) },
  ),
  iface: fc.constantFrom(...NAMES),
  value,
  text: fc.constantFrom("ix0", "ix1", "em0", "em1", "wlan0", "", "fifteencharlong", "sixteencharslong", "a name of more than that"),
  bad: fc.oneof({ weight: 8, arbitrary: fc.constant("nothing" as const) }, fc.constantFrom("request" as const, "pointer" as const, "socket" as const)),
});

const call: fc.Arbitrary<IoctlCall> = fc.oneof(
  { weight: 8, arbitrary: ioctlRequest },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refuse" as const), iface: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("lookup" as const), iface: fc.constantFrom(...NAMES) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("add-address" as const, "delete-address" as const),
      iface: fc.nat({ max: 1 }),
      value: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

const WHO: fc.Arbitrary<IoctlUser> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("root" as const) },
  fc.constantFrom("nobody" as const, "jailed" as const),
);

/** The same about one of these interfaces. */
const about = (names: readonly string[]): fc.Arbitrary<IoctlCall> =>
  fc.tuple(call, fc.constantFrom(...names)).map(([one, iface]) => (one.do === "ioctl" || one.do === "lookup" ? { ...one, iface } : one));

/** A user who makes so many of them; about these interfaces only, if they are named. */
export const ioctlUser = (
  cpu: fc.Arbitrary<number>,
  [minLength, maxLength]: readonly [number, number],
  names?: readonly string[],
): fc.Arbitrary<ActorConfig> =>
  fc.record({
    kind: fc.constant("ioctl" as const),
    cpu,
    user: WHO,
    calls: fc.array(names === undefined ? call : about(names), { minLength, maxLength }),
  });
