/**
 * The system of a specification of outcomes, as `vectors/README.md` has it, on the real netisr loop: the first
 * message of every CPU's netisr is its part of the play, and nothing is chosen before all of them have theirs.
 *
 * The last CPU's netisr is of the generic type while it plays the device's interrupts. No message of its port is
 * handled before its part is over, since it is one message.
 */
import {
  M_WAITOK,
  NetmsgBase,
  Serializer,
  TDF_TSLEEP_DESCHEDULED,
  TD_TYPE_GENERIC,
  boot,
  curthread,
  ifq_dispatch,
  ifq_get_subq_default,
  ifsq_deserialize_hw,
  ifsq_serialize_hw,
  ifsq_set_cpuid,
  lwkt_replymsg,
  lwkt_sendmsg,
  m_gethdr,
  mycpuid,
  netisr_cpuport,
  netmsg_init,
  attachDevice,
  nicDriver,
  nicByHand,
  upDevice,
  spawnThread,
  type Kernel,
  type Device,
  type TxRing,
} from "../../model/index.ts";
import { Op, fail, packOp, type Execution, type Routine } from "../../sim/index.ts";
import { handDriven } from "./hand-driven.ts";
import type { OutcomeSystem, RestState } from "./outcomes-format.ts";

/** Bytes of every packet. */
const PACKET_LEN = 100;
const MTU = 1500;

/** A system that was started; look at it when nothing is enabled any more. */
export interface StartedSystem {
  readonly k: Kernel;
  readonly device: Device;
}

/** Boots a system up to the point where every CPU is about to play its part. To be called in the set-up of a run. */
export function startOutcomeSystem(x: Execution, system: OutcomeSystem): StartedSystem {
  const k = boot(x, { ncpus: system.ncpus, ifsq_stage_cntmax: system.stageCntmax });
  const devices: Device[] = [];
  spawnThread(k, "boot", 0, () => prepare(k, system, devices));
  x.settle();
  const [device] = devices;
  if (device === undefined) return fail("Stuck", "boot", "the interface did not come up");
  for (const { context } of k.net.netisr_cpu) x.unblock(context);
  return { k, device };
}

function* prepare(k: Kernel, system: OutcomeSystem, devices: Device[]): Routine<void> {
  const { ringSize, startBudget, maxlen, owner } = system;
  const device = yield* attachDevice(
    k,
    nicDriver,
    handDriven({ subqs: 1, ringSize, startBudget, mtu: MTU, queue: { maxlen }, owners: [owner] }),
  );
  yield* upDevice(k, device);
  devices.push(device);
  for (const { gd_cpuid } of k.gd) {
    const msg = new NetmsgBase(k, `part of cpu ${gd_cpuid}`);
    netmsg_init(k, msg, null, k.net.netisr_adone_rport, 0, (_k, nmsg) => playPart(k, device, system, nmsg));
    yield* lwkt_sendmsg(k, netisr_cpuport(k, gd_cpuid), msg);
  }
}

/** The handler of a CPU's first message. Goes on when all CPUs are ready. */
function* playPart(k: Kernel, device: Device, system: OutcomeSystem, msg: NetmsgBase): Routine<void> {
  const cpu = mycpuid(k);
  yield* lwkt_replymsg(k, msg, 0);
  yield* k.x.block(packOp(Op.Yield, 0));
  if (cpu < system.ncpus - 1) yield* sendPackets(k, device, system, cpu);
  else yield* playInterrupts(k, device, system);
}

/** Packet ids of a CPU begin at ten times its number. */
const PACKETS_OF_A_CPU = 10;

function* sendPackets(k: Kernel, device: Device, system: OutcomeSystem, cpu: number): Routine<void> {
  const count = system.packets[cpu] ?? 0;
  for (let i = 1; i <= count; i++) {
    const id = PACKETS_OF_A_CPU * cpu + i;
    const m = m_gethdr(k, M_WAITOK, { id, len: PACKET_LEN, owner: `cpu ${cpu}` });
    if (m === null) return fail("Stuck", "memory", "no memory for a packet");
    yield* ifq_dispatch(k, device.ifp, m, null);
  }
}

function* playInterrupts(k: Kernel, device: Device, system: OutcomeSystem): Routine<void> {
  const td = curthread(k);
  const ifsq = ifq_get_subq_default(device.ifp.if_snd);
  const type = td.td_type;
  td.td_type = TD_TYPE_GENERIC;
  if (system.newOwner >= 0) yield* ifsq_set_cpuid(k, ifsq, system.newOwner);
  for (let i = 0; i < system.txeofs; i++) {
    yield* ifsq_serialize_hw(k, ifsq);
    yield* nicByHand.txeof(k, device.rings[0] as TxRing, 1, false);
    yield* ifsq_deserialize_hw(k, ifsq);
  }
  td.td_type = type;
}

/** What a system at rest has come to. */
export function restState({ k, device }: StartedSystem): RestState {
  const ifsq = ifq_get_subq_default(device.ifp.if_snd);
  const ring = device.rings[0] as TxRing; // there is one subqueue
  const sent = ring.hw.taken.map(({ id }) => id);
  return {
    sent,
    freed: k.mbufs.freedIds.filter((id) => !sent.includes(id)),
    len: ifsq.ifsq_len.peek(),
    started: ifsq.ifsq_started.peek(),
    oactive: ifsq.ifsq_hw_oactive.peek(),
    ring: ring.hw.usedNow,
    stuck: k.net.netisr_cpu.some(waitsForLock) ? 1 : 0,
  };
}

/** Asleep on a lock, at rest: for ever. */
const waitsForLock = ({ bucket, td_flags }: Kernel["net"]["netisr_cpu"][number]): boolean =>
  (td_flags & TDF_TSLEEP_DESCHEDULED) !== 0 && bucket?.ident instanceof Serializer;
