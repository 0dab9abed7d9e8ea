/**
 * What `explain` has to say of each mutant and of each finding that is no race (a race's sites are in its own file): judged by what the
 * mutant's diff does wrong and by what the finding's page says breaks, not by what is printed.
 */

/** The run fails in this order: `first` comes after `second` where it passes. Of a side: `ROUTINE OPERATION OBJECT`. */
interface Orders {
  readonly first: RegExp;
  readonly second: RegExp;
}

/** What may be said. `draw`: the routine that draws a choice. */
export type Says = Orders | "every order" | { readonly draw: RegExp };

/** One of them. */
export interface Expected {
  readonly says: Says;
  /** What is said instead, today, and why that is not what it should be. */
  readonly instead?: { readonly says: Says; readonly why: string };
}

const order = (first: RegExp, second: RegExp): Expected => ({ says: { first, second } });
const but = ({ says }: Expected, instead: Says, why: string): Expected => ({ says, instead: { says: instead, why } });
/** Nothing but the workload makes it fail. */
const ALWAYS: Expected = { says: "every order" };

/** A packet is queued behind others before the driver, or its completion interrupt, has taken those. */
const BEFORE_THE_DRIVER = order(
  /^ifq_dispatch (?:try em0 subq 0 ifsq_lock|crit_enter)|^ifsq_norm_enqueue store em0 subq 0 ifsq_len/,
  /^(?:ifsq_devstart|ifsq_dequeue|ifsq_ifstart_need_schedule|ithread_handler|ifsq_is_empty) /,
);
/** The same of the loopback interface. */
const BEFORE_THE_THREAD = order(/^ifclassq_enqueue enter lo0 ifcq_lock/, /^ifclassq_dequeue\w* (?:enter|exit) lo0 ifcq_lock/);
/** Whoever starts output finds the hardware serializer held, and leaves a duty. */
const CONTENDED = order(/^ifsq_tryserialize_hw try em0 if_default_serializer/, /exit em0 if_default_serializer/);
/** A netisr loads what is about to be replaced. */
const readsBefore = (load: string, store: string): Expected => order(new RegExp(`^${load}`), new RegExp(`^${store}`));

const ONE_CPU = "the recorded run has one CPU, on which its run queue and no schedule decides whose turn it is, and of 40 random runs with two none passes";

