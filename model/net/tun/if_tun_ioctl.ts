/**
 * tun(4), what processes ask of the device.
 *
 * Mirrors: sys/net/tun/if_tun.c (seed 003): `tunioctl`. A request is a handler in a table; what it answers is the errno.
 */
//@ seed 003
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { DevIoctlArgs } from "../../kern/kern_conf.ts";
import { fgetown, fsetown } from "../../kern/kern_descrip.ts";
import { curproc } from "../../kern/kern_proc.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit } from "../../kern/lwkt_serialize.ts";
import { nextOf } from "../../kern/uipc_mbuf.ts";
import { EBUSY, EINVAL, ENOTTY } from "../../sys/errno.ts";
import { FIOASYNC, FIOGETOWN, FIONREAD, FIOSETOWN, TIOCGPGRP, TIOCSPGRP } from "../../sys/filio.ts";
import { returned } from "../../errnos.ts";
import { IFF_BROADCAST, IFF_MULTICAST, IFF_POINTOPOINT, IFF_UP } from "../if_iff.ts";
import { IF_MINMTU } from "../ifreq.ts";
import {
  TUNGDEBUG,
  TUNGIFHEAD,
  TUNGIFINFO,
  TUNINFO,
  TUNSDEBUG,
  TUNSIFHEAD,
  TUNSIFINFO,
  TUNSIFMODE,
  TUNSIFPID,
  TUNSLMODE,
  TUN_ASYNC,
  TUN_IFHEAD,
  TUN_LMODE,
  softcOf,
  type TunSoftc,
} from "./if_tunvar.ts";
import { ifq_is_empty, ifq_poll } from "./ifq_2008.ts";

type Handler = (k: Kernel, tp: TunSoftc, data: DataView) => Routine<number>;

/** `*(int *)ap->a_data`. */
const intOf = (data: DataView): number => data.getInt32(0, true);
const putInt = (data: DataView, value: number): void => data.setInt32(0, value, true);

function* setInfo(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 394-395
  const mtu = data.getInt16(TUNINFO.mtu, true);
  if (mtu < IF_MINMTU) {
    //@ 396
    return EINVAL;
  }
  //@ 397-399
  yield* tp.tun_if.if_mtu.store(mtu);
  tp.tun_if.if_type.held = data.getUint8(TUNINFO.type);
  tp.tun_if.if_baudrate.held = data.getInt32(TUNINFO.baudrate, true);
  //@ 486
  return 0;
}

function* getInfo(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 402-405
  data.setInt16(TUNINFO.mtu, yield* tp.tun_if.if_mtu.load(), true);
  data.setUint8(TUNINFO.type, tp.tun_if.if_type.held);
  data.setInt32(TUNINFO.baudrate, tp.tun_if.if_baudrate.held, true);
  //@ 486
  return 0;
}

function* setDebug(k: Kernel, _tp: TunSoftc, data: DataView): Routine<number> {
  //@ 408
  if (k.net.tun !== null) k.net.tun.tundebug = intOf(data);
  //@ 486
  return 0;
}

function* getDebug(k: Kernel, _tp: TunSoftc, data: DataView): Routine<number> {
  //@ 411
  putInt(data, k.net.tun?.tundebug ?? 0);
  //@ 486
  return 0;
}

/** Loads the flags and stores them with some set and others cleared: two statements of C, two loads. */
function* changeFlags(tp: TunSoftc, set: number, clear: number): Routine<void> {
  if (set !== 0) yield* tp.tun_flags.store((yield* tp.tun_flags.load()) | set);
  if (clear !== 0) yield* tp.tun_flags.store((yield* tp.tun_flags.load()) & ~clear);
}

function* setLinkMode(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 414
  if (intOf(data) !== 0) {
    //@ 415-416
    yield* changeFlags(tp, TUN_LMODE, TUN_IFHEAD);
  } else {
    //@ 418
    yield* changeFlags(tp, 0, TUN_LMODE);
  }
  //@ 486
  return 0;
}

