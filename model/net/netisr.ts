/**
 * Network threads: one netisr per CPU, batches, rollups, and the synchronisation with all of them.
 *
 * Mirrors: sys/net/netisr.c (mid-2014): `netmsg_put_port`, `netisr_init`, `netmsg_service_port_init`,
 * `netmsg_service_sync`, `netmsg_service_loop`, `netisr_register_rollup`; sys/net/netisr2.h `netisr_cpuport`.
 * Left out: packet input (`netisr_queue`, hashing), `schednetisr`, barriers, sockets that change ports.
 */
import type { Routine, Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import {
  EASYNC,
  MSGF_SYNC,
  lwkt_domsg,
  lwkt_getport,
  lwkt_replymsg,
  lwkt_waitport,
  msgFlags,
  type LwktMsg,
  type LwktPort,
  type PutPort,
} from "../kern/lwkt_msgport.ts";
import {
  TDF_DAEMON,
  TDF_FIXEDCPU,
  TDF_FORCE_SPINPORT,
  TDF_NOSTART,
  TD_TYPE_NETISR,
  lwkt_create,
  lwkt_schedule,
  type Thread,
} from "../kern/lwkt_thread.ts";
import { KASSERT, KKASSERT, panic } from "../panic.ts";
import { NetmsgBase, netmsgOf, netmsg_init } from "./netmsg.ts";

/** Priority of `if_start_rollup` among the rollups. */
export const NETISR_ROLLUP_PRIO_IFSTART = 50;

/** `struct netmsg_rollup`: what every netisr runs after a batch of messages. */
export interface NetmsgRollup {
  readonly ru_func: (k: Kernel) => Routine<void>;
  readonly ru_prio: number;
}

/** The netisr port of a CPU. */
export function netisr_cpuport(k: Kernel, cpu: number): LwktPort {
  KASSERT(k, cpu >= 0 && cpu < k.params.ncpus, `invalid cpu ${cpu}`);
  return (k.net.netisr_cpu[cpu] as Thread).td_msgport; // asserted
}

/**
 * Puts a message on a registered port; one that is sent synchronously to the sender's own port is handled at once,
 * as a procedure call, and must be complete or forwarded when it returns.
 * Context: any thread.
 * Holds: nothing the handler needs.
 * Blocks: as the handler does.
 */
function netmsg_put_port(k: Kernel, port: LwktPort, lmsg: LwktMsg): Step<number> {
  if ((msgFlags(lmsg) & MSGF_SYNC) !== 0 && port === curthread(k).td_msgport) {
    k.onBranch?.("message: handled at once, to the own port");
    return dispatchInline(k, lmsg);
  }
  return (k.net.netmsg_fwd_port_fn as PutPort)(k, port, lmsg); // set with the first registration
}

function* dispatchInline(k: Kernel, lmsg: LwktMsg): Routine<number> {
  yield* dispatchNetmsg(k, lmsg);
  return EASYNC;
}

/** Calls a message's handler. Context: the thread whose port it was sent to. */
export function dispatchNetmsg(k: Kernel, lmsg: LwktMsg): Step<void> {
  const msg = netmsgOf(lmsg);
  const { nm_dispatch } = msg;
  if (nm_dispatch === null) return panic(k, "netmsg_service isr badmsg");
  return nm_dispatch(k, msg);
}

/**
 * Creates the netisr threads, registers their ports and makes the reply ports.
 * Context: boot.
 * Holds: nothing.
 * Blocks: no.
 */
export function* netisr_init(k: Kernel): Routine<void> {
  for (let i = 0; i < k.params.ncpus; ++i) {
    const flags = TDF_NOSTART | TDF_FORCE_SPINPORT | TDF_FIXEDCPU | TDF_DAEMON;
    const td = lwkt_create(k, netmsg_service_loop, null, `netisr_cpu ${i}`, i, flags);
    k.net.netisr_cpu.push(td);
    netmsg_service_port_init(k, td.td_msgport);
    yield* lwkt_schedule(k, td);
  }
}

/**
 * Finishes a port that takes network messages: puts go through {@link netmsg_put_port}, and
 * {@link netmsg_service_sync} visits it. There is no deregistration.
 * Context: boot. Holds: nothing. Blocks: no.
 */
export function netmsg_service_port_init(k: Kernel, port: LwktPort): void {
  k.net.netmsg_fwd_port_fn ??= port.mp_putport;
  KKASSERT(k, k.net.netmsg_fwd_port_fn === port.mp_putport, "netmsg_fwd_port_fn == port->mp_putport");
  port.mp_putport = netmsg_put_port;
  k.net.netreglist.push(port);
}

/**
 * Waits until every network thread has been between two messages once since the call began: one message, sent to
 * each registered port in turn. Proves nothing about rollups, IPIs, priority messages and other threads.
 * Context: thread.
 * Holds: nothing a network thread needs.
 * Blocks: yes, for every network thread.
 */
export function* netmsg_service_sync(k: Kernel): Routine<void> {
  const smsg = new NetmsgBase(k, "netmsg_service_sync");

  netmsg_init(k, smsg, null, curthread(k).td_msgport, 0, netmsg_sync_handler);

  k.onBranch?.("sync: waits for every network thread");
  for (const port of k.net.netreglist) yield* lwkt_domsg(k, port, smsg, 0);
  smsg.leaveFrame();
}

/** Handler of {@link netmsg_service_sync}: replies. Context: network thread. Holds: nothing. Blocks: no. */
const netmsg_sync_handler = (k: Kernel, msg: NetmsgBase): Step<void> =>
  lwkt_replymsg(k, msg, 0);

/**
 * A netisr: handles messages in batches, and runs the rollups when its port is empty or a batch is full.
 * Context: netisr.
 * Holds: nothing.
 * Blocks: while the port is empty, and as handlers do.
 */
function* netmsg_service_loop(k: Kernel): Routine<void> {
  const td = curthread(k);
  td.td_type = TD_TYPE_NETISR;

  for (;;) {
    let msg: LwktMsg | null = yield* lwkt_waitport(k, td.td_msgport, 0);
    let limit = k.params.netisr_batch;
    while (msg !== null) {
      yield* dispatchNetmsg(k, msg);
      if (--limit === 0) break;
      msg = yield* lwkt_getport(k, td.td_msgport);
    }
    k.onBranch?.(msg === null ? "rollup: the port is empty" : "rollup: the batch is full");
    for (const ru of k.net.netrulist) yield* ru.ru_func(k);
  }
}

/**
 * Adds a rollup that every netisr runs: behind those of higher or equal priority.
 * Context: boot. Holds: nothing. Blocks: no.
 */
export function netisr_register_rollup(
  k: Kernel,
  ru_func: NetmsgRollup["ru_func"],
  ru_prio: number,
): void {
  const list = k.net.netrulist;
  const at = list.findIndex((ru) => ru.ru_prio < ru_prio);
  list.splice(at < 0 ? list.length : at, 0, { ru_func, ru_prio });
}