/** By name of the mutant. */
export const MUTANTS_SAY: Readonly<Record<string, Expected>> = {
  "always-says-readable": ALWAYS,
  "answers-for-the-other-end": ALWAYS,
  "answers-with-another-errno": ALWAYS,
  "asks-for-another-class": order(/^sysctl_\w+ store if_loop/, /^lo_start load if_loop/),
  "attaches-without-the-list": ALWAYS,
  "closes-without-a-purge": order(/^(?:netmsg_service_loop|tunoutput\w*) /, /^(?:sys_close|tunclose) /),
  "compares-two-bytes": ALWAYS,
  "copies-in-public": readsBefore("ifnet_array_get load net ifnet_array", "if_attach store net ifnet_array"),
  "copies-past-the-buffer": ALWAYS,
  "counts-dropped-packets": BEFORE_THE_DRIVER,
  "counts-no-output": ALWAYS,
  "counts-the-first-bridge-only": ALWAYS,
  "cuts-listed-names": ALWAYS,
  "detaches-under-the-serializer": order(/^lwkt_serialize_\w+ \w+ em0 if_default_serializer/, /^ifsq_tryserialize_hw try em0 if_default_serializer/),
  "detaches-without-unlocking": ALWAYS,
  "does-not-chase-the-owner": but(
    order(/ifsq_cpuid|^\S* ?atomic load em0 if_default_serializer|ifsq_tryserialize_hw/, /if_default_serializer|ifsq_cpuid/),
    { first: /^ifq_dispatch exit em0 subq 0 ifsq_lock/, second: /^ifsq_dequeue try em0 subq 0 ifsq_lock/ },
    "the run needs a contended start and an owner that moves meanwhile: the first of the two is told, which changes less of the run",
  ),
  "does-not-count-while-active": order(/^ifclassq_dequeue\w* enter lo0 ifcq_lock/, /^ifclassq_enqueue enter lo0 ifcq_lock/),
  "does-not-wait-for-references": order(/^ifnet_detach_final /, /^ifnet_(?:start_thread_fn|decr_iorefcnt) /),
  "drops-the-duty-on-contention": CONTENDED,
  "drops-what-is-written": ALWAYS,
  "enqueues-at-the-head": BEFORE_THE_DRIVER,
  "exits-without-a-wakeup": order(/ try em0 (?:subq 0 ifsq_lock|if_default_serializer)/, / (?:try|exit) em0 (?:subq 0 ifsq_lock|if_default_serializer)/),
  "finds-any-other-end": ALWAYS,
  "forgets-crit-exit": ALWAYS,
  "forgets-the-byte-limit": BEFORE_THE_DRIVER,
  "forgets-the-listmask": ALWAYS,
  "forgets-the-queued-flag": order(/^ifq_dispatch |^lwkt_\w*msg\w* /, /^netmsg_service_loop receive netisr_cpu 1 port/),
  "forgets-the-store-fence": order(/load net (?:if_index|ifindex2ifnet)/, /flush .*ifindex2ifnet/),
  "forgets-the-waiting-bit": order(/^dlil_input_handler enter input_lck/, /^dlil_main_input_thread_func enter input_lck/),
  "forgets-to-count-down": ALWAYS,
  "forgets-to-look-again": order(/^ifsq_(?:is_empty|dequeue|ifstart_need_schedule) /, /^(?:ifsq_norm_enqueue|ifq_dispatch) /),
  "frees-before-the-sync": readsBefore("ifnet_array_get load net ifnet_array", "if_detach store net ifnet_array"),
  "frees-in-spin-mode": BEFORE_THE_THREAD,
  "frees-the-head-twice": BEFORE_THE_DRIVER,
  "frees-the-index-table-at-once": readsBefore("netmsg_service_loop load net ifindex2ifnet", "if_attach store net ifindex2ifnet"),
  "frees-the-statistics-twice": ALWAYS,
  "gives-a-name-twice": ALWAYS,
  "gives-the-last-reference-back-quietly": order(/^ifnet_detach_final enter lo1 if_ref_lock/, /^ifnet_decr_iorefcnt enter lo1 if_ref_lock/),
  "joins-a-group-one-way": ALWAYS,
  "joins-without-a-reference": ALWAYS,
  "keeps-a-dead-address": ALWAYS,
  "keeps-the-count": ALWAYS,
  "keeps-the-filter-as-it-was": ALWAYS,
  "keeps-the-index": ALWAYS,
  "keeps-the-interlock-when-busy": BEFORE_THE_DRIVER,
  "keeps-the-lock-when-nothing-changes": ALWAYS,
  "keeps-the-sched-flag": order(/^ifq_dispatch try em0 subq 0 ifsq_lock/, /^ifsq_ifstart_need_schedule try em0 subq 0 ifsq_lock/),
  "leaks-a-refused-packet": BEFORE_THE_DRIVER,
  "leaks-the-dropped-head": BEFORE_THE_DRIVER,
  "leaks-the-stages": ALWAYS,
  "leaks-what-a-down-interface-refuses": ALWAYS,
  "leaks-without-memory": { says: { draw: /^(?:kmalloc|if_addgroup)$/ } },
  "leaves-the-header-on": ALWAYS,
  "leaves-the-routes": readsBefore("ifnet_array_get load net ifnet_array", "if_detach store net ifnet_array"),
  "links-on-the-first-cpu-alone": ALWAYS,
  "looks-before-it-locks": BEFORE_THE_DRIVER,
  "loses-the-rest-of-the-list": ALWAYS,
  "miscounts-the-priority-lane": ALWAYS,
  "never-clears-oactive": BEFORE_THE_DRIVER,
  "never-rolls-up": CONTENDED,
  "opens-twice": ALWAYS,
  "publishes-an-unfilled-array": order(/^ifnet_array_add store net ifnet_array/, /^ifnet_array_get load net ifnet_array/),
  "publishes-too-early": ALWAYS,
  "puts-without-a-wakeup": CONTENDED,
  "queues-at-the-head-of-a-flow": BEFORE_THE_THREAD,
  "reads-from-the-second-byte": ALWAYS,
  "replies-late": order(/exit em0 if_default_serializer/, /^ifsq_ifstart_dispatch try em0 if_default_serializer/),
  "runs-ipis-last-first": order(/^lwkt_send_ipiq send ipiq 0 to 1/, /begin cpu 1/),
  "schedules-nothing-from-the-rollup": CONTENDED,
  "sends-a-busy-message": ALWAYS,
  "sets-the-other-mode": ALWAYS,
  "settles-for-the-last": but(
    order(/^netmsg_service_loop receive netisr_cpu \d port|^ifaof_/, /^ifa_ifunlink|^ifnet_service_loop/),
    { first: / ifnet 0 port/, second: /^ifa_ifunlink / },
    "the lookup is in the order of messages on ports, and no short change of the schedule moves it over an address that comes or goes",
  ),
  "sleeps-without-interlock": order(/atomic load em0 if_default_serializer/, / exit em0 if_default_serializer/),
  "stages-for-the-owner": ALWAYS,
  "stays-promiscuous": ALWAYS,
  "takes-any-ethernet": ALWAYS,
  "takes-every-answer-for-yes": ALWAYS,
  "takes-more-than-allowed": BEFORE_THE_THREAD,
  "takes-one-too-many": BEFORE_THE_DRIVER,
  "takes-the-first-network": but(
    order(/^netmsg_service_loop receive netisr_cpu \d port|^ifa_ifwithnet/, /^ifa_iflink|^ifnet_service_loop/),
    { first: /^ifnet_service_loop sleep sleepers on ifnet 0 port/, second: /^ifa_iflink wakeup sleepers on ifnet 0 port/ },
    "as for settles-for-the-last",
  ),
  "takes-without-removing": but(
    ALWAYS,
    readsBefore("ifnet_array_get load net ifnet_array", "if_detach store net ifnet_array").says,
    "it passes where the interface is gone before anything is sent, so that the mutated line is not reached",
  ),
  "taps-the-first-again": order(/^lo_set_bpf_tap store if_loop bpf_callback/, /^lo_start load if_loop bpf_callback/),
  "tells-no-poller": ALWAYS,
  "tells-no-reader": order(/^tunread /, /^(?:netmsg_service_loop|tunoutput\w*) /),
  "tells-nobody": ALWAYS,
  "walks-the-first-cpus-list": ALWAYS,
};

