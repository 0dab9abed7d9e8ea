/** tun(4): who waits is woken, what is moved is whole, what is said is true, and closing leaves nothing. */
import { EINTR, TUN_ASYNC, TUN_IFHEAD, TUN_LMODE, TUN_OPEN } from "../../model/index.ts";
import { tunOf, type ActorConfig, type TunWorld } from "../../scenarios/index.ts";
import type { Broken, Eventually, Sometimes } from "../property.ts";
import { mayRead, sleepers, tunDevices } from "./tun-view.ts";

/** Processes that read. */
const readers = (workload: readonly ActorConfig[]): number =>
  workload.filter((actor) => actor.kind === "tun" && actor.ops.some((op) => op.do === "read" || op.do === "poll-read")).length;

/** Nobody sleeps in a read while there is a packet for it. */
const tunReadersAreWoken: Eventually = {
  kind: "eventually",
  name: "tun-readers-are-woken",
  promise: "A process that sleeps in a read of a tun device is woken when there is a packet.",
  holds(world) {
    const tun = tunOf(world);
    for (const [unit, sc] of tunDevices(world)) {
      const asleep = tun === null ? [] : sleepers(tun.reading, unit);
      if (mayRead(sc) && asleep.length > 0) {
        return [["asleep in tunread", asleep.join(", ")], ["only_reader", String(readers(world.config.workload) === 1)]];
      }
    }
    return null;
  },
};

/** Nobody sleeps in a poll while there is something to read. Poll may know that the token bucket holds a packet back. */
const tunPollersAreWoken: Eventually = {
  kind: "eventually",
  name: "tun-pollers-are-woken",
  promise: "A process that waits in poll for input of a tun device is woken when there is a packet.",
  holds(world) {
    const tun = tunOf(world);
    for (const [unit, sc] of tunDevices(world)) {
      const asleep = tun === null ? [] : sleepers(tun.polling, unit);
      if (mayRead(sc) && asleep.length > 0) return [["asleep in poll", asleep.join(", ")]];
    }
    return null;
  },
};

/** How much stands in front of a packet that was read: an address, a family or nothing. */
const FRONTS: readonly number[] = [0, 4, 16];

const startsWith = (whole: readonly number[], part: readonly number[], at: number): boolean =>
  part.length > at && part.slice(at).every((byte, i) => whole[i] === byte);

/** The packet that was read, as its bytes tell. */
function sourceOf(tun: TunWorld, bytes: readonly number[]): number {
  return tun.sent.findIndex((sent) => FRONTS.some((front) => startsWith(sent.bytes, bytes, front)));
}

/** What was read: some packet, each once, and of one sender in the order it sent them. */
const tunReadsAreWhole: Eventually = {
  kind: "eventually",
  name: "tun-reads-are-whole",
  promise: "Every packet read from a tun device is one that was sent, from its first byte on, once; one reader gets them in the order of their sender.",
  holds(world) {
    const tun = tunOf(world);
    const last = new Map<string, number>();
    const seen = new Set<number>();
    for (const { bytes, error, reader } of tun?.reads ?? []) {
      if (tun === null || error !== 0 || bytes.length < 4) continue;
      const at = sourceOf(tun, bytes);
      const sender = tun.sent[at]?.sender ?? "nobody";
      if (at < 0 || seen.has(at)) return [["read_by tunread", bytes.join(" ")], ["sent_by", sender]];
      if (!ordered(last, `${sender} to ${reader}`, at)) return [["out_of_order", sender]];
      seen.add(at);
    }
    return null;
  },
};

function ordered(last: Map<string, number>, sender: string, at: number): boolean {
  const before = last.get(sender) ?? -1;
  last.set(sender, at);
  return at > before;
}

/** What was written arrives or is refused. */
const tunWritesArrive: Eventually = {
  kind: "eventually",
  name: "tun-writes-arrive",
  promise: "A packet that a process writes to a tun device reaches its protocol whole and once if the write succeeds, and not at all if it fails.",
  holds(world) {
    const tun = tunOf(world);
    for (const { bytes, error, writer } of tun?.writes ?? []) {
      const copies = (tun?.arrived ?? []).filter((got) => got.join() === bytes.join()).length;
      const expected = error === 0 ? 1 : 0;
      if (error !== null && copies !== expected) return [["tunwrite by", writer], ["expected", String(expected)], ["got", String(copies)]];
    }
    return null;
  },
};

