/**
 * Control requests of users: their answers are those of a machine on which they are alone, or at least among those that the
 * kernel has for them; what is listed fits the buffer it is listed into, and names are whole, whoever renames.
 */
import { IFIOCTL_ERRNOS, OTHER_ERRNOS, Ifconf, SOCKIO, errnoName, type RequestErrnos } from "../../model/index.ts";
import {
  UNTOUCHED,
  confEntries,
  numberOf,
  type ActorConfig,
  type IoctlRecord,
  type World,
} from "../../scenarios/index.ts";
import { answerDifference } from "../ioctl/compare.ts";
import { Reference } from "../ioctl/reference.ts";
import { PerRun } from "../per-run.ts";
import type { Always, Broken, Eventually } from "../property.ts";

type IoctlActor = Extract<ActorConfig, { kind: "ioctl" }>;

const CONF: ReadonlySet<number> = new Set([SOCKIO.SIOCGIFCONF, SOCKIO.OSIOCGIFCONF]);

const lists = (world: World): readonly IoctlRecord[] =>
  world.ioctls.filter(({ call, error }) => CONF.has(numberOf(call.cmd)) && error === 0);

const readsNegative = ({ call: { cmd, value } }: IoctlRecord): boolean => CONF.has(numberOf(cmd)) && value < 0;
const isOld = ({ call }: IoctlRecord): boolean => numberOf(call.cmd) === SOCKIO.OSIOCGIFCONF;
const told = ({ request }: IoctlRecord): number => new Ifconf(request).ifc_len;

const reference = new PerRun<Reference>();

/** Requests that nothing runs beside are answered as the reference answers them. */
const alone: Always = {
  kind: "always",
  name: "ioctls-answer-as-alone",
  promise: "A user who is alone gets the answers of the reference.",
  watch(world) {
    const [actor, ...others] = world.config.workload;
    if (actor?.kind === "ioctl" && others.length === 0) reference.set(world, new Reference(world));
  },
  holds(world) {
    const expected = reference.get(world);
    if (expected === undefined || world.ioctls.length === 0) return null;
    const [actor] = world.config.workload as readonly [IoctlActor];
    if (actor.calls.some((call) => call.do !== "ioctl" && call.do !== "lookup")) return null;
    for (const record of world.ioctls) {
      const answer = expected.ask(record.user, record.call);
      if (answer.panics || answer.strays) return null;
      const difference = answerDifference(record, answer);
      // The seed reads a negative size as a large one, which is `ifconf-fits-its-buffer`'s: as none it may be read too.
      if (difference === null || (readsNegative(record) && record.error === 0)) continue;
      return [["request", JSON.stringify(record.call)], ...difference];
    }
    return null;
  },
};

/** What is listed fits. */
const listsFit: Eventually = {
  kind: "eventually",
  name: "ifconf-fits-its-buffer",
  promise: "SIOCGIFCONF copies out whole entries, as many bytes as it says, and never more than the buffer has.",
  holds(world): Broken {
    for (const record of lists(world)) {
      const { call: { value }, pointed } = record;
      const length = told(record);
      const fits = length >= 0 && length <= Math.max(0, value);
      const kept = pointed.subarray(Math.max(0, length)).every((byte) => byte === UNTOUCHED);
      if (fits && kept && confEntries(pointed, length, isOld(record)) !== null) continue;
      return [
        ["by", record.actor],
        ["expected", value < 0 ? "nothing: the size is negative" : `whole entries in at most ${String(value)} bytes`],
        ["got", `${String(length)} bytes${kept ? "" : ", and bytes behind them"}`],
      ];
    }
    return null;
  },
};

/** Names there may be: of interfaces at boot, of clones, of modules, and what users give. */
function isName(world: World, name: string): boolean {
  const [, driver = "", module] = /^(?:([a-z]+)[0-9]+|(mod[a-h]?))$/.exec(name) ?? [];
  if (driver === world.driver.name || driver === "cl" || module !== undefined) return true;
  return world.config.workload.some((actor) => actor.kind === "ioctl" &&
    actor.calls.some((call) => call.do === "ioctl" && call.cmd === "SIOCSIFNAME" && call.text === name));
}

/** What is listed has names that interfaces have had. */
const listedNamesAreWhole: Eventually = {
  kind: "eventually",
  name: "listed-names-are-whole",
  promise: "SIOCGIFCONF lists interfaces by names that somebody has given them.",
  holds(world): Broken {
    for (const record of lists(world)) {
      if (record.call.value < 0) continue;
      const odd = (confEntries(record.pointed, told(record), isOld(record)) ?? []).find(({ name }) => !isName(world, name));
      if (odd !== undefined) return [["by", record.actor], ["got", JSON.stringify(odd.name)]];
    }
    return null;
  },
};

/** A netisr finds interfaces by names that they have had. */
const renamesAreSeenWhole: Eventually = {
  kind: "eventually",
  name: "renames-are-seen-whole",
  promise: "A netisr finds an interface only by a name that somebody has given it.",
  holds(world): Broken {
    const odd = world.nameLookups.find(({ asked, found }) => found !== null && !isName(world, asked));
    if (odd === undefined) return null;
    return [["by", "ifunit_netisr"], ["asked for", odd.asked], ["found", odd.found?.ifp.label ?? ""]];
  },
};

const TABLE = new Map<number, RequestErrnos>(
  Object.entries(IFIOCTL_ERRNOS).map(([name, errnos]) => [numberOf(name as keyof typeof IFIOCTL_ERRNOS), errnos]),
);

/** Of the stock driver, and of the protocol with it. */
const OTHERS = { DRIVER: ["EINVAL", "EIO"], PROTOCOL: ["EPERM", "EINVAL", "EADDRNOTAVAIL", "EIO"] } as const;
/** Of the system call, before and behind the request. */
const CALL = ["EFAULT", "ENOTTY"] as const;

/** A request answers an errno that its table has. */
const errnosAreKnown: Eventually = {
  kind: "eventually",
  name: "ioctl-errnos-are-in-the-table",
  promise: "A control request answers with an errno that the table has for it.",
  holds(world): Broken {
    for (const { call, error } of world.ioctls) {
      const errnos = TABLE.get(numberOf(call.cmd)) ?? OTHER_ERRNOS;
      const known = Object.keys(errnos).flatMap((name) =>
        name === "DRIVER" || name === "PROTOCOL" ? OTHERS[name] : [name]);
      if ([...known, ...CALL].includes(errnoName(error))) continue;
      return [["request", JSON.stringify(call)], ["expected", known.join(" ")], ["got", errnoName(error)]];
    }
    return null;
  },
};

/** What the driver says no to is not told as done. */
const refusalsAreTold: Eventually = {
  kind: "eventually",
  name: "refusals-are-told",
  promise: "A control request of a user who is alone does not answer 0 when the driver was asked for it and refused.",
  holds(world): Broken {
    const odd = world.ioctls.find(({ refused, error }) => refused && error === 0);
    return odd === undefined ? null : [["request", String(odd.call.cmd)], ["expected", "the errno of the driver"], ["got", "0"]];
  },
};

/** The family. */
export const IOCTL = [alone, listsFit, listedNamesAreWhole, renamesAreSeenWhole, errnosAreKnown, refusalsAreTold] as const;
