/**
 * tun(4): the device node and its life.
 *
 * Mirrors: sys/net/tun/if_tun.c (seed 003, revision 1.36 of May 2008): `tunattach`, `tuncreate`, `tunopen`, `tunclose`.
 * In if_tun_if.ts what the network calls, in if_tun_dev.ts, if_tun_write.ts and if_tun_ioctl.ts what processes call.
 *
 * DEVIATES: what `tundebug` prints is not printed, and the flag is not looked at for it.
 */
//@ seed 003
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import {
  dev_ops_add,
  make_dev,
  type Cdev,
  type DevCloseArgs,
  type DevOpenArgs,
  type DevOps,
} from "../../kern/kern_conf.ts";
import { funsetown } from "../../kern/kern_descrip.ts";
import { curproc } from "../../kern/kern_proc.ts";
import { suser_cred } from "../../kern/kern_prot.ts";
import { kmalloc } from "../../kern/kern_slaballoc.ts";
import { lwkt_serialize_enter, lwkt_serialize_exit, lwkt_serialize_init } from "../../kern/lwkt_serialize.ts";
import { selwakeup } from "../../kern/sys_generic.ts";
import { EBUSY } from "../../sys/errno.ts";
import { M_TUN, M_WAITOK, M_ZERO } from "../../sys/malloc.ts";
import { returned } from "../../errnos.ts";
import { IFF_MULTICAST, IFF_POINTOPOINT, IFF_RUNNING, IFF_UP } from "../if_iff.ts";
import { IFT_PPP } from "../if_types.ts";
import { netmsg_service_sync } from "../netisr.ts";
import { tunpoll, tunread } from "./if_tun_dev.ts";
import { tunifioctl, tunoutput, tunstart } from "./if_tun_if.ts";
import { tunioctl } from "./if_tun_ioctl.ts";
import { tunwrite } from "./if_tun_write.ts";
import {
  TUNMTU,
  TUN_INITED,
  TUN_OPEN,
  TunGlobals,
  TunSoftc,
  softcOf,
} from "./if_tunvar.ts";
import { downInterface, purgeAddresses } from "./ifnet_2008.ts";
import { ifq_purge, ifq_set_maxlen_2008, ifq_set_ready_2008 } from "./ifq_2008.ts";

/** `tun_ops`. */
const tun_ops: DevOps = {
  name: "tun",
  d_open: tunopen,
  d_close: tunclose,
  d_read: tunread,
  d_write: tunwrite,
  d_ioctl: tunioctl,
  d_poll: tunpoll,
};

/** Registers the driver. Context: boot. Holds: the MP lock. Blocks: no. */
export function tunattach(k: Kernel): void {
  //@ 98
  k.net.tun = new TunGlobals(k);
  dev_ops_add(k, tun_ops);
}

/** `if_attach` of 2008 as tun(4) sees it: allocates, and has messages handled by the threads of every CPU. */
function* attachInterface(k: Kernel, sc: TunSoftc): Routine<void> {
  lwkt_serialize_init(k, sc.tun_if.if_serializer);
  lwkt_serialize_init(k, sc.tun_if.if_snd.altq_lock);
  yield* netmsg_service_sync(k);
}

/**
 * Makes the softc and the interface of a node. Nothing keeps a second opener from making them again meanwhile: the node
 * learns of them last.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, for memory and for network threads.
 */
function* tuncreate(k: Kernel, dev0: Cdev): Routine<void> {
  //@ 107-110
  const dev = make_dev(k, tun_ops, dev0.si_name, dev0.si_unit);
  const sc = yield* kmalloc(k, M_TUN, M_WAITOK | M_ZERO, () => new TunSoftc(k, dev.si_unit));
  //@ 111-123
  yield* sc.tun_flags.store(TUN_INITED);
  const ifp = sc.tun_if;
  yield* ifp.if_mtu.store(TUNMTU);
  ifp.if_ioctl = tunifioctl;
  ifp.if_output = tunoutput;
  ifp.if_start = tunstart;
  yield* ifp.if_flags.store(IFF_POINTOPOINT | IFF_MULTICAST);
  ifp.if_type.held = IFT_PPP;
  ifq_set_maxlen_2008(ifp.if_snd, k.params.IFQ_MAXLEN);
  yield* ifq_set_ready_2008(ifp.if_snd);
  ifp.if_softc = sc;
  //@ 124
  yield* attachInterface(k, sc);
  //@ 125-126
  k.net.tun?.made.push(sc);
  yield* dev.si_drv1.store(sc);
}

/**
 * Opens the device, for one at a time.
 * Context: thread of a process.
 * Holds: the MP lock.
 * Blocks: yes, the first time.
 */
function* tunopen(k: Kernel, ap: DevOpenArgs): Routine<number> {
  //@ 136-141
  const dev = ap.a_dev;
  const error = suser_cred(ap.a_cred, 0);
  if (error !== 0) {
    //@ 142
    return returned(k, "tunopen", error);
  }
  //@ 144-145
  let tp = yield* dev.si_drv1.load();
  if (tp === null) {
    //@ 146-147
    yield* tuncreate(k, dev);
    tp = yield* dev.si_drv1.load();
  }
  const sc = softcOf(tp);
  //@ 149
  if (((yield* sc.tun_flags.load()) & TUN_OPEN) !== 0) {
    //@ 150
    return returned(k, "tunopen", EBUSY);
  }
  //@ 151-155
  yield* sc.tun_pid.store(curproc(k)?.p_pid ?? 0);
  yield* sc.tun_flags.store((yield* sc.tun_flags.load()) | TUN_OPEN);
  return returned(k, "tunopen", 0);
}

/**
 * Closes the device: drops what waits to be read, marks the interface down, removes its addresses. Who sleeps in `tunread`
 * is not woken, and the modes stay as they are.
 * Context: thread of a process, the last to close or who revokes.
 * Holds: the MP lock.
 * Blocks: yes, for the serializer, and with it for every network thread.
 */
function* tunclose(k: Kernel, ap: DevCloseArgs): Routine<number> {
  //@ 165-170
  const tp = softcOf(yield* ap.a_dev.si_drv1.load());
  const ifp = tp.tun_if;

  //@ 172-173
  yield* tp.tun_flags.store((yield* tp.tun_flags.load()) & ~TUN_OPEN);
  yield* tp.tun_pid.store(0);

  // Junk all pending output.
  //@ 176-178
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  yield* ifq_purge(k, ifp.if_snd);
  yield* lwkt_serialize_exit(k, ifp.if_serializer);

  //@ 180
  if (((yield* ifp.if_flags.load()) & IFF_UP) !== 0) {
    //@ 181-183
    yield* lwkt_serialize_enter(k, ifp.if_serializer);
    yield* downInterface(k, ifp);
    yield* lwkt_serialize_exit(k, ifp.if_serializer);
  }
  //@ 185-186
  yield* ifp.if_flags.store((yield* ifp.if_flags.load()) & ~IFF_RUNNING);
  yield* purgeAddresses(k, ifp);

  //@ 188-192
  yield* funsetown(k, yield* tp.tun_sigio.load());
  yield* selwakeup(k, tp.tun_rsel);
  return returned(k, "tunclose", 0);
}