/** Poll says that one may read what one then may not. */
const tunPollTellsTheTruth: Eventually = {
  kind: "eventually",
  name: "tun-poll-tells-the-truth",
  promise: "When poll says that a tun device may be read, and nobody else reads, a read finds a packet.",
  holds(world) {
    const tun = tunOf(world);
    if (tun === null || tun.lies === 0) return null;
    return readers(world.config.workload) > 1 ? null : [["tunpoll", "said POLLIN"], ["tunread", "answered EWOULDBLOCK"]];
  },
};

/** What must be gone when nobody has the device open. */
function leftovers(tun: TunWorld, unit: number, sc: ReturnType<typeof tunDevices>[number][1]): Broken {
  const { tun_if } = sc;
  if ((sc.tun_flags.peek() & TUN_OPEN) !== 0) return [["left_behind", "TUN_OPEN"]];
  if (tun_if.if_snd.packets.peek().length > 0) return [["left_behind", "if_snd"]];
  if (sc.tun_sigio.peek() !== null) return [["left_behind", "tun_sigio"]];
  const asleep = sleepers(tun.reading, unit);
  return asleep.length > 0 ? [["left_behind asleep in tunread", asleep.join(", ")]] : null;
}

/** A device that is closed has nothing of who had it open. */
const tunCloseLeavesNothing: Eventually = {
  kind: "eventually",
  name: "tun-close-leaves-nothing",
  promise: "When a tun device has been closed it is free for the next, has no packet and no owner, and nobody sleeps in a read of it.",
  holds(world) {
    const tun = tunOf(world);
    if (tun === null || tun.closed === 0 || tun.closes !== tun.closed || world.k.devices.open.size > 0) return null;
    for (const [unit, sc] of tunDevices(world)) {
      const left = leftovers(tun, unit, sc);
      if (left !== null) return left;
    }
    return null;
  },
};

/** A device is open once. */
const tunOpensAreExclusive: Eventually = {
  kind: "eventually",
  name: "tun-opens-are-exclusive",
  promise: "A tun device is open for one process at a time, and is made once.",
  holds(world) {
    const tun = tunOf(world);
    const made = world.k.net.tun?.made.length ?? 0;
    const open = tun?.most ?? 0;
    return open <= 1 && made <= 1 ? null : [["tuncreate", String(made)], ["tunopen", String(open)]];
  },
};

/** Modes are what was last set. */
const tunModesStick: Eventually = {
  kind: "eventually",
  name: "tun-modes-stick",
  promise: "A mode of a tun device that a request has set is set until another request clears it.",
  holds(world) {
    const tun = tunOf(world);
    if (tun === null || setters(world.config.workload) !== 1) return null;
    for (const [unit, sc] of tunDevices(world)) {
      const modes = tun.modes.filter((mode) => mode.unit === unit);
      const wanted = modes.reduce((bits, { set, clear }) => (bits | set) & ~clear, tun.options.head ? TUN_IFHEAD : 0);
      const got = sc.tun_flags.peek() & (TUN_IFHEAD | TUN_LMODE | TUN_ASYNC);
      if (modes.length > 0 && got !== wanted) return [["tun_flags", `${String(got)} instead of ${String(wanted)}`]];
    }
    return null;
  },
};

/** Processes that change modes: two of them may overtake each other. */
const setters = (workload: readonly ActorConfig[]): number =>
  workload.filter((actor) => actor.kind === "tun" && actor.ops.some((op) => op.do === "ioctl")).length;

/** Some run has a signal end a read. */
const tunReadsAreInterrupted: Sometimes = {
  kind: "sometimes",
  name: "tun-reads-are-interrupted",
  promise: "Some read of a tun device is ended by a signal.",
  scenarios: ["tun-reads"],
  watch() {
    return;
  },
  seenAtEnd: (world) => (tunOf(world)?.reads ?? []).some(({ error }) => error === EINTR),
};

/** The family. */
export const TUN = [
  tunReadersAreWoken,
  tunPollersAreWoken,
  tunReadsAreWhole,
  tunWritesArrive,
  tunPollTellsTheTruth,
  tunCloseLeavesNothing,
  tunOpensAreExclusive,
  tunModesStick,
  tunReadsAreInterrupted,
] as const;
