/** What routines and requests return in drawn runs of every scenario, for the test that nothing of the tables is missing. */
import { DEFAULT_LIMITS, RandomWalk, Recording, type Routine } from "../sim/index.ts";
import { ERRNOS, IFIOCTL_ERRNOS, OTHER_ERRNOS, errnoName, nicDriver, type Driver } from "../model/index.ts";
import {
  IOCTL_NAMES,
  NO_FAULTS,
  PLAIN,
  numberOf,
  startWorld,
  type ActorConfig,
  type ActorRoutines,
  type Config,
  type IoctlCall,
  type IoctlCmd,
  type ModuleOp,
  type Scenario,
  type World,
} from "../scenarios/index.ts";
import { configFor } from "./arbitraries/config.ts";
import { runOnce } from "./runner.ts";

/** A cell: `routine errno`, or `request errno`. */
export type Seen = Set<string>;

/** Every cell of the tables. Of requests DRIVER and PROTOCOL stand for what others answer. */
export const CELLS: readonly string[] = [
  ...Object.entries(ERRNOS).flatMap(([routine, errnos]) => Object.keys(errnos).map((errno) => `${routine} ${errno}`)),
  ...[...Object.entries(IFIOCTL_ERRNOS), ["others", OTHER_ERRNOS] as const].flatMap(([request, errnos]) =>
    Object.keys(errnos).filter((errno) => errno !== "DRIVER" && errno !== "PROTOCOL").map((errno) => `${request} ${errno}`)),
];

const REQUESTS: ReadonlyMap<number, string> = new Map(
  Object.keys(IFIOCTL_ERRNOS).map((name) => [numberOf(name as IoctlCmd), name]),
);

/** Listens to a run. */
function listen(world: World, seen: Seen): void {
  const returned = (routine: string, error: number): void => void seen.add(`${routine} ${errnoName(error)}`);
  if (world.loopback === null) world.k.onErrno = returned;
  else world.loopback.xnu.onErrno = returned;
}

/** What its users were answered. */
function addAnswers(world: World, seen: Seen): void {
  for (const { call, error } of world.ioctls) {
    const request = REQUESTS.get(numberOf(call.cmd)) ?? "others";
    seen.add(`${request} ${errnoName(error)}`);
  }
}

/** So many random runs of a scenario, from records drawn by seeds `first`, `first + 1`, … Nothing is armed: no run ends early. */
export function addRuns(scenario: Scenario, first: number, runs: number, seen: Seen): void {
  for (let seed = first; seed < first + runs; seed++) {
    runConfig(configFor(scenario, String(seed)), String(seed), scenario.routines ?? {}, seen);
  }
}

const recording = new Recording();

function runConfig(config: Config, seed: string, routines: ActorRoutines, seen: Seen): void {
  const strategy = new RandomWalk();
  strategy.begin(seed);
  const made: World[] = [];
  runOnce({
    start: (x) => {
      const world = startWorld(x, config, { drivers: [obliging], routines });
      listen(world, seen);
      made.push(world);
      return world;
    },
    strategy,
    limits: DEFAULT_LIMITS,
    recording,
    properties: [],
  });
  for (const world of made) addAnswers(world, seen);
}

type Request = Extract<IoctlCall, { do: "ioctl" }>;

const PAIRS = [["nothing", "em0"], ["request", "em0"], ["pointer", "em0"], ["socket", "em0"], ["nothing", "none0"]] as const;
const VALUES = [0, 1, 400] as const;

const ask = (cmd: IoctlCmd, iface: string, value = 0, text = "ix1", bad: Request["bad"] = "nothing"): Request =>
  ({ do: "ioctl", cmd, iface, value, text, bad });

/** Every request of a user, about an interface there is and about none, with what it points at mapped or not. */
const sweep = (driver: string): readonly Request[] =>
  IOCTL_NAMES.flatMap((cmd) => PAIRS.flatMap(([bad, iface]) =>
    VALUES.map((value) => ask(cmd, iface.replace("em", driver), value, "ix1", bad))));

/** Requests of which one does not say all. */
const SEQUENCES: readonly (readonly Request[])[] = [
  Array.from({ length: 9 }, () => ask("SIOCIFCREATE", "cl")),
  Array.from({ length: 9 }, () => ask("SIOCIFCREATE2", "cl")),
  (["SIOCIFCREATE", "SIOCIFCREATE2"] as const).flatMap((cmd) => ["cl1", "cl1", "cl9", "xy"].map((name) => ask(cmd, name))),
  [ask("SIOCIFCREATE", "cl0"), ask("SIOCIFDESTROY", "cl0"), ask("SIOCIFDESTROY", "em0"), ask("SIOCIFDESTROY", "cl1")],
  [ask("SIOCIFGCLONERS", "", -1), ask("SIOCIFGCLONERS", "", 1, "", "pointer")],
  [ask("SIOCSIFNAME", "em0", 0, "sixteencharslong"), ask("SIOCSIFNAME", "em0", 0, "em1"), ask("SIOCSIFNAME", "em0", 0, "")],
  [ask("SIOCADDMULTI", "em0", 1), ask("SIOCDELMULTI", "em0", 1), ask("SIOCDELMULTI", "em0", 1), ask("SIOCADDMULTI", "em0", -1), ask("SIOCDELMULTI", "em0", -1)],
  [ask("OSIOCGIFCONF", "", 400, "", "pointer"), ask("SIOCGIFCONF", "", 400, "", "pointer")],
  [ask("SIOCSIFFLAGS", "em0", 0x10_0001), ask("SIOCSIFFLAGS", "em0", 1)],
  [ask("SIOCSIFLLADDR", "em0", 1), ask("SIOCSIFLLADDR", "em0", -1)],
];

/** A driver that knows every request and says yes. */
const obliging: Driver = { ...nicDriver, name: "ob", if_ioctl: yes };
function* yes(): Routine<number> {
  return 0;
}

/** Users who make every request, of the stock driver, of one that says yes, and of one without a routine. */
export function addRequests(seen: Seen): void {
  const topology = { ...PLAIN, interfaces: 2, links: ["ethernet"] } as const;
  const run = (actor: ActorConfig, driver?: string): void => {
    const config = { topology: driver === undefined ? topology : { ...topology, driver }, workload: [actor], faults: NO_FAULTS };
    runConfig(config, "1", {}, seen);
  };
  for (const user of ["root", "nobody", "jailed"] as const) {
    for (const call of sweep("em")) run({ kind: "ioctl", cpu: 0, user, calls: [call] });
  }
  const plain = { topology: { ...PLAIN, interfaces: 1 }, faults: NO_FAULTS };
  const strange = (["SIOCADDMULTI", "SIOCDELMULTI"] as const).map((cmd) => ask(cmd, "em0"));
  runConfig({ ...plain, workload: [{ kind: "ioctl", cpu: 0, user: "root", calls: strange }] }, "1", {}, seen);
  for (const calls of SEQUENCES) run({ kind: "ioctl", cpu: 0, user: "root", calls });
  for (const call of sweep("ob")) run({ kind: "ioctl", cpu: 0, user: "root", calls: [call] }, "ob");
  const asks = IOCTL_NAMES.map((_, n): ModuleOp => ({ op: "ask", n }));
  const others = [{ op: "lladdr", n: 1 }, { op: "queue", n: 0 }] as const;
  for (const op of [...asks, ...others]) run({ kind: "module", cpu: 0, driver: "loop", ops: [op] });
}
