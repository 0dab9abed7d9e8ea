/** The model's public surface; the only file other folders may import. */
export { boot } from "./boot.ts";
export { BRANCHES, RECORDED_BRANCHES, type Branch, type RecordedBranch } from "./branches.ts";
export { ERRNOS, errnoName, type ErrnoRoutine } from "./errnos.ts";
export { Kernel } from "./kernel.ts";
export { DEFAULT_PARAMS, type Params } from "./params.ts";
export { COST_TABLE, type CostEntry, type CostName, type NamedCosts } from "./costs.ts";
export type { TimingOptions } from "./timing.ts";

// -- kern ---------------------------------------------------------------------------------------------
export * from "./kern/globaldata.ts";
export * from "./kern/lwkt_thread.ts";
export * from "./kern/thread2.ts";
export * from "./kern/lwkt_ipiq.ts";
export * from "./kern/lwkt_msgport.ts";
export * from "./kern/lwkt_serialize.ts";
export * from "./kern/lwkt_token.ts";
export * from "./kern/kern_spinlock.ts";
export * from "./kern/kern_mutex.ts";
export * from "./kern/kern_synch.ts";
export * from "./kern/kern_timeout.ts";
export * from "./kern/kern_intr.ts";
export * from "./kern/kern_slaballoc.ts";
export * from "./kern/kern_clock.ts";
export * from "./sys/atomic.ts";
export * from "./sys/malloc.ts";
export * from "./sys/errno.ts";
export * from "./sys/mbuf.ts";

// -- net ----------------------------------------------------------------------------------------------
export { NetGlobals } from "./net/net_globals.ts";
export {
  IFSQ_STAGE_FLAG_QUED,
  IFSQ_STAGE_FLAG_SCHED,
  type Ifaltq,
  type IfaltqSubque,
  type IfsubqStage,
} from "./net/altq/if_altq.ts";
export { tbr_set, type TbProfile } from "./net/altq/altq_tbr.ts";
export type * from "./net/driver.ts";
export { IFF_RUNNING, IFF_UP, IFNET_STAT_GET, Ifnet } from "./net/if_var.ts";
export { MCLBYTES, if_attach } from "./net/if_attach.ts";
export { if_detach } from "./net/if_detach.ts";
export { ifpoll_deregister, ifpoll_register } from "./net/if_poll.ts";
export { ifnet_array_get, ifnet_byindex, type IfnetArray } from "./net/if_array.ts";
export { if_down, if_up } from "./net/if_flags.ts";
export { ifnet_lock, ifnet_unlock } from "./net/if_lock.ts";
export { ifnet_deserialize_all, ifnet_serialize_all } from "./net/if_serialize.ts";
export { ifq_dispatch, ifq_handoff } from "./net/if_dispatch.ts";
export { if_ring_count2 } from "./net/if_queue.ts";
export { if_start_rollup } from "./net/if_stage.ts";
export {
  if_devstart_sched,
  ifsq_devstart,
  ifsq_devstart_sched,
  ifsq_ifstart_ipifunc,
} from "./net/if_start.ts";
export { ifq_purge_all, ifsq_purge } from "./net/ifq_var.ts";
export {
  ifq_get_subq,
  ifq_get_subq_default,
  ifq_map_subq,
  ifsq_deserialize_hw,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
} from "./net/ifsq_var.ts";
export { NetmsgBase, netmsg_init } from "./net/netmsg.ts";
export { netisr_cpuport, netmsg_service_sync } from "./net/netisr.ts";
export * from "./net/views.ts";

// -- dev ----------------------------------------------------------------------------------------------
export { nicAttach, nicDetach, nicUp } from "./dev/nic.ts";
export { nicSetRunning } from "./dev/nic-control.ts";
export { NO_NIC_FAULTS, type NicFaults } from "./dev/nic-device.ts";
export type { NicRing } from "./dev/nic-ring.ts";
export type { Nic, NicOptions } from "./dev/nic-softc.ts";
export { nicTxeof } from "./dev/nic-transmit.ts";
