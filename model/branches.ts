/**
 * The branches of the mechanisms that protocol coverage tells apart, as data: the name, the kernel routine, and the line
 * of seed 001 where it is decided (null: the routine is not in the seed; docs/kernel-map.json names its file).
 *
 * A routine says `k.onBranch?.("...")` where it takes one, by name. A name is a mechanism, a colon, and what happens.
 * What the operations of a run tell by themselves has no mark, and stands in {@link RECORDED_BRANCHES}.
 */

/** Where a branch is decided: the routine and its line in seed 001. */
export type BranchSite = readonly [routine: string, line: number | null];

/** Marked in the routines. */
const MARKED_BRANCHES = {
  "interlock taken: by ifq_dispatch": ["ifq_dispatch", 3070],
  "interlock taken: by if_start_rollup": ["if_start_rollup", 3339],
  "interlock taken: by ifsq_devstart": ["ifsq_devstart", 392],
  "interlock held: ifq_dispatch leaves": ["ifq_dispatch", 3052],
  "interlock held: if_start_rollup leaves": ["if_start_rollup", 3334],
  "interlock held: ifsq_devstart leaves": ["ifsq_devstart", 388],
  "interlock released: queue empty": ["ifsq_ifstart_need_schedule", 326],
  "interlock released: hardware full": ["ifsq_ifstart_need_schedule", 326],
  "interlock released: not running": ["ifsq_ifstart_need_schedule", 326],
  "interlock released: no token": ["ifsq_ifstart_need_schedule", 326],
  "interlock released: nobody holds it": ["ifsq_ifstart_need_schedule", 326],
  "interlock kept: packets at the first look": ["ifsq_ifstart_need_schedule", 302],
  "interlock kept: packets at the look under the lock": ["ifsq_ifstart_need_schedule", 330],

  "if_start called: directly": ["ifsq_ifstart_try", 2955],
  "if_start called: by the message": ["ifsq_ifstart_dispatch", 359],
  "if_start called: by ifsq_devstart": ["ifsq_devstart", 395],
  "if_start called: by ifq_handoff": ["ifq_handoff", null],
  "if_start called: by tbr_timeout": ["tbr_timeout", null],
  "if_start not called: directly": ["ifsq_ifstart_try", 2954],
  "if_start not called: by the message": ["ifsq_ifstart_dispatch", 358],
  "if_start not called: by ifq_handoff": ["ifq_handoff", null],
  "ifsq_devstart: nothing to send": ["ifsq_devstart", 388],

  "schedule: owed by a stage": ["ifsq_ifstart_schedule", 283],
  "schedule: directly on the owner": ["ifsq_ifstart_schedule", 291],
  "schedule: by IPI to the owner": ["ifsq_ifstart_schedule", 289],
  "schedule: hardware serializer held": ["ifsq_ifstart_try", 2944],
  "schedule: the owner has moved": ["ifsq_ifstart_dispatch", 348],
  "schedule: for a driver": ["ifsq_devstart_sched", 420],
  "if_start message: sent": ["ifsq_ifstart_ipifunc", 244],
  "if_start message: queued already": ["ifsq_ifstart_ipifunc", 244],

  "stage begins: packet held back": ["ifq_dispatch", 3057],
  "stage goes on: one more packet held back": ["ifq_dispatch", 3057],
  "stage goes on: its schedule stays owed": ["ifq_dispatch", 3084],
  "stage ends: staging is off": ["ifq_dispatch", 3037],
  "stage ends: enough packets": ["ifq_dispatch", 3037],
  "stage ends: enough bytes": ["ifq_dispatch", 3038],
  "stage ends: interlock held, no schedule owed": ["ifq_dispatch", 3082],
  "stage ends: what it owes is paid": ["ifq_dispatch", 3084],
  "stage ends: the rollup pays what it owes": ["if_start_rollup", 3328],
  "stage ends: at detach": ["ifq_stage_detach_handler", 825],

  "enqueue: normal lane": ["ifsq_classic_enqueue", 2883],
  "enqueue: high-priority lane": ["ifsq_classic_enqueue", 2881],
  "queue full: by packets": ["ifsq_classic_enqueue", 2859],
  "queue full: by bytes": ["ifsq_classic_enqueue", 2860],
  "queue full: oldest normal packet dropped": ["ifsq_classic_enqueue", 2870],
  "queue full: no normal packet to drop": ["ifsq_classic_enqueue", 2875],
  "queue full: priority share used up": ["ifsq_classic_enqueue", 2862],
  "queue full: arriving packet dropped": ["ifsq_classic_enqueue", 2877],
  "queue full: nothing ready to start": ["ifq_dispatch", 3045],
  "queue full: starts all the same": ["ifq_dispatch", 3050],
  "dequeue: normal lane": ["ifsq_norm_dequeue", 2829],
  "dequeue: high-priority lane": ["ifsq_prio_dequeue", 2844],
  "dequeue: nothing there": ["ifsq_norm_dequeue", 2829],
  "dequeue: the packet put back": ["ifsq_dequeue", null],
  "purge: drops a packet": ["ifsq_classic_request", 2923],

  "token bucket: tokens left": ["tbr_dequeue", null],
  "token bucket: filled up by time": ["tbr_dequeue", null],
  "token bucket: empty": ["tbr_dequeue", null],
  "token bucket: a poll has let this one through": ["tbr_dequeue", null],
  "token bucket: another subqueue is purged": ["tbr_dequeue", null],
  "tbr_timeout: queue empty": ["tbr_timeout", null],
  "tbr_timeout: goes on": ["tbr_timeout", null],
  "tbr_timeout: no regulator left": ["tbr_timeout", null],

  "array: the old one is freed": ["ifnet_array_free", 3528],
  "array: the static one is kept": ["ifnet_array_free", 3526],
  "index table: grows": ["if_attach", 640],
  "index table: has a slot": ["if_attach", 640],
  "index table: if_index lowered": ["if_detach", 903],
  "detach: polling turned off": ["if_detach", 932],
  "detach: discipline turned off": ["if_detach", 938],
  "sync: waits for every network thread": ["netmsg_service_sync", null],
  "message: handled at once, to the own port": ["netmsg_put_port", null],
  "rollup: the port is empty": ["netmsg_service_loop", null],
  "rollup: the batch is full": ["netmsg_service_loop", null],

  "subqueue watchdog: not watching": ["ifsq_watchdog", 3449],
  "subqueue watchdog: counts down": ["ifsq_watchdog", 3449],
  "subqueue watchdog: fires": ["ifsq_watchdog", 3454],
  "subqueue watchdog: serializers held, tries again": ["ifsq_watchdog", 3458],
  "interface watchdog: not watching": ["if_slowtimo_dispatch", 1669],
  "interface watchdog: counts down": ["if_slowtimo_dispatch", 1669],
  "interface watchdog: the driver has none": ["if_slowtimo_dispatch", 1673],
  "interface watchdog: fires": ["if_slowtimo_dispatch", 1675],
  "interface watchdog: serializers held, tries again": ["if_slowtimo_dispatch", 1679],
  "slow timer: message sent": ["if_slowtimo", 1696],
  "slow timer: message queued still": ["if_slowtimo", 1696],

  "callout reset: idle": ["callout_reset", null],
  "callout reset: active, stopped first": ["callout_reset", null],
  "callout reset: on another CPU": ["callout_reset_bycpu", null],
  "callout stop: pending here": ["callout_stop", null],
  "callout stop: not pending": ["callout_stop", null],
  "callout stop: on another CPU": ["callout_stop", null],
  "callout stop: its function runs": ["callout_stop", null],
  "callout stop: waits for its function": ["callout_stop_sync", null],
  "softclock: calls the function": ["softclock_handler", null],
  "softclock: it is not active any more": ["softclock_handler", null],
  "softclock: stopped while it waited for the MP lock": ["softclock_handler", null],

  "interrupt: is raised": ["sched_ithd_hard", null],
  "interrupt: comes while it is masked": ["sched_ithd_hard", null],
  "interrupt thread: preempts": ["lwkt_preempt", null],
  "interrupt thread: waits for its turn": ["lwkt_preempt", null],
  "interrupt handler: called": ["lwkt_serialize_handler_call", null],
  "interrupt handler: disabled": ["lwkt_serialize_handler_call", null],
  "interrupt handler: disabled while it waited": ["lwkt_serialize_handler_call", null],
  "IPI: to this CPU, a plain call": ["lwkt_send_ipiq", null],
  "IPI ring: full, the sender waits": ["lwkt_send_ipiq", null],
  "IPI synchronisation: sleeps": ["lwkt_synchronize_ipiqs", null],
  "ifaddr: the last container takes it along": ["ifac_free", 3162],
  "ifaddr: a container dies before the others": ["ifac_free", 3158],
  "purge: an IPv4 address": ["if_purgeaddrs_nolink_dispatch", 775],
  "purge: an IPv6 address": ["if_purgeaddrs_nolink_dispatch", 789],
  "purge: an address of another family": ["if_purgeaddrs_nolink_dispatch", 794],
  "purge: a marker is left alone": ["if_purgeaddrs_nolink_dispatch", 751],
  "detach: discipline taken off": ["if_detach", 941],
  "detach: a route goes with its interface": ["if_rtdel", 1237],
  "kmalloc: waits, others of the CPU run": ["kmalloc", null],
  "m_gethdr: no memory": ["m_gethdr", null],
} as const satisfies Readonly<Record<string, BranchSite>>;

