/** Requests of a user as data, the bytes they are in its memory, and what became of them. */
import { IFR_IFRU, SIZEOF_IFREQ, SOCKIO, type Device } from "../../model/index.ts";

/** A request of sys/sockio.h by its name, or a number that is none of them. */
export type IoctlCmd = Extract<keyof typeof SOCKIO, `SIOC${string}` | `OSIOC${string}`> | number;

/** Every name of a request, sorted: the order of a module's exports is the bundler's. */
export const IOCTL_NAMES = Object.keys(SOCKIO)
  .filter((name): name is Extract<IoctlCmd, string> => /^O?SIOC/.test(name))
  .toSorted();

/** One step of an actor. */
export type IoctlCall =
  /** A request. What its fields mean is in {@link requestBytes}. */
  | {
      readonly do: "ioctl";
      readonly cmd: IoctlCmd;
      /** `ifr_name`, cut at 16 bytes; a shorter one ends with NULs. */
      readonly iface: string;
      /** An `int` of the request: flags, MTU, size of a buffer, last byte of an address. */
      readonly value: number;
      /** A string of the user's that the request points at. */
      readonly text: string;
      /** What is not mapped: the request itself, or what it points at; or a socket that has no protocol. */
      readonly bad: "nothing" | "request" | "pointer" | "socket";
    }
  /** The card of an interface refuses its next request. */
  | { readonly do: "refuse"; readonly iface: number }
  /** Waits until an interface is attached that was not there at boot, as devd does: for ever, if none is. */
  | { readonly do: "await" }
  /** `ifunit_netisr` in the netisr of the actor's CPU. */
  | { readonly do: "lookup"; readonly iface: string }
  /** The protocol adds an address of its own, or deletes one, at netisr 0 without the ifnet lock. */
  | { readonly do: "add-address" | "delete-address"; readonly iface: number; readonly value: number };

/** Who asks. */
export type IoctlUser = "root" | "nobody" | "jailed";

/** What became of a request. */
export interface IoctlRecord {
  readonly actor: string;
  readonly user: IoctlUser;
  readonly call: Extract<IoctlCall, { do: "ioctl" }>;
  readonly error: number;
  /** The driver was asked, and its card refused. */
  readonly refused: boolean;
  /** The user's request afterwards. */
  readonly request: Uint8Array;
  /** What it points at, afterwards. */
  readonly pointed: Uint8Array;
}

/** What a lookup in a netisr found. */
export interface LookupRecord {
  readonly asked: string;
  readonly found: Device | null;
}

/** The number of a command. */
export const numberOf = (cmd: IoctlCmd): number => (typeof cmd === "number" ? cmd : SOCKIO[cmd]);

/** Fills buffers of users before the kernel writes to them. */
export const UNTOUCHED = 0xa5;

/** The most of a buffer that is mapped, bytes. */
const BUFFER_MAX = 4096;
/** Bytes behind a buffer that are mapped as well. */
const SLACK = 128;

const ASCII = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0) & 0xff);

/** What a request points at: a string, or a buffer of `value` bytes. */
export function pointedBytes({ cmd, value, text }: IoctlRecord["call"]): Uint8Array {
  if (cmd === "SIOCSIFNAME") return Uint8Array.from([...ASCII(text), 0]);
  if (cmd === "SIOCGIFCONF" || cmd === "OSIOCGIFCONF") {
    return new Uint8Array(value < 0 ? BUFFER_MAX : Math.min(value, BUFFER_MAX) + SLACK).fill(UNTOUCHED);
  }
  return new Uint8Array(cmd === "SIOCGIFDATA" || cmd === "SIOCIFGCLONERS" ? BUFFER_MAX : 0).fill(UNTOUCHED);
}

/** Link-level address of group `value`, and of the interface itself. */
const GROUP = [0x01, 0x00, 0x5e, 0, 0];
const OWN = [0x02, 0, 0, 0, 0];

/** Values above it say that an address is longer than it is. */
const LONG = 0x7000_0000;

/** Bit 8 of a value says that an address is of no group. */
const isOfGroup = (value: number): boolean => (value & 0x100) === 0;

/** The bytes of a request of `size` bytes that points at `pointer`. */
export function requestBytes(call: IoctlRecord["call"], size: number, pointer: number): Uint8Array {
  const { cmd, iface, value } = call;
  const bytes = new Uint8Array(Math.max(size, SIZEOF_IFREQ));
  const view = new DataView(bytes.buffer);
  const point = (at: number): void => {
    view.setBigUint64(at, BigInt(pointer), true);
  };
  bytes.set(ASCII(iface).slice(0, IFR_IFRU));
  switch (cmd) {
    case "SIOCGIFCONF":
    case "OSIOCGIFCONF":
      view.setInt32(0, value, true);
      point(8);
      break;
    case "SIOCIFGCLONERS":
      view.setInt32(4, value, true);
      point(8);
      break;
    case "SIOCSIFNAME":
    case "SIOCGIFDATA":
    case "SIOCIFCREATE2":
      point(IFR_IFRU);
      break;
    case "SIOCADDMULTI":
    case "SIOCDELMULTI":
      // A negative value: not a link-level address; with bit 8: of no group; a very large one: of a length that the request does not have.
      bytes.set([cmd === "SIOCADDMULTI" && value > LONG ? 255 : 16, value < 0 ? 2 : 18, 0, 0, 0, 0, 6, 0, ...(isOfGroup(value) ? GROUP : OWN), value & 0xff], IFR_IFRU);
      break;
    case "SIOCSIFLLADDR":
      bytes.set([value < 0 ? 0 : 6, 18, ...OWN, value & 0xff], IFR_IFRU);
      break;
    case "SIOCSIFADDR":
    case "SIOCAIFADDR":
    case "SIOCDIFADDR":
      bytes.set([16, 2, 0, 0, 10, 0, 0, value & 0xff], IFR_IFRU);
      break;
    default:
      view.setInt32(IFR_IFRU, value, true);
  }
  return bytes.slice(0, size);
}

/** An entry that `SIOCGIFCONF` has copied out. */
export interface ConfEntry {
  readonly name: string;
  readonly family: number;
}

/** The entries in so many bytes of a buffer; null where they do not end with it. */
export function confEntries(buffer: Uint8Array, length: number, old: boolean): readonly ConfEntry[] | null {
  const entries: ConfEntry[] = [];
  let at = 0;
  while (at < length) {
    if (at + SIZEOF_IFREQ > length) return null;
    const bytes = buffer.subarray(at, at + IFR_IFRU);
    const end = bytes.indexOf(0);
    if (end < 0) return null;
    const [sa_len = 0, family = 0] = buffer.subarray(at + IFR_IFRU);
    entries.push({ name: String.fromCharCode(...bytes.subarray(0, end)), family: old ? sa_len : family });
    at += IFR_IFRU + (old ? 16 : Math.max(16, sa_len));
  }
  return at === length ? entries : null;
}
