/**
 * What is no command of the interface layer: the protocol's.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 2097 to 2162): the default of `ifioctl`; sys/kern/uipc_msg.c
 * `so_pru_control_direct`; sys/netinet6/nd6.c `nd6_setmtu`, as an environment.
 */
import type { Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { mayWait } from "../../kern/kern_slaballoc.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { EOPNOTSUPP } from "../../sys/errno.ts";
import {
  OSIOCGIFADDR,
  OSIOCGIFBRDADDR,
  OSIOCGIFDSTADDR,
  OSIOCGIFNETMASK,
  SIOCGIFADDR,
  SIOCGIFBRDADDR,
  SIOCGIFDSTADDR,
  SIOCGIFNETMASK,
  SIOCSIFADDR,
  SIOCSIFBRDADDR,
  SIOCSIFDSTADDR,
  SIOCSIFNETMASK,
} from "../../sys/sockio.ts";
import { IFF_UP, type Ifnet } from "../if_var.ts";
import type { Ifreq } from "../ifreq.ts";
import { in6_if_up } from "../protocols.ts";
import type { IfRequest, Socket } from "./request.ts";

/** Bytes of a `struct sockaddr`, as old programs do not say it. */
const OLD_LENGTH = 16;

/** INET6 is told of the MTU, and may wait. Context: thread. Holds: the ifnet lock. Blocks: yes. */
export const nd6_setmtu = (k: Kernel, _ifp: Ifnet): Routine<void> => mayWait(k, "nd6_setmtu");

/** Calls `pru_control` of the protocol in this thread; errno. Context: thread. Holds: the ifnet lock. Blocks: yes. */
function* so_pru_control_direct(k: Kernel, cmd: number, request: IfRequest): Routine<number> {
  const { so, ifr, ifp, cred } = request;
  return yield* (so.so_proto as NonNullable<Socket["so_proto"]>).pru_control(k, cmd, ifr.data, ifp, cred);
}

/**
 * Any other request goes to the protocol of the socket, an old one as its successor; where it has brought the interface
 * up, INET6 is told.
 * Context: thread of a user.
 * Holds: the ifnet lock.
 * Blocks: yes, as the protocol does.
 */
export function* protocolControl(k: Kernel, request: IfRequest): Routine<number> {
  const { so, cmd: ocmd, ifr, ifp } = request;
  //@ 2098-2099
  const oif_flags = ((yield* ifp.if_flags.load()) << 16) >> 16; // a short
  if (so.so_proto === null) {
    //@ 2100
    return EOPNOTSUPP;
  }

  //@ 2106-2108
  const cmd = successor(ocmd, ifr);

  //@ 2140-2142
  const error = yield* so_pru_control_direct(k, cmd, request);
  switch (ocmd) {
    case OSIOCGIFADDR:
    case OSIOCGIFDSTADDR:
    case OSIOCGIFBRDADDR:
    case OSIOCGIFNETMASK: {
      //@ 2147
      // Two bytes of family, as there was no length.
      ifr.ifr_addr[0] = ifr.ifr_addr[1] as number;
      ifr.ifr_addr[1] = 0;
      break;
    }
    default:
  }

  //@ 2152
  if (((oif_flags ^ (yield* ifp.if_flags.load())) & IFF_UP) !== 0) {
    //@ 2154-2155
    if (((yield* ifp.if_flags.load()) & IFF_UP) !== 0) {
      //@ 2156-2158
      yield* crit_enter(k);
      yield* in6_if_up(k, ifp);
      yield* crit_exit(k);
    }
  }
  return error;
}

/** Old programs: their addresses get a length, their questions are the new ones. */
function successor(cmd: number, ifr: Ifreq): number {
  switch (cmd) {
    case SIOCSIFDSTADDR:
    case SIOCSIFADDR:
    case SIOCSIFBRDADDR:
    case SIOCSIFNETMASK: {
      //@ 2114-2115
      const [sa_len = 0, sa_family = 0] = ifr.ifr_addr;
      if (sa_family === 0 && sa_len < OLD_LENGTH) {
        //@ 2116-2117
        ifr.ifr_addr.set([OLD_LENGTH, sa_len]);
      }
      return cmd;
    }
    case OSIOCGIFADDR: {
      //@ 2125
      return SIOCGIFADDR;
    }
    case OSIOCGIFDSTADDR: {
      //@ 2128
      return SIOCGIFDSTADDR;
    }
    case OSIOCGIFBRDADDR: {
      //@ 2131
      return SIOCGIFBRDADDR;
    }
    case OSIOCGIFNETMASK: {
      //@ 2134
      return SIOCGIFNETMASK;
    }
    default:
      return cmd;
  }
}
