/** Actors that hand packets to the interface layer. */
import { misuse, type Routine, type Step } from "../sim/index.ts";
import {
  M_MCAST,
  M_PRIO,
  M_WAITOK,
  NetmsgBase,
  ifnet_array_get,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  ifq_dispatch,
  ifq_handoff,
  lwkt_sendmsg,
  m_freem,
  m_gethdr,
  netisr_cpuport,
  netmsg_init,
  type Ifnet,
  type Kernel,
  type Mbuf,
  type Device,
} from "../model/index.ts";
import { deviceFor, type Actor } from "./actor.ts";
import type { PacketConfig } from "./config.ts";
import type { Sent, World } from "./world.ts";

function newPacket(world: World, packet: PacketConfig, sender: string): Mbuf {
  const id = world.nextPacket++;
  const flags = (packet.prio ? M_PRIO : 0) | (packet.mcast ? M_MCAST : 0);
  const m = m_gethdr(world.k, M_WAITOK, { id, len: packet.len, flags, owner: sender });
  return m ?? misuse("no-packet", "an allocation that may wait returned nothing");
}

/** Writes down that a packet is handed to the layer now. */
function handingOver(
  { k, sent }: World,
  device: Device,
  packet: PacketConfig,
  { id, owner: sender }: Mbuf,
  offeredAt: number,
): Sent {
  const cpu = k.x.current.cpu?.id ?? 0;
  const entry = { id, sender, cpu, device, ...packet, offeredAt, handedAt: k.x.here, error: null };
  sent.push(entry);
  return entry;
}

class PacketMsg extends NetmsgBase {
  readonly world: World;
  readonly device: Device;
  readonly packet: PacketConfig;
  readonly sender: string;
  readonly offeredAt: number;

  constructor(world: World, device: Device, packet: PacketConfig, sender: string, offeredAt: number) {
    super(world.k, `packet message of ${sender}`);
    this.offeredAt = offeredAt;
    this.world = world;
    this.device = device;
    this.packet = packet;
    this.sender = sender;
  }
}

/** Sends a packet to the netisr of a CPU, as one message. `offeredAt`: when it came to be, virtual time, ns. */
export function toNetisr(
  world: World,
  cpu: number,
  device: Device,
  packet: PacketConfig,
  sender: string,
  offeredAt: number,
): Step<void> {
  const { k } = world;
  const msg = new PacketMsg(world, device, packet, sender, offeredAt);
  netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, outputHandler);
  return lwkt_sendmsg(k, netisr_cpuport(k, cpu), msg);
}

export function* sendThroughNetisr(world: World, actor: Actor<"send">, name: string): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  const cpu = actor.cpu % k.params.ncpus;
  for (const packet of actor.packets) {
    k.spend("socketSend");
    yield* toNetisr(world, cpu, device, packet, name, k.x.here);
  }
}

/** What a protocol does in its netisr: finds the interface, hands the packet over. A packet's message is not replied. */
function* outputHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof PacketMsg)) return misuse("no-packet-message", nmsg.label);
  const { world, device, packet, sender, offeredAt } = nmsg;
  const m = newPacket(world, packet, sender);
  k.spend("protocolOutput");
  if (!(yield* isAttached(k, device.ifp))) {
    m_freem(k, m);
    return;
  }
  const sent = handingOver(world, device, packet, m, offeredAt);
  sent.error = yield* ifq_dispatch(k, device.ifp, m, null);
}

/** Is the interface in the array this netisr sees? */
function* isAttached(k: Kernel, ifp: Ifnet): Routine<boolean> {
  const arr = yield* ifnet_array_get(k);
  for (const slot of arr.ifnet_arr) if (slot.fixed === ifp) return true;
  return false;
}

export function* sendDirectly(world: World, actor: Actor<"send">, name: string): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  for (const packet of actor.packets) {
    const m = newPacket(world, packet, name);
    const offeredAt = k.x.here;
    k.spend("protocolOutput");
    const sent = handingOver(world, device, packet, m, offeredAt);
    sent.error = yield* ifq_dispatch(k, device.ifp, m, null);
  }
}

export function* handoff(world: World, actor: Actor<"handoff">, name: string): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, actor.iface);
  if (device === null) return;
  for (const packet of actor.packets) {
    const m = newPacket(world, packet, name);
    const offeredAt = k.x.here;
    k.spend("protocolOutput");
    yield* ifnet_serialize_all(k, device.ifp);
    const sent = handingOver(world, device, packet, m, offeredAt);
    sent.error = yield* ifq_handoff(k, device.ifp, m, null);
    yield* ifnet_deserialize_all(k, device.ifp);
  }
}

