/**
 * `struct tun_softc`, its flags, and the requests a process may make.
 *
 * Mirrors: sys/net/tun/if_tunvar.h, sys/net/tun/if_tun.h; 2008.
 */
import { Struct, misuse, word, type Word } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { Sigio } from "../../kern/kern_descrip.ts";
import type { Cdev } from "../../kern/kern_conf.ts";
import { Selinfo } from "../../kern/sys_generic.ts";
import { _IO, _IOR, _IOW } from "../../sys/ioccom.ts";
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

export const TUNSDEBUG = _IOW("t", 90, 4);
export const TUNGDEBUG = _IOR("t", 89, 4);
export const TUNSIFINFO = _IOW("t", 91, 8);
export const TUNGIFINFO = _IOR("t", 92, 8);
export const TUNSLMODE = _IOW("t", 93, 4);
export const TUNSIFMODE = _IOW("t", 94, 4);
export const TUNSIFPID = _IO("t", 95);
export const TUNSIFHEAD = _IOW("t", 96, 4);
export const TUNGIFHEAD = _IOR("t", 97, 4);

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
