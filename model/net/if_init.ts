/**
 * Boot of the interface layer, and its own threads.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 214 to 235, 3266 to 3310 and 3354 to 3372).
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread, mycpuid } from "../kern/globaldata.ts";
import { callout_init_mp } from "../kern/kern_timeout.ts";
import {
  MSGF_PRIORITY,
  lwkt_domsg,
  lwkt_forwardmsg,
  lwkt_replymsg,
  lwkt_sendmsg,
  lwkt_waitport,
  type LwktMsg,
  type LwktPort,
} from "../kern/lwkt_msgport.ts";
import {
  TDF_DAEMON,
  TDF_FIXEDCPU,
  TDF_FORCE_SPINPORT,
  TDF_NOSTART,
  lwkt_create,
  lwkt_schedule,
  type Thread,
} from "../kern/lwkt_thread.ts";
import { KKASSERT, panic } from "../panic.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import { if_printf } from "./if_name.ts";
import { ifq_set_maxlen } from "./if_queue.ts";
import { if_slowtimo_dispatch } from "./if_slowtimo.ts";
import { if_start_rollup } from "./if_stage.ts";
import { netmsgOf, netmsg_init } from "./netmsg.ts";
import {
  NETISR_ROLLUP_PRIO_IFSTART,
  netisr_cpuport,
  netisr_register_rollup,
  netmsg_service_port_init,
} from "./netisr.ts";

/**
 * Starts the slow timer, and gives a limit to queues whose driver set none.
 * Context: boot, after {@link ifnetinit}.
 * Holds: nothing.
 * Blocks: yes, for the ifnet lock.
 */
export function* ifinit(k: Kernel): Routine<void> {
  //@ 219-221
  const { net } = k;
  callout_init_mp(k, net.if_slowtimo_timer);
  netmsg_init(
    k,
    net.if_slowtimo_netmsg,
    null,
    net.netisr_adone_rport,
    MSGF_PRIORITY,
    if_slowtimo_dispatch,
  );

  //@ 224-225
  yield* ifnet_lock(k);
  let ifp = net.ifnetlist.tqh_first.held;
  for (; ifp !== null; ifp = ifp.if_link_next.held) {
    //@ 226
    if (ifp.if_snd.altq_maxlen.fixed === 0) {
      //@ 227-228
      yield* if_printf(k, ifp, "\x58XX: driver didn't set altq_maxlen\n");
      ifq_set_maxlen(k, ifp.if_snd, k.params.IFQ_MAXLEN);
    }
  }
  //@ 231
  yield* ifnet_unlock(k);

  //@ 234
  // Start if_slowtimo.
  yield* lwkt_sendmsg(k, netisr_cpuport(k, 0), net.if_slowtimo_netmsg);
}

/** The port of the ifnet thread of a CPU. */
function ifnet_portfn(k: Kernel, cpu: number): LwktPort {
  //@ 3269
  return (k.net.ifnet_threads[cpu] as Thread).td_msgport; // as in C: the caller asserts
}

/**
 * Passes a message on to the ifnet thread of a later CPU, or replies after the last.
 * Context: ifnet thread, which must not touch the message afterwards.
 * Holds: the message.
 * Blocks: no.
 */
export function* ifnet_forwardmsg(k: Kernel, lmsg: LwktMsg, next_cpu: number): Routine<void> {
  //@ 3275-3277
  KKASSERT(
    k,
    next_cpu > mycpuid(k) && next_cpu <= k.params.ncpus,
    "next_cpu > mycpuid && next_cpu <= ncpus",
  );
  if (next_cpu < k.params.ncpus) {
    //@ 3278
    yield* lwkt_forwardmsg(k, ifnet_portfn(k, next_cpu), lmsg);
  } else {
    //@ 3280
    yield* lwkt_replymsg(k, lmsg, 0);
  }
}

/** Sends a message to the ifnet thread of a CPU and waits for its reply; errno. Context: thread. Blocks. */
export function ifnet_domsg(k: Kernel, lmsg: LwktMsg, cpu: number): Step<number> {
  //@ 3286-3287
  KKASSERT(k, cpu < k.params.ncpus, "cpu < ncpus");
  return lwkt_domsg(k, ifnet_portfn(k, cpu), lmsg, 0);
}

/** Sends a message to the ifnet thread of a CPU. Context: any. Holds: the message. Blocks: no. */
export function* ifnet_sendmsg(k: Kernel, lmsg: LwktMsg, cpu: number): Routine<void> {
  //@ 3293-3294
  KKASSERT(k, cpu < k.params.ncpus, "cpu < ncpus");
  yield* lwkt_sendmsg(k, ifnet_portfn(k, cpu), lmsg);
}

/**
 * An ifnet thread: handles one message after the other. Not of netisr type: it may take the ifnet lock.
 * Context: ifnet thread.
 * Holds: nothing.
 * Blocks: while the port is empty, and as handlers do.
 */
function* ifnet_service_loop(k: Kernel): Routine<void> {
  //@ 3306
  const port = curthread(k).td_msgport;
  for (;;) {
    const msg = netmsgOf(yield* lwkt_waitport(k, port, 0));
    //@ 3307-3308
    if (msg.nm_dispatch === null) panic(k, "ifnet_service: badmsg");
    yield* msg.nm_dispatch(k, msg);
  }
}

/**
 * Creates the ifnet threads and registers {@link if_start_rollup}. The stage lists are empty already.
 * Context: boot, after `netisr_init`.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifnetinit(k: Kernel): Routine<void> {
  //@ 3359
  for (let i = 0; i < k.params.ncpus; ++i) {
    //@ 3360-3366
    const flags = TDF_NOSTART | TDF_FORCE_SPINPORT | TDF_FIXEDCPU | TDF_DAEMON;
    const thr = lwkt_create(k, ifnet_service_loop, null, `ifnet ${i}`, i, flags);
    k.net.ifnet_threads.push(thr);
    netmsg_service_port_init(k, thr.td_msgport);
    yield* lwkt_schedule(k, thr);
  }
  //@ 3369-3371
  netisr_register_rollup(k, if_start_rollup, NETISR_ROLLUP_PRIO_IFSTART);
}
