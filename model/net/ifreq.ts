/**
 * What control requests carry, as the bytes that come from the user and go back: names, unions, pointers and all.
 *
 * Mirrors: sys/net/if.h `struct ifreq`, `ifconf`, `ifstat`, `if_clonereq`, with pointers of 8 bytes and the
 * lower byte first; libkern `strlcpy`, `strncmp` on such names.
 */
import { SIZEOF_IFREQ } from "../sys/sockio.ts";

/** An address of a user. */
type Uaddr = number;

/** Bytes of an interface name, its NUL included. */
export const IFNAMSIZ = 16;

/** Bytes: what `SIOCSIFMTU` takes. */
export const IF_MINMTU = 72;
export const IF_MAXMTU = 65535;

/** Where the union of an `ifreq` begins, and its size. */
export const IFR_IFRU = 16;

const view = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** A pointer in a request: an address no machine has stays out of reach as a number. */
const pointerAt = (data: Uint8Array, at: number): Uaddr => Number(view(data).getBigUint64(at, true));

/** `struct ifreq`: a view of the bytes of a request. */
export class Ifreq {
  /** All of it; `caddr_t data`. */
  readonly data: Uint8Array;
  readonly #view: DataView;

  constructor(data: Uint8Array = new Uint8Array(SIZEOF_IFREQ)) {
    this.data = data;
    this.#view = view(data);
  }

  /** The bytes of `ifr_name`: there may be no NUL in them. */
  get ifr_name(): Uint8Array {
    return this.data.subarray(0, IFNAMSIZ);
  }
  /** `ifr_addr`: `sa_len`, `sa_family`, and 14 bytes of `sa_data`. */
  get ifr_addr(): Uint8Array {
    return this.data.subarray(IFR_IFRU, SIZEOF_IFREQ);
  }
  /** Low half of the flags, a `short`. */
  get ifr_flags(): number {
    return this.#view.getInt16(IFR_IFRU, true);
  }
  set ifr_flags(value: number) {
    this.#view.setInt16(IFR_IFRU, value, true);
  }
  /** High half of the flags, a `short`. */
  get ifr_flagshigh(): number {
    return this.#view.getInt16(IFR_IFRU + 2, true);
  }
  set ifr_flagshigh(value: number) {
    this.#view.setInt16(IFR_IFRU + 2, value, true);
  }
  /** A `short`. */
  set ifr_index(value: number) {
    this.#view.setInt16(IFR_IFRU, value, true);
  }
  get ifr_index(): number {
    return this.#view.getInt16(IFR_IFRU, true);
  }
  /** Every member of the union that is an `int`: `ifr_metric`, `ifr_mtu`, `ifr_phys`, `ifr_media`, `ifr_reqcap`,
   * `ifr_pollcpu`, `ifr_tsolen`. */
  get ifr_int(): number {
    return this.#view.getInt32(IFR_IFRU, true);
  }
  set ifr_int(value: number) {
    this.#view.setInt32(IFR_IFRU, value, true);
  }
  set ifr_curcap(value: number) {
    this.#view.setInt32(IFR_IFRU + 4, value, true);
  }
  get ifr_curcap(): number {
    return this.#view.getInt32(IFR_IFRU + 4, true);
  }
  get ifr_data(): Uaddr {
    return pointerAt(this.data, IFR_IFRU);
  }
  set ifr_data(value: Uaddr) {
    this.#view.setBigUint64(IFR_IFRU, BigInt(value), true);
  }
}

/** `struct ifconf`: size and address of the user's buffer. */
export class Ifconf {
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  /** An `int`, whatever the user says. */
  get ifc_len(): number {
    return view(this.data).getInt32(0, true);
  }
  set ifc_len(value: number) {
    view(this.data).setInt32(0, value, true);
  }
  get ifc_req(): Uaddr {
    return pointerAt(this.data, 8);
  }
  set ifc_req(value: Uaddr) {
    view(this.data).setBigUint64(8, BigInt(value), true);
  }
}

/** `struct if_clonereq`. */
export class IfClonereq {
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.data = data;
  }

  get ifcr_total(): number {
    return view(this.data).getInt32(0, true);
  }
  set ifcr_total(value: number) {
    view(this.data).setInt32(0, value, true);
  }
  get ifcr_count(): number {
    return view(this.data).getInt32(4, true);
  }
  get ifcr_buffer(): Uaddr {
    return pointerAt(this.data, 8);
  }
}

/** The characters of a name up to its NUL, `IFNAMSIZ` at most: what `strncmp(…, IFNAMSIZ)` looks at. */
export function nameOf(bytes: Uint8Array): string {
  let name = "";
  for (let i = 0; i < IFNAMSIZ && i < bytes.length; i++) {
    const byte = bytes[i] as number; // bounded
    if (byte === 0) break;
    name += String.fromCharCode(byte);
  }
  return name;
}

/** `strlcpy(bytes, name, bytes.length)`: as much as fits in front of a NUL; the length that was asked for. */
export function strlcpyName(bytes: Uint8Array, name: string): number {
  const end = Math.min(name.length, bytes.length - 1);
  for (let i = 0; i < end; i++) bytes[i] = name.charCodeAt(i);
  bytes[end] = 0;
  return name.length;
}
