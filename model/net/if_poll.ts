/**
 * Polling of interfaces, as far as it concerns who owns a subqueue.
 *
 * Mirrors: sys/net/if_poll.c (2014): `ifpoll_register`, `ifpoll_deregister`.
 * Left out: polling itself (a card that is polled goes on interrupting), and what netisr 0 does with the request.
 */
import type { Routine, Step } from "../../sim/index.ts";
import { returned } from "../errnos.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { lwkt_domsg, lwkt_replymsg } from "../kern/lwkt_msgport.ts";
import { EBUSY, EINVAL, EOPNOTSUPP } from "../sys/errno.ts";
import { ASSERT_CANDOMSG_NETISR0 } from "./if_flags.ts";
import { ifnet_deserialize_all, ifnet_serialize_all } from "./if_serialize.ts";
import { IFF_NPOLLING, type Ifnet } from "./if_var.ts";
import { NetmsgBase, netmsg_init } from "./netmsg.ts";
import { netisr_cpuport } from "./netisr.ts";

/** Flips the flag and has the driver follow, then tells netisr 0. `taken`: errno when there is nothing to flip. */
function* setPolling(k: Kernel, ifp: Ifnet, on: boolean, taken: number): Routine<number> {
  const if_npoll = ifp.if_npoll.fixed;
  if (if_npoll === null) return EOPNOTSUPP;
  ASSERT_CANDOMSG_NETISR0(k);

  yield* ifnet_serialize_all(k, ifp);
  const flags = yield* ifp.if_flags.load();
  const polled = (flags & IFF_NPOLLING) !== 0;
  if (polled !== on) {
    yield* ifp.if_flags.store(flags ^ IFF_NPOLLING);
    yield* if_npoll(k, ifp, on);
  }
  yield* ifnet_deserialize_all(k, ifp);
  if (polled === on) return taken;

  const msg = new NetmsgBase(k, on ? "ifpoll_register" : "ifpoll_deregister");
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, answer);
  yield* lwkt_domsg(k, netisr_cpuport(k, 0), msg, 0);
  msg.leaveFrame();
  return 0;
}

const answer = (k: Kernel, nmsg: NetmsgBase): Step<void> => lwkt_replymsg(k, nmsg, 0);

/**
 * Turns polling on: the driver gives its subqueues to the CPUs that poll them; errno.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs, no serializer.
 * Blocks: yes, for the serializers and netisr 0.
 */
export function* ifpoll_register(k: Kernel, ifp: Ifnet): Routine<number> {
  return returned(k, "ifpoll_register", yield* setPolling(k, ifp, true, EBUSY));
}

/**
 * Turns polling off: the driver takes its subqueues back; errno.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing netisr 0 needs, no serializer.
 * Blocks: yes, for the serializers and netisr 0.
 */
export function* ifpoll_deregister(k: Kernel, ifp: Ifnet): Routine<number> {
  return returned(k, "ifpoll_deregister", yield* setPolling(k, ifp, false, EINVAL));
}
