/**
 * Control requests about interfaces: a table of handlers, one per command.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 1742 to 2167): `ifioctl`. Handlers: `get.ts`, `set.ts`, `name.ts`, `link.ts`,
 * `pass.ts`, `protocol.ts`; before the lock: `ifconf.ts`, `../if_clone.ts`.
 *
 * The ifnet lock is held from the lookup of the name to the end, across whatever blocks: network threads never take it.
 * `data` are the bytes of the request in the kernel, as many as its number says; the caller copies them in and out.
 */
import type { Routine } from "../../../sim/index.ts";
import { returned } from "../../errnos.ts";
import type { Kernel } from "../../kernel.ts";
import { PRIV_ROOT, priv_check_cred, type Ucred } from "../../kern/kern_prot.ts";
import { ENXIO } from "../../sys/errno.ts";
import * as sockio from "../../sys/sockio.ts";
import { if_clone_create, if_clone_destroy, if_clone_list } from "../if_clone.ts";
import { ifunit } from "../if_list.ts";
import { ifnet_lock, ifnet_unlock } from "../if_lock.ts";
import { IfClonereq, Ifreq, nameOf } from "../ifreq.ts";
import {
  siocgifcap,
  siocgifdata,
  siocgifflags,
  siocgifindex,
  siocgifmetric,
  siocgifmtu,
  siocgifphys,
  siocgifpollcpu,
  siocgiftsolen,
  siocsifpollcpu,
} from "./get.ts";
import { ifconf } from "./ifconf.ts";
import { siocaddmulti, siocsiflladdr } from "./link.ts";
import { siocsifname } from "./name.ts";
import { passChange, passQuestion, siocgifstatus } from "./pass.ts";
import { protocolControl } from "./protocol.ts";
import type { IfioctlHandler, Socket } from "./request.ts";
import { siocsifcap, siocsifflags, siocsifmetric, siocsifmtu, siocsifphys, siocsiftsolen } from "./set.ts";

/** Commands about an interface; any other is the protocol's. */
const HANDLERS: ReadonlyMap<number, IfioctlHandler> = new Map<number, IfioctlHandler>([
  [sockio.SIOCGIFINDEX, siocgifindex],
  [sockio.SIOCGIFFLAGS, siocgifflags],
  [sockio.SIOCGIFCAP, siocgifcap],
  [sockio.SIOCGIFMETRIC, siocgifmetric],
  [sockio.SIOCGIFMTU, siocgifmtu],
  [sockio.SIOCGIFTSOLEN, siocgiftsolen],
  [sockio.SIOCGIFDATA, siocgifdata],
  [sockio.SIOCGIFPHYS, siocgifphys],
  [sockio.SIOCGIFPOLLCPU, siocgifpollcpu],
  [sockio.SIOCSIFPOLLCPU, siocsifpollcpu],
  [sockio.SIOCSIFFLAGS, siocsifflags],
  [sockio.SIOCSIFCAP, siocsifcap],
  [sockio.SIOCSIFNAME, siocsifname],
  [sockio.SIOCSIFMETRIC, siocsifmetric],
  [sockio.SIOCSIFPHYS, siocsifphys],
  [sockio.SIOCSIFMTU, siocsifmtu],
  [sockio.SIOCSIFTSOLEN, siocsiftsolen],
  [sockio.SIOCADDMULTI, siocaddmulti],
  [sockio.SIOCDELMULTI, siocaddmulti],
  [sockio.SIOCSIFPHYADDR, passChange],
  [sockio.SIOCDIFPHYADDR, passChange],
  [sockio.SIOCSIFPHYADDR_IN6, passChange],
  [sockio.SIOCSLIFPHYADDR, passChange],
  [sockio.SIOCSIFMEDIA, passChange],
  [sockio.SIOCSIFGENERIC, passChange],
  [sockio.SIOCGIFSTATUS, siocgifstatus],
  [sockio.SIOCGIFPSRCADDR, passQuestion],
  [sockio.SIOCGIFPDSTADDR, passQuestion],
  [sockio.SIOCGLIFPHYADDR, passQuestion],
  [sockio.SIOCGIFMEDIA, passQuestion],
  [sockio.SIOCGIFGENERIC, passQuestion],
  [sockio.SIOCSIFLLADDR, siocsiflladdr],
]);

/**
 * A control request about interfaces; errno.
 * Context: thread of a user.
 * Holds: nothing a network thread needs, no serializer.
 * Blocks: yes, for the ifnet lock, and as the command does.
 */
export function* ifioctl(k: Kernel, so: Socket, cmd: number, data: Uint8Array, cred: Ucred): Routine<number> {
  //@ 1762
  switch (cmd) {
    case sockio.SIOCGIFCONF:
    case sockio.OSIOCGIFCONF: {
      //@ 1765
      return yield* ifconf(k, cmd, data, cred);
    }
    default:
  }

  //@ 1770-1772
  const ifr = new Ifreq(data);
  switch (cmd) {
    case sockio.SIOCIFCREATE:
    case sockio.SIOCIFCREATE2: {
      //@ 1775
      const error = priv_check_cred(cred, PRIV_ROOT, 0);
      if (error !== 0) {
        //@ 1776
        return returned(k, "ifioctl", error);
      }
      //@ 1777-1778
      const params = cmd === sockio.SIOCIFCREATE2 ? ifr.ifr_data : 0;
      return returned(k, "ifioctl", yield* if_clone_create(k, ifr.ifr_name, params));
    }
    case sockio.SIOCIFDESTROY: {
      //@ 1780
      const error = priv_check_cred(cred, PRIV_ROOT, 0);
      if (error !== 0) {
        //@ 1781
        return returned(k, "ifioctl", error);
      }
      //@ 1782
      return returned(k, "ifioctl", yield* if_clone_destroy(k, ifr.ifr_name));
    }
    case sockio.SIOCIFGCLONERS: {
      //@ 1784
      return returned(k, "ifioctl", yield* if_clone_list(k, new IfClonereq(data)));
    }
    default:
  }
  return returned(k, "ifioctl", yield* ofInterface(k, so, cmd, ifr, cred));
}

/** The commands about one interface, which is looked up under the lock that is held to the end. */
function* ofInterface(k: Kernel, so: Socket, cmd: number, ifr: Ifreq, cred: Ucred): Routine<number> {
  //@ 1793-1796
  yield* ifnet_lock(k);

  const ifp = ifunit(k, nameOf(ifr.ifr_name));
  if (ifp === null) {
    //@ 1797-1798
    yield* ifnet_unlock(k);
    return ENXIO;
  }
  //@ 1800-1802
  const handler = HANDLERS.get(cmd) ?? protocolControl;
  const error = yield* handler(k, { so, cmd, ifr, cred, ifp });

  //@ 2165-2166
  yield* ifnet_unlock(k);
  return error;
}