/** Told by the operations of a run, and by what its workload has seen. */
export const RECORDED_BRANCHES = {
  "serializer: entered at once": ["lwkt_serialize_enter", null],
  "serializer: entered at a second look": ["lwkt_serialize_enter", null],
  "serializer: entered after a sleep": ["lwkt_serialize_enter", null],
  "serializer: a try gives up": ["lwkt_serialize_try", null],
  "serializer: exit wakes who waits": ["lwkt_serialize_exit", null],
  "mutex: taken at once": ["mtx_lock", null],
  "mutex: handed over": ["mtx_unlock", null],
  "token: taken at once": ["lwkt_gettoken", null],
  "token: taken on resumption": ["lwkt_getalltokens", null],
  "sleep: goes to sleep": ["tsleep", null],
  "sleep: forestalled by a wakeup": ["tsleep", null],
  "wakeup: sends IPIs": ["wakeup", null],
  "array: swapped under a reader": ["ifnet_array_get", 3598],
} as const satisfies Readonly<Record<string, BranchSite>>;

/** Every branch there is. */
export const BRANCHES = { ...MARKED_BRANCHES, ...RECORDED_BRANCHES } as const;

/** The name of a branch that routines mark. */
export type Branch = keyof typeof MARKED_BRANCHES;
/** The name of a branch that a recording tells. */
export type RecordedBranch = keyof typeof RECORDED_BRANCHES;
