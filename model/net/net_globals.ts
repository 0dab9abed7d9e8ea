/**
 * Globals of the network layer: what is a file-level variable in C, as fields of one object per run.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 139 to 173, 205 and 477), sys/net/netisr.c, sys/net/altq/altq_subr.c.
 */
import {
  Struct,
  guardedBy,
  published,
  word,
  type Guarded,
  type Published,
  type Word,
} from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { EventHandlerList } from "../kern/eventhandler.ts";
import { Mtx } from "../kern/kern_mutex.ts";
import { Callout, callout_init } from "../kern/kern_timeout.ts";
import {
  LwktPort,
  lwkt_initport_panic,
  lwkt_initport_replyonly_null,
  type PutPort,
} from "../kern/lwkt_msgport.ts";
import type { Thread } from "../kern/lwkt_thread.ts";
import type { Domain } from "./domain.ts";
import { SharedTailq } from "../sys/queue-shared.ts";
import type { IfgGroup } from "./if_group_var.ts";
import { IfComTable } from "./if_com.ts";
import { IfnetArray, type Ifindex2ifnet } from "./if_array.ts";
import { ChainWatch } from "./ifaddr/ifa_chain.ts";
import type { IfClone } from "./if_clone.ts";
import { Ifnethead } from "./if_list.ts";
import { IfsubqStageHead } from "./if_stage.ts";
import type { Ifnet } from "./if_var.ts";
import { NetmsgBase } from "./netmsg.ts";
import type { TunGlobals } from "./tun/if_tunvar.ts";
import type { NetmsgRollup } from "./netisr.ts";
import { makeRtTables, type RtTables } from "./route/rt_tables.ts";
import type { Announcement } from "./route/rtsock.ts";

export class NetGlobals extends Struct {
  /** Netisr thread of each CPU. */
  readonly netisr_cpu: Thread[] = [];
  /** Ifnet thread of each CPU. */
  readonly ifnet_threads: Thread[] = [];
  /** Ports of all network threads, in order of registration. Boot only writes it. */
  readonly netreglist: LwktPort[] = [];
  /** Rollups by descending priority. Boot only writes it. */
  readonly netrulist: NetmsgRollup[] = [];
  /** What the put function of every registered port was. */
  netmsg_fwd_port_fn: PutPort | null = null;
  /** Marks a replied message done; that is all it does. */
  readonly netisr_adone_rport: LwktPort;
  /** Panics when a message is replied to: that of a packet, which its handler consumes. */
  readonly netisr_apanic_rport: LwktPort;

  /** The ifnet lock. */
  readonly ifnet_mtx: Mtx;
  /** The first, empty, static array. */
  readonly ifnet_array0: IfnetArray;
  /** The current array; netisrs load it without the lock. */
  readonly ifnet_array: Published<IfnetArray>;
  /** Highest index in use; loaded without the lock. */
  readonly if_index: Published<number>;
  /** The index table; loaded without the lock. */
  readonly ifindex2ifnet: Published<Ifindex2ifnet | null>;
  /** Slots the table has, or half of what it will have when there is none. */
  readonly if_indexlim: Guarded<number>;
  readonly ifnetlist: Ifnethead;

  /** Called when an interface is attached, and before it is detached. */
  readonly ifnet_attach_event = new EventHandlerList<Ifnet>();
  readonly ifnet_detach_event = new EventHandlerList<Ifnet>();
  /** Called when a user has set, or tried to set, the link-level address. */
  readonly iflladdr_event = new EventHandlerList<Ifnet>();
  /** Cloners, the last registered first. Set-up only writes it. */
  readonly if_cloners: IfClone[] = [];
  /** The protocols; none before they are initialised. */
  domains: readonly Domain[] = [];
  /** Routing tables. */
  readonly rt_tables: RtTables;
  /** Addresses that are being linked, unlinked or destroyed. */
  readonly ifaChains = new ChainWatch();
  /** What routing sockets and /dev/devctl were told, in order. */
  readonly announced: Announcement[] = [];
  /** What went to the system log. */
  readonly logged: string[] = [];
  /** All interface groups. No lock. */
  readonly ifg_head: SharedTailq<IfgGroup>;
  /** `if_com_alloc`, `if_com_free`: what kinds of link allocate for an interface. */
  readonly ifCom: IfComTable;

  /** ARP requests so far; their packets are called by it. */
  arpPackets = 0;

  /** Stages with packets, by CPU. */
  readonly ifsubq_stage_heads: readonly IfsubqStageHead[];

  /**
   * `net.link.stats_compat`: copy statistics to where old readers look? A sysctl writes it and netisr 0 reads it without a
   * lock: all that hangs on the order is in which second the copies begin, so it is no shared word here.
   */
  if_stats_compat = 0;
  readonly if_slowtimo_timer: Callout;
  readonly if_slowtimo_netmsg: NetmsgBase;

  /** Of tun(4); null where it is not configured. */
  tun: TunGlobals | null = null;

  readonly tbr_callout: Callout;
  /** Is {@link tbr_callout} armed? Stored under the subqueue locks of whichever interface, and under none. */
  readonly tbr_timer: Word<number>;

  constructor(k: Kernel) {
    super(k.x, "net");
    this.netisr_adone_rport = new LwktPort(k, "netisr_adone_rport");
    lwkt_initport_replyonly_null(k, this.netisr_adone_rport);
    this.netisr_apanic_rport = new LwktPort(k, "netisr_apanic_rport");
    lwkt_initport_panic(k, this.netisr_apanic_rport);
    this.ifnet_mtx = new Mtx(k, "ifnet");
    const mtx = this.ifnet_mtx;
    this.ifnet_array0 = new IfnetArray(k, "ifnet_array0", 0);
    this.ifnet_array = published(this, mtx, this.ifnet_array0);
    this.if_index = published(this, mtx, 0);
    this.ifindex2ifnet = published<Ifindex2ifnet | null>(this, mtx, null);
    this.if_indexlim = guardedBy(this, mtx, 8);
    this.ifnetlist = new Ifnethead(k, mtx);
    this.rt_tables = makeRtTables(k);
    this.ifg_head = new SharedTailq<IfgGroup>(this, "ifg_head", ({ ifg_next }) => ifg_next);
    this.ifCom = new IfComTable(k);
    this.ifsubq_stage_heads = k.x.cpus.map((cpu) => new IfsubqStageHead(k, cpu));
    this.if_slowtimo_timer = new Callout(k, "if_slowtimo_timer");
    this.if_slowtimo_netmsg = new NetmsgBase(k, "if_slowtimo_netmsg");
    this.tbr_callout = new Callout(k, "tbr_callout");
    callout_init(k, this.tbr_callout);
    this.tbr_timer = word(this, 0);
  }
}
