/** From a configuration record to a running XNU, and what its threads do. */
import { misuse, type Execution, type Routine } from "../../sim/index.ts";
import {
  CSUM_UDP,
  PKTF_FLOW_ADV,
  PKTF_FLOW_ID,
  PKTF_TX_COMPL_TS_REQ,
  XNU_M_MCAST,
  bootXnu,
  bpf_attachd,
  bpf_detachd,
  dlil_output,
  ifnet_detach,
  ifnet_set_throttle,
  nanouptime,
  sysctl_dequeue_max,
  sysctl_dequeue_scidx,
  sysctl_sched_model,
  xnu_if_down,
  xnu_if_up,
  xnu_m_gethdr,
  type Xnu,
  type XnuIfnet,
  type XnuMbuf,
} from "../../model/index.ts";
import type { Config } from "../config.ts";
import type { World } from "../world.ts";
import { type LoopbackOp, type LoopbackPacket, type XnuTopology } from "./config.ts";

/** A packet the workload handed to the interface. */
export interface LoopbackSent extends LoopbackPacket {
  readonly id: number;
  readonly sender: string;
  readonly family: string;
  /** What `dlil_output` returned for its list; null while it is under way. */
  error: number | null;
}

/** One run of XNU. */
export class LoopbackRun {
  readonly xnu: Xnu;
  readonly settings: XnuTopology;
  /** The interface that packets are sent to. */
  readonly ifp: XnuIfnet;
  readonly sent: LoopbackSent[] = [];
  /** What the other operations returned, by their name. */
  readonly returned: { readonly op: LoopbackOp["do"]; readonly error: number }[] = [];

  constructor(xnu: Xnu, settings: XnuTopology) {
    this.xnu = xnu;
    this.settings = settings;
    this.ifp = settings.second ? xnu.lo1 : xnu.lo_ifp;
  }
}

/** The XNU of a world. */
export function loopbackOf(world: World): LoopbackRun {
  return world.loopback ?? misuse("no-xnu", "this machine runs the DragonFly kernel");
}

/** Boots XNU; the workload begins with {@link startLoopbackActor}. */
export function bootLoopback(x: Execution, settings: XnuTopology, { faults }: Config): LoopbackRun {
  const { txstart, fqCodel, dropLimit, sndqMaxlen, model, second, idle } = settings;
  const { nowaitFails, failing = [] } = faults;
  const params = { txstart, fqCodel, dropLimit, sndqMaxlen, zallocFails: nowaitFails, prependFails: nowaitFails, failing };
  const xnu = bootXnu(x, params, { model, second, idle, dequeueMax: settings.dequeueMax });
  xnu.shortage.begin();
  return new LoopbackRun(xnu, settings);
}

/** Starts a thread. */
export function startLoopbackActor({ loopback }: World, ops: readonly LoopbackOp[], name: string): void {
  if (loopback === null) return misuse("no-xnu", `${name} is a thread of XNU, this machine runs the DragonFly kernel`);
  loopback.xnu.x.spawn(name, () => loopbackThread(loopback, ops, name));
}

function* loopbackThread(run: LoopbackRun, ops: readonly LoopbackOp[], name: string): Routine<void> {
  for (const op of ops) {
    if (op.do === "send") yield* send(run, op, name);
    else run.returned.push({ op: op.do, error: yield* perform(run, op) });
  }
}

function* perform(run: LoopbackRun, op: Exclude<LoopbackOp, { do: "send" }>): Routine<number> {
  const { xnu, ifp } = run;
  switch (op.do) {
    case "max_dequeue":
      return yield* sysctl_dequeue_max(xnu, op.value);
    case "sched_model":
      return yield* sysctl_sched_model(xnu, op.value);
    case "dequeue_sc":
      return yield* sysctl_dequeue_scidx(xnu, op.value);
    case "throttle":
    case "unthrottle":
      return yield* ifnet_set_throttle(xnu, ifp, op.do === "throttle");
    case "detach":
      return yield* ifnet_detach(xnu, ifp === xnu.lo_ifp ? misuse("detach-lo0", "lo0 is never detached") : ifp);
    case "listen":
      yield* bpf_attachd(xnu);
      return 0;
    case "unlisten":
      yield* bpf_detachd(xnu);
      return 0;
    case "up":
      yield* xnu_if_up(xnu, ifp);
      return 0;
    case "down":
      yield* xnu_if_down(xnu, ifp);
      return 0;
    case "time":
      yield* xnu.time.uptime.store(nanouptime(xnu) + op.ms * 1_000_000);
      return 0;
  }
}

function* send(run: LoopbackRun, op: Extract<LoopbackOp, { do: "send" }>, name: string): Routine<void> {
  const { xnu, ifp } = run;
  let head: XnuMbuf | null = null;
  let tail: XnuMbuf | null = null;
  const sent: LoopbackSent[] = [];
  for (const packet of op.packets) {
    const m = made(xnu, packet, name);
    if (tail === null) head = m;
    else tail.m_nextpkt = m;
    tail = m;
    sent.push({ ...packet, id: m.id, sender: name, family: op.family, error: null });
  }
  run.sent.push(...sent);
  const error = yield* dlil_output(xnu, ifp, op.family, head, op.route);
  for (const one of sent) one.error = error;
}

/** Bytes of a header buffer in front of the data, where there is room. */
const LEADING = 16;

function made(xnu: Xnu, packet: LoopbackPacket, name: string): XnuMbuf {
  const m = xnu_m_gethdr(xnu, name, packet.len, packet.leading ? LEADING : 0);
  const { m_pkthdr: header } = m;
  header.pkt_svc = packet.sc;
  header.pkt_flowid = packet.flow;
  header.tcp = packet.tcp;
  header.csum_flags = CSUM_UDP;
  header.pkt_flags = PKTF_FLOW_ID | (packet.tcp ? PKTF_FLOW_ADV : 0);
  if (packet.mcast) {
    m.m_flags |= XNU_M_MCAST;
    header.rcvif = xnu.lo_ifp;
  }
  if (packet.complete) {
    header.pkt_flags |= PKTF_TX_COMPL_TS_REQ;
    header.pkt_compl_callbacks = 1;
    header.pkt_compl_context = m.id;
  }
  return m;
}