function* setHead(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 421
  if (intOf(data) !== 0) {
    //@ 422-423
    yield* changeFlags(tp, TUN_IFHEAD, TUN_LMODE);
  } else {
    //@ 425
    yield* changeFlags(tp, 0, TUN_IFHEAD);
  }
  //@ 486
  return 0;
}

function* getHead(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 428
  putInt(data, ((yield* tp.tun_flags.load()) & TUN_IFHEAD) === 0 ? 0 : 1);
  //@ 486
  return 0;
}

function* setMode(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  const { if_flags } = tp.tun_if;
  // Deny this if up.
  //@ 432
  if (((yield* if_flags.load()) & IFF_UP) !== 0) {
    //@ 433
    return EBUSY;
  }

  //@ 435
  switch (intOf(data) & ~IFF_MULTICAST) {
    case IFF_POINTOPOINT:
    case IFF_BROADCAST:
      //@ 438-440
      yield* if_flags.store((yield* if_flags.load()) & ~(IFF_BROADCAST | IFF_POINTOPOINT));
      yield* if_flags.store((yield* if_flags.load()) | intOf(data));
      break;
    default:
      //@ 442
      return EINVAL;
  }
  //@ 486
  return 0;
}

function* setPid(k: Kernel, tp: TunSoftc): Routine<number> {
  //@ 446
  yield* tp.tun_pid.store(curproc(k)?.p_pid ?? 0);
  //@ 486
  return 0;
}

function* setAsync(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 449
  if (intOf(data) !== 0) {
    //@ 450
    yield* changeFlags(tp, TUN_ASYNC, 0);
  } else {
    //@ 452
    yield* changeFlags(tp, 0, TUN_ASYNC);
  }
  //@ 486
  return 0;
}

function* readable(k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  const ifp = tp.tun_if;
  //@ 455-456
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  if (!(yield* ifq_is_empty(ifp.if_snd))) {
    //@ 459-460
    let bytes = 0;
    for (let mb = yield* ifq_poll(k, ifp.if_snd); mb !== null; mb = nextOf(mb)) {
      //@ 461
      bytes += mb.m_len;
    }
    putInt(data, bytes);
  } else {
    //@ 463
    putInt(data, 0);
  }
  //@ 465
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  //@ 486
  return 0;
}

function* setOwner(k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 468
  return yield* fsetown(k, intOf(data), tp.tun_sigio);
}

function* getOwner(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 471-472
  putInt(data, fgetown(yield* tp.tun_sigio.load()));
  return 0;
}

function* setGroup(k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 476
  return yield* fsetown(k, -intOf(data), tp.tun_sigio);
}

function* getGroup(_k: Kernel, tp: TunSoftc, data: DataView): Routine<number> {
  //@ 480-481
  putInt(data, -fgetown(yield* tp.tun_sigio.load()));
  return 0;
}

const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [TUNSIFINFO, setInfo],
  [TUNGIFINFO, getInfo],
  [TUNSDEBUG, setDebug],
  [TUNGDEBUG, getDebug],
  [TUNSLMODE, setLinkMode],
  [TUNSIFHEAD, setHead],
  [TUNGIFHEAD, getHead],
  [TUNSIFMODE, setMode],
  [TUNSIFPID, setPid],
  [FIOASYNC, setAsync],
  [FIONREAD, readable],
  [FIOSETOWN, setOwner],
  [FIOGETOWN, getOwner],
  [TIOCSPGRP, setGroup],
  [TIOCGPGRP, getGroup],
]);

/**
 * A request of a process about the device. The flags of the softc are loaded and stored under the MP lock alone.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, for the serializer and for memory, in some.
 */
export function* tunioctl(k: Kernel, ap: DevIoctlArgs): Routine<number> {
  //@ 388-392
  const tp = softcOf(yield* ap.a_dev.si_drv1.load());
  const handler = HANDLERS.get(ap.a_cmd);
  if (handler === undefined) {
    //@ 484
    return returned(k, "tunioctl", ENOTTY);
  }
  return returned(k, "tunioctl", yield* handler(k, tp, ap.a_data));
}
