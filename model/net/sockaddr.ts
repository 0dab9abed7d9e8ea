/**
 * Socket addresses: bytes of a family, with their length in front.
 *
 * Mirrors: sys/sys/socket.h `struct sockaddr`, `sa_equal`; sys/net/if_dl.h `struct sockaddr_dl`, `LLADDR`;
 * sys/netinet/in.h `struct sockaddr_in`; sys/netinet6/in6.h `struct sockaddr_in6`.
 *
 * A {@link Sockaddr} is memory of as many bytes as it was given; byte 0 says how many of them are meant (`sa_len`),
 * byte 1 the family, and nothing makes the two agree. A read past the memory fails. Masks are sockaddrs too: a mask that
 * was cut ends at its `sa_len`, and its family may be 0.
 *
 * The bytes are one value, never changed in place: whoever changes an address stores a new array. The bytes of a
 * `fixed` one are written before it can be found, and reads are no points; those of one that `changes` while others
 * look at it (a link-level address) are a plain word: every load and store is a point and races are reported.
 */
import { Frozen, Struct, frozen, word, type Routine, type Step, type Word } from "../../sim/index.ts";
import { deref, outOfBounds } from "../fault.ts";
import type { Kernel } from "../kernel.ts";

export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_LINK = 18;
export const AF_INET6 = 28;
/** No family has this number or a greater one. */
export const AF_MAX = 36;

/** Where `sa_data` begins. */
export const SA_DATA = 2;
/** Where `sdl_data` begins. */
export const SDL_DATA = 8;
/** `sizeof(struct sockaddr)`, and of `sockaddr_in`. */
export const SOCKADDR_SIZE = 16;
/** `sizeof(struct sockaddr_in6)`. */
export const SOCKADDR_IN6_SIZE = 28;
/** `sizeof(struct sockaddr_dl)`, with its source routing. */
export const SOCKADDR_DL_SIZE = 54;

/** May the bytes change while others look at them? */
export type SockaddrUse = "fixed" | "changes";

/** The memory of one `struct sockaddr`. */
export class Sockaddr extends Struct {
  readonly sa_bytes: Frozen<Uint8Array> | Word<Uint8Array>;

  constructor(k: Kernel, label: string, bytes: Uint8Array, use: SockaddrUse = "fixed") {
    super(k.x, label);
    this.sa_bytes = use === "fixed" ? frozen(this, bytes) : word(this, bytes);
  }
}

/**
 * All bytes of the memory of an address; fails for the null pointer. A point for an address that changes.
 * Context: any. Holds: anything. Blocks: no.
 */
export function loadSockaddr(k: Kernel, sa: Sockaddr | null, name = "sa"): Step<Uint8Array> {
  const { sa_bytes } = deref(k, sa, name);
  if (sa_bytes instanceof Frozen) return k.x.ready(sa_bytes.fixed);
  return sa_bytes.load();
}

/**
 * Other bytes in the memory of an address, as many as it has. A point for an address that changes.
 * Context: any. Holds: anything. Blocks: no.
 */
export function storeSockaddr(k: Kernel, sa: Sockaddr, bytes: Uint8Array): Step<void> {
  const { sa_bytes } = sa;
  const size = sa_bytes.peek().length;
  if (bytes.length !== size) outOfBounds(k, sa.label, bytes.length, size);
  if (!(sa_bytes instanceof Frozen)) return sa_bytes.store(bytes);
  sa_bytes.fixed = bytes;
  return k.x.ready(undefined);
}

/** One byte of what {@link loadSockaddr} gave; fails past the end of the memory. */
export function saByte(k: Kernel, sa: Sockaddr | null, bytes: Uint8Array, at: number): number {
  return bytes[at] ?? outOfBounds(k, sa?.label ?? "sockaddr", at, bytes.length);
}

/** `sa->sa_len`. Context: any. Holds: anything. Blocks: no. */
export function* saLen(k: Kernel, sa: Sockaddr | null, name = "sa"): Routine<number> {
  return saByte(k, sa, yield* loadSockaddr(k, sa, name), 0);
}

/** `sa->sa_family`. Context: any. Holds: anything. Blocks: no. */
export function* saFamily(k: Kernel, sa: Sockaddr | null, name = "sa"): Routine<number> {
  return saByte(k, sa, yield* loadSockaddr(k, sa, name), 1);
}