/** By name of the finding. */
export const FINDINGS_SAY: Readonly<Record<string, Expected>> = {
  "array-is-published-without-a-fence": order(/^ifnet_array_get load net ifnet_array/, / flush ifnet_array ifnet_arr\[0\]|^flush ifnet_array ifnet_arr\[0\]/),
  "attach-publishes-before-the-driver": order(/^nic\w+ .*cl0/, /^\w* ?store cl0 tx0/),
  "attach-publishes-before-the-driver-unserialized": order(/^nic\w+ .*cl0/, / flush cl0 subq 0 ifsq_hw_serialize/),
  "clone-made-twice": order(/^if_clone_create store cloner cl ifc_units/, /^if_clone_create load cloner cl ifc_units/),
  "driver-without-if-ioctl": ALWAYS,
  "groups-without-a-lock-freed": order(/^if_(?:del|add|get)group\w* load em0 if_groups/, /^if_delgroup store em0 if_groups/),
  "groups-without-a-lock-groups-agree-both-ways": order(/^if_(?:add|del)group \w+ em1 if_groups/, /^if_(?:add|del)group \w+ em1 if_groups/),
  "groups-without-a-lock-memberships-end-with-their-users": order(/^if_(?:add|del|create)group \w+ ifg_/, /^if_(?:add|del|create)group \w+ ifg_/),
  "groups-without-a-lock-memory-is-returned": order(/^if_(?:add|del|create)group \w+ ifg_/, /^if_(?:add|del|create)group \w+ ifg_/),
  "handoff-reads-a-packet-it-gave-away": order(/^ifsq_enqueue exit em0 subq 0 ifsq_lock/, /^ifq_lock_all try em0 subq 0 ifsq_lock/),
  "ifconf-takes-a-negative-size": ALWAYS,
  "lookup-follows-a-missing-other-end": ALWAYS,
  "lookup-follows-an-empty-slot": order(/^if_detach store ifindex2ifnet/, /^ifa_ifwithnet load ifindex2ifnet/),
  "loopback-changes-strand-packets": order(/^lo_start load if_loop lo_dequeue_sc/, /^sysctl_dequeue_scidx store if_loop lo_dequeue_sc/),
  "loopback-completes-the-first-only": BEFORE_THE_THREAD,
  "loopback-emptied-flow-keeps-its-entry": order(/^ifclassq_enqueue enter lo0 ifcq_lock/, /^ifclassq_enqueue enter lo0 ifcq_lock/),
  "loopback-first-start-is-not-heard": order(/^ifnet_start enter lo0 if_start_lock/, /^ifnet_start_thread_fn enter lo0 if_start_lock/),
  "loopback-full-queue-keeps-what-it-refuses": order(/^ifclassq_enqueue enter lo0 ifcq_lock/, /^ifclassq_(?:en|de)queue\w* enter lo0 ifcq_lock/),
  "loopback-model-changes-under-a-class-dequeue": order(/^sysctl_sched_model store if_loop lo_sched_model/, /^lo_start load if_loop lo_sched_model/),
  "loopback-model-changes-under-a-dequeue": order(/^lo_start load if_loop lo_sched_model/, /^sysctl_sched_model store if_loop lo_sched_model/),
  "loopback-tail-of-a-class-dequeue": BEFORE_THE_THREAD,
  "members-outlive-their-interface": ALWAYS,
  "members-outlive-their-interface-freed": ALWAYS,
  "membership-filter-not-told": ALWAYS,
  "membership-link-copy-leaks": ALWAYS,
  "membership-link-never-written": ALWAYS,
  "membership-of-a-long-address": ALWAYS,
  "modes-driver-says-no-mode-counters-equal-users": ALWAYS,
  "modes-driver-says-no-mode-flags-equal-counters": ALWAYS,
  "modes-driver-says-no-mode-flags-equal-counters-2": ALWAYS,
  "modes-without-a-lock-mode-counters-equal-users": order(/^ifpromisc load em0 if_pcount/, /^ifpromisc store em0 if_pcount/),
  "modes-without-a-lock-mode-flags-equal-counters": order(/^if_allmulti load em0 if_amcount/, /^if_allmulti store em0 if_amcount/),
  "refusals-are-not-told-capabilities": ALWAYS,
  "refusals-are-not-told-flags": ALWAYS,
  "refusals-are-not-told-lladdr": ALWAYS,
  "refusals-are-not-told-membership": ALWAYS,
  "rename-is-seen-in-pieces": order(/^ifunit_netisr load em0 xname/, /^ifioctl store em0 xname/),
  "tun-close-deadlocks-with-output": order(/^(?:sys_close|tunclose) /, /^(?:netmsg_service_loop|tunoutput\w*) /),
  "tun-close-leaves-an-owner": { says: { draw: /^copyin$/ } },
  "tun-close-leaves-readers-asleep": order(/^(?:sys_read|tunread|lwkt_gettoken) /, /^(?:sys_revoke|tunclose) /),
  "tun-is-made-twice": but(order(/^tunopen |^tuncreate /, /^tunopen |^tuncreate /), "every order", ONE_CPU),
  "tun-listeners-share-a-destination": { says: { draw: /^(?:copyin|uiomove)$/ } },
  "tun-mode-is-lost": order(/^tunioctl store tun0 softc tun_flags/, /^tunoutput_serialized store tun0 softc tun_flags/),
  "tun-poll-ignores-the-token-bucket": order(/^netmsg_service_loop try mp_token/, / try mp_token/),
  "tun-read-clears-another-readers-flag": but(
    order(/^tunread .* tun_flags/, /^tun(?:read|output\w*) .* tun_flags/),
    { first: /^netmsg_service_loop try mp_token/, second: /^lwkt_switch / },
    "the flag is changed under the MP lock, whose order is told: between output and the first reader, not of the second one that comes between them",
  ),
  "tun-read-sleeps-through-a-packet": order(/^tunoutput_serialized wakeup sleepers on tun0 softc/, /^tunread sleep sleepers on tun0 softc/),
  "tun-write-frees-the-wrong-buffer": ALWAYS,
  "tun-write-leaks-after-a-fault": ALWAYS,
  "watchdog-after-detach": but(
    order(/^ifsq_watchdog|^callout_/, /^ifsq_watchdog_stop|^callout_stop/),
    { first: /begin cpu 0/, second: /begin cpu 0/ },
    "when a callout runs is decided by when the timer interrupt of its CPU begins, and that is told",
  ),
};
