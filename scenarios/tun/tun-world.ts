/** What a run has seen of its tun devices: processes append, properties read. */
import { softcPeek, type File, type Ifnet2008, type Kernel, type Proc, type TunSoftc } from "../../model/index.ts";
import type { World } from "../world.ts";
import { PLAIN_TUN, type TunTopology } from "./config.ts";

/** A packet the stack or a listener handed to the interface. */
export interface TunSent {
  readonly unit: number;
  readonly sender: string;
  readonly bytes: readonly number[];
  /** Errno; null while it is under way. */
  error: number | null;
}

/** A read that has returned. */
export interface TunRead {
  readonly unit: number;
  readonly reader: string;
  readonly error: number;
  readonly bytes: readonly number[];
  /** The device was opened for whom: the n-th open. */
  readonly file: File;
}

/** A write, and what came of it. */
export interface TunWritten {
  readonly writer: string;
  /** Without the family in front, if it has one. */
  readonly bytes: readonly number[];
  error: number | null;
}

/** One request that set a mode, with the bits it set and cleared. */
export interface TunMode {
  readonly unit: number;
  readonly set: number;
  readonly clear: number;
}

/** Everything that concerns tun devices in one run. */
export class TunWorld {
  readonly k: Kernel;
  readonly options: TunTopology;
  /** Files by unit: the last one opened. */
  readonly files: (File | null)[] = [null, null];
  readonly procs: Proc[] = [];
  readonly sent: TunSent[] = [];
  readonly reads: TunRead[] = [];
  readonly writes: TunWritten[] = [];
  readonly arrived: (readonly number[])[] = [];
  readonly modes: TunMode[] = [];
  /** Closes and revokes that have begun, and those that are over. */
  closes = 0;
  closed = 0;
  /** Files of one unit that were open at once, at most. */
  opens = 0;
  most = 0;
  /** Who is in a read that may sleep, and who in a poll, by unit. */
  readonly reading = new Map<string, number>();
  readonly polling = new Map<string, number>();
  /** A poll said that one may read, and the read that followed would have slept. */
  lies = 0;
  nextTag = 1;

  constructor(k: Kernel, options: TunTopology) {
    this.k = k;
    this.options = options;
  }

  /** The softc of a unit; null before it was ever opened. */
  softc(unit: number): TunSoftc | null {
    const dev = this.k.devices.nodes.get(`tun${String(unit)}`);
    return dev === undefined ? null : softcPeek(dev);
  }
  ifp(unit: number): Ifnet2008 | null {
    return this.softc(unit)?.tun_if ?? null;
  }
}

const KEY = { label: "tun" };

/** The tun part of a world, made when first asked for; null when its machine has no tun devices. */
export function tunOf(world: World): TunWorld | null {
  const options = world.config.topology.tun;
  if (options === undefined) return null;
  const known = world.notes.get(KEY);
  if (known instanceof TunWorld) return known;
  const made = new TunWorld(world.k, { ...PLAIN_TUN, ...options });
  world.notes.set(KEY, made);
  return made;
}