/**
 * Are the two the same in the `sa_len` bytes of the first? One of length 0 is the same as any. The names say which
 * pointers they are, for when one is NULL.
 * Context: any.
 * Holds: anything.
 * Blocks: no.
 */
export function* sa_equal(
  k: Kernel,
  a1: Sockaddr | null,
  a2: Sockaddr | null,
  name1 = "a1",
  name2 = "a2",
): Routine<boolean> {
  const one = yield* loadSockaddr(k, a1, name1);
  const length = saByte(k, a1, one, 0);
  if (length === 0) return true;
  const two = yield* loadSockaddr(k, a2, name2);
  for (let i = 0; i < length; i++) {
    if (saByte(k, a1, one, i) !== saByte(k, a2, two, i)) return false;
  }
  return true;
}

/**
 * What `bcopy(sa, …, sa->sa_len)` copies: the first `sa_len` bytes; fails where the memory ends before.
 * Context: any. Holds: anything. Blocks: no.
 */
export function* copySockaddr(k: Kernel, sa: Sockaddr | null, name = "sa"): Routine<Uint8Array> {
  const bytes = yield* loadSockaddr(k, sa, name);
  const length = saByte(k, sa, bytes, 0);
  if (length > bytes.length) outOfBounds(k, deref(k, sa, name).label, bytes.length, bytes.length);
  return bytes.slice(0, length);
}

/** A `struct sockaddr_in`: `address` are the four bytes. */
export function sockaddrIn(address: readonly number[], port = 0): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_SIZE);
  bytes.set([SOCKADDR_SIZE, AF_INET, port >> 8, port & 0xff, ...address]);
  return bytes;
}

/** A `struct sockaddr_in6`: `address` are the sixteen bytes. */
export function sockaddrIn6(address: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_IN6_SIZE);
  bytes.set([SOCKADDR_IN6_SIZE, AF_INET6]);
  bytes.set(address, SDL_DATA);
  return bytes;
}

/** What a `struct sockaddr_dl` says. */
export interface LinkAddress {
  readonly sdl_index: number;
  readonly sdl_type: number;
  /** Name; `sdl_nlen` is its length. */
  readonly name: string;
  /** Link-level address, behind the name; `sdl_alen` is its length. */
  readonly address: readonly number[];
  /** Size of the memory, and `sdl_len`; at least what a `struct sockaddr_dl` has. */
  readonly size?: number;
}

/** A `struct sockaddr_dl`. */
export function sockaddrDl({ sdl_index, sdl_type, name, address, size = SOCKADDR_DL_SIZE }: LinkAddress): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set([size, AF_LINK, sdl_index & 0xff, sdl_index >> 8, sdl_type, name.length, address.length, 0]);
  for (let i = 0; i < name.length; i++) bytes[SDL_DATA + i] = name.charCodeAt(i);
  bytes.set(address, SDL_DATA + name.length);
  return bytes;
}

/** `sdl_index` (bytes 2 and 3, the lower first). */
export const sdlIndex = (k: Kernel, sdl: Sockaddr, bytes: Uint8Array): number =>
  saByte(k, sdl, bytes, 2) | (saByte(k, sdl, bytes, 3) << 8);
/** `sdl_type`. */
export const sdlType = (k: Kernel, sdl: Sockaddr, bytes: Uint8Array): number => saByte(k, sdl, bytes, 4);
/** `sdl_nlen`. */
export const sdlNlen = (k: Kernel, sdl: Sockaddr, bytes: Uint8Array): number => saByte(k, sdl, bytes, 5);
/** `sdl_alen`. */
export const sdlAlen = (k: Kernel, sdl: Sockaddr, bytes: Uint8Array): number => saByte(k, sdl, bytes, 6);
/** Where `LLADDR(sdl)` begins. */
export const lladdrAt = (k: Kernel, sdl: Sockaddr, bytes: Uint8Array): number =>
  SDL_DATA + sdlNlen(k, sdl, bytes);

/** As the recorded vectors and reports write it: two hexadecimal digits a byte. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What {@link hexOf} wrote. */
export const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length >> 1 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
