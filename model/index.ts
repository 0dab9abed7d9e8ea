/** The model's public surface; the only file other folders may import. */
export { Kernel } from "./kernel.ts";
export { DEFAULT_PARAMS, type Params } from "./params.ts";
export { KASSERT, KKASSERT, panic } from "./panic.ts";

// -- kern ---------------------------------------------------------------------------------------------
export { bootKern } from "./kern/init_main.ts";
export { Globaldata, curthread, globaldata_find, mycpu, mycpuid } from "./kern/globaldata.ts";
export {
  TD_TYPE_GENERIC,
  TD_TYPE_NETISR,
  TDF_DAEMON,
  TDF_NOSTART,
  Thread,
  lwkt_create,
  lwkt_schedule,
  lwkt_yield,
  spawnThread,
  type SpawnOptions,
} from "./kern/lwkt_thread.ts";
export { crit_enter, crit_exit } from "./kern/thread2.ts";
export { lwkt_send_ipiq, lwkt_synchronize_ipiqs, type IpiFunc } from "./kern/lwkt_ipiq.ts";
export * from "./kern/lwkt_msgport.ts";
export {
  Serializer,
  lwkt_serialize_adaptive_enter,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  lwkt_serialize_try,
} from "./kern/lwkt_serialize.ts";
export { SpinLock, spin_lock, spin_unlock } from "./kern/kern_spinlock.ts";
export { Mtx, mtx_lock, mtx_owned, mtx_unlock } from "./kern/kern_mutex.ts";
export { tsleep, tsleep_interlock, wakeup, PINTERLOCKED } from "./kern/kern_synch.ts";
export {
  Callout,
  callout_init_mp,
  callout_reset,
  callout_reset_bycpu,
  callout_stop,
} from "./kern/kern_timeout.ts";
export { Interrupt, raiseInterrupt, register_int } from "./kern/kern_intr.ts";
export { kfree, kmalloc } from "./kern/kern_slaballoc.ts";
export { getmicrotime, ticks } from "./kern/kern_clock.ts";
export * from "./sys/malloc.ts";
export * from "./sys/errno.ts";
export * from "./sys/mbuf.ts";
