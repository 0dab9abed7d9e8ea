/**
 * `struct tun_softc`, its flags, and the requests a process may make.
 *
 * Mirrors: sys/net/tun/if_tunvar.h, sys/net/tun/if_tun.h, sys/sys/filio.h, sys/sys/ttycom.h; 2008.
 */
import { Struct, misuse, word, type Word } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { Sigio } from "../../kern/kern_descrip.ts";
import type { Cdev } from "../../kern/kern_conf.ts";
import { Selinfo } from "../../kern/sys_generic.ts";
import { Ifnet2008, type InputWatcher } from "./ifnet_2008.ts";
import { AF_UNSPEC } from "../sockaddr.ts";
import { OutSockaddr } from "./sockaddr_2008.ts";

export const TUN_OPEN = 0x0001;
export const TUN_INITED = 0x0002;
/** An Internet address was seen. */
export const TUN_IASET = 0x0008;
/** Queue packets with the destination in front. */
export const TUN_LMODE = 0x0020;
/** A reader may be asleep. */
export const TUN_RWAIT = 0x0040;
/** Signal the owner. */
export const TUN_ASYNC = 0x0080;
/** Four bytes of address family in front of packets, both ways. */
export const TUN_IFHEAD = 0x0100;
export const TUN_READY = TUN_OPEN | TUN_INITED;

export const TUNMTU = 1500;
/** Longest write. */
export const TUNMRU = 16384;
export const IF_MINMTU = 72;
export const IF_MAXMTU = 65535;

export const IFF_BROADCAST = 0x2;
export const IFF_POINTOPOINT = 0x10;
export const IFF_MULTICAST = 0x8000;
export const IFT_PPP = 0x17;

/** `_IOR`, `_IOW`: the length and the direction are part of the number. */
const IOC_OUT = 0x40000000;
const IOC_IN = 0x80000000;
const ior = (group: string, n: number, len: number): number => (IOC_OUT | (len << 16) | (group.charCodeAt(0) << 8) | n) >>> 0;
const iow = (group: string, n: number, len: number): number => (IOC_IN | (len << 16) | (group.charCodeAt(0) << 8) | n) >>> 0;

/** Bytes of the argument of a request; it is copied in, or out. */
export const ioctlLength = (cmd: number): number => (cmd >>> 16) & 0x1fff;
export const copiesIn = (cmd: number): boolean => (cmd & IOC_IN) !== 0;
export const copiesOut = (cmd: number): boolean => (cmd & IOC_OUT) !== 0;

export const TUNSDEBUG = iow("t", 90, 4);
export const TUNGDEBUG = ior("t", 89, 4);
export const TUNSIFINFO = iow("t", 91, 8);
export const TUNGIFINFO = ior("t", 92, 8);
export const TUNSLMODE = iow("t", 93, 4);
export const TUNSIFMODE = iow("t", 94, 4);
export const TUNSIFPID = 0x20000000 | ("t".charCodeAt(0) << 8) | 95;
export const TUNSIFHEAD = iow("t", 96, 4);
export const TUNGIFHEAD = ior("t", 97, 4);
export const FIOASYNC = iow("f", 125, 4);
export const FIONREAD = ior("f", 127, 4);
export const FIONBIO = iow("f", 126, 4);
export const FIOSETOWN = iow("f", 124, 4);
export const FIOGETOWN = ior("f", 123, 4);
export const TIOCSPGRP = iow("t", 118, 4);
export const TIOCGPGRP = ior("t", 119, 4);

/** `struct tun_softc`. Never freed: there is no way to destroy the device. */
export class TunSoftc extends Struct {
  /** Changed by processes under the MP lock and by output under the serializer: loaded and stored, by both. */
  readonly tun_flags: Word<number>;
  /** Who opened it; 0: nobody. */
  readonly tun_pid: Word<number>;
  readonly tun_if: Ifnet2008;
  readonly tun_sigio: Word<Sigio | null>;
  readonly tun_rsel: Selinfo;

  constructor(k: Kernel, unit: number) {
    super(k.x, `tun${String(unit)} softc`);
    this.tun_flags = word(this, 0);
    this.tun_pid = word(this, 0);
    this.tun_if = new Ifnet2008(k, "tun", unit);
    this.tun_sigio = word<Sigio | null>(this, null);
    this.tun_rsel = new Selinfo(k, `tun${String(unit)} tun_rsel`);
  }
}

/** `struct tuninfo`, as its eight bytes lie. */
export const TUNINFO = { baudrate: 0, mtu: 4, type: 6 } as const;

/** A pointer to the softc, from where C keeps an untyped one. */
export function softcOf(value: Struct | null): TunSoftc {
  return value instanceof TunSoftc ? value : misuse("no-tun-softc", "the device has no softc");
}

/** `si_drv1`, for looks without a point. */
export const softcPeek = (dev: Cdev): TunSoftc | null => {
  const value = dev.si_drv1.peek();
  return value === null ? null : softcOf(value);
};

/** The file-level variables of if_tun.c, and of bpf.c what tun(4) shows the use of. */
export class TunGlobals {
  /** Everything `tuncreate` has made, in order. */
  readonly made: TunSoftc[] = [];
  tundebug = 0;
  /** The one destination of all packets that listeners write. */
  readonly bpfDst: OutSockaddr;
  input: InputWatcher | null = null;

  constructor(k: Kernel) {
    this.bpfDst = new OutSockaddr(k, "bpfwrite dst", AF_UNSPEC);
  }
}
