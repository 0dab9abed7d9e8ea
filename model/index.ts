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
export { EVENTHANDLER_PRI_ANY, EVENTHANDLER_REGISTER } from "./kern/eventhandler.ts";
export * from "./kern/kern_synch.ts";
export * from "./kern/kern_timeout.ts";
export * from "./kern/kern_intr.ts";
export * from "./kern/kern_slaballoc.ts";
export * from "./kern/kern_prot.ts";
export * from "./kern/kern_proc.ts";
export * from "./kern/kern_sig.ts";
export * from "./kern/kern_descrip.ts";
export * from "./kern/kern_subr.ts";
export * from "./kern/copyio.ts";
export * from "./kern/vmspace.ts";
export * from "./kern/kern_conf.ts";
export * from "./kern/syscalls.ts";
export * from "./kern/uipc_mbuf.ts";
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
export * from "./net/driver.ts";
export { Device, TxRing } from "./net/device.ts";
export { attachDevice, detachDevice, runDevice, upDevice } from "./net/device-attach.ts";
export { driverRoutine } from "./net/driver-entry.ts";
export { driverObjection } from "./net/driver-shape.ts";
export { IFF_BROADCAST, IFF_POINTOPOINT, IFF_PPROMISC, IFNET_STAT_GET, Ifnet } from "./net/if_var.ts";
export { MCLBYTES, if_attach } from "./net/if_attach.ts";
export { if_detach } from "./net/if_detach.ts";
export { ifpoll_deregister, ifpoll_register } from "./net/if_poll.ts";
export { Ifindex2ifnet, IfnetArray, ifnet_array_add, ifnet_array_del, ifnet_array_free, ifnet_array_get, ifnet_array_isempty, ifunit_netisr, ifnet_byindex, indexSlot } from "./net/if_array.ts";
export { deref } from "./fault.ts";
export { ether_resolvemulti } from "./net/if_ethersubr.ts";
export { if_alloc, if_free } from "./net/if_alloc.ts";
export { TAILQ_EMPTY } from "./sys/queue.ts";
export { if_getanyethermac } from "./net/if_ethermac.ts";
export { Arpcom } from "./net/if_ether.ts";
export * from "./net/sockaddr.ts";
export { IFADDR_SIZE, Ifaddr } from "./net/ifaddr/ifaddr.ts";
export { IfaddrheadBlock, ifaddrInsertTail, myAddrhead } from "./net/ifaddr/ifaddrhead.ts";
export { ifa_destroy, ifa_iflink, ifa_ifunlink } from "./net/ifaddr/ifa_chain.ts";
export { ifa_create, myContainer } from "./net/ifaddr/ifa_ref.ts";
export { ifa_ifwithaddr, ifa_ifwithdstaddr } from "./net/ifaddr/ifa_ifwithaddr.ts";
export { ifa_ifwithnet } from "./net/ifaddr/ifa_ifwithnet.ts";
export { ifaof_ifpforaddr } from "./net/ifaddr/ifaof_ifpforaddr.ts";
export { if_addgroup, if_creategroup, if_delgroup, if_getgroup, if_getgroupmembers } from "./net/if_group.ts";
export { SIZEOF_IFG_REQ, type IfgGroup, type Ifgroupreq } from "./net/if_group_var.ts";
export {
  if_addmulti,
  if_addmulti_serialized,
  if_delallmulti_serialized,
  if_delmulti,
  if_delmulti_serialized,
  ifmaof_ifpforaddr,
  type RetIfma,
} from "./net/if_multi.ts";
export { Ifmultiaddr, Llsa } from "./net/if_multi_var.ts";
export { IF_DUNIT_NONE, if_initname, if_link_state_change, if_printf } from "./net/if_name.ts";
export { if_setlladdr } from "./net/if_lladdr.ts";
export { if_allmulti, ifpromisc } from "./net/if_promisc.ts";
export { if_deregister_com_alloc, if_register_com_alloc, type IfComAlloc } from "./net/if_com.ts";
export { IFT_ETHER, IFT_LOOP } from "./net/if_types.ts";
export { if_down, if_up } from "./net/if_flags.ts";
export { ifnet_domsg } from "./net/if_init.ts";
export { ifunit } from "./net/if_list.ts";
export { ifnet_lock, ifnet_unlock } from "./net/if_lock.ts";
export { ifq_dispatch, ifq_handoff } from "./net/if_dispatch.ts";
export { ifnet_sendmsg } from "./net/if_init.ts";
export { if_ring_count2 } from "./net/if_queue.ts";
export { if_start_rollup } from "./net/if_stage.ts";
export { ifsq_ifstart_ipifunc } from "./net/if_start.ts";
export { ifq_purge_all } from "./net/ifq_var.ts";
export { ifq_get_subq_default, ifq_map_subq } from "./net/ifsq_var.ts";
export { NetmsgBase, netmsg_init } from "./net/netmsg.ts";
export { netisr_cpuport, netmsg_service_sync } from "./net/netisr.ts";
export * from "./net/views.ts";
export * from "./net/tun/index.ts";
export { addressesOf, addressesOn, routesOf } from "./net/ifaddr/views.ts";
export { altq_attach, altq_enable } from "./net/altq/altq_subr.ts";
export { deleteAddress, in6_purgeaddr, in_control } from "./net/protocols.ts";
export { IFA_CONTAINER_MAGIC, IFA_LIST_IFADDRHEAD, type IfaddrContainer } from "./net/ifaddr/ifaddr.ts";
export {
  ifaddrFirst,
  ifaddrInsertAfter,
  ifaddrInsertHead,
  ifaddrNext,
  ifaddrRemove,
} from "./net/ifaddr/ifaddrhead.ts";
export { IFAFREE, IFAREF, familyOf, ifa_marker_init } from "./net/ifaddr/ifa_ref.ts";
export { RTM_ADD, RTM_DELETE, type Rtentry } from "./net/route/rtentry.ts";
export { rt_domsg_global, rtrequest } from "./net/route/rt_tables.ts";
export { RTM_DELADDR, RTM_NEWADDR, rt_newaddrmsg } from "./net/route/rtsock.ts";

export {
  IFF_CANTCHANGE,
  IFF_MULTICAST,
  IFF_NPOLLING,
  IFF_PROMISC,
  IFF_SMART,
} from "./net/if_var.ts";
export { if_clone_attach, type Cloner } from "./net/if_clone.ts";
export { IFNAMSIZ, IFR_IFRU, Ifconf, nameOf } from "./net/ifreq.ts";
export { inetSocket, protocolAddress } from "./net/in_socket.ts";
export { IFIOCTL_ERRNOS, OTHER_ERRNOS, type RequestErrnos } from "./net/ioctl/errnos.ts";
export { ifioctl } from "./net/ioctl/ifioctl.ts";
export { IF_MAXMTU, IF_MINMTU } from "./net/ifreq.ts";
export { mapped_ioctl } from "./net/sys_socket.ts";
export { IOCPARM_LEN } from "./sys/ioccom.ts";
export { SIZEOF_IFREQ } from "./sys/sockio.ts";
export * as SOCKIO from "./sys/sockio.ts";

// -- hw -----------------------------------------------------------------------------------------------
export { NO_CARD_FAULTS, type CardFaults } from "./hw/card-engine.ts";
export { CardRing } from "./hw/card-ring.ts";

// -- dev ----------------------------------------------------------------------------------------------
export { nicByHand, nicDriver } from "./dev/nic.ts";

// -- xnu ----------------------------------------------------------------------------------------------
export * from "./xnu/index.ts";
