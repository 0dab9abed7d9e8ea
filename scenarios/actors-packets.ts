/** Actors that hand packets to the interface layer. */
import { misuse, type Routine } from "../sim/index.ts";
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
  type Nic,
} from "../model/index.ts";
import { nicFor, type Actor } from "./actor.ts";
import type { PacketConfig } from "./config.ts";
import type { Sent, World } from "./world.ts";
function newPacket(
  world: World,
  nic: Nic,
  packet: PacketConfig,
  sender: string,
  cpu: number,
): { m: Mbuf; sent: Sent } {
  const id = world.nextPacket++;
  const flags = (packet.prio ? M_PRIO : 0) | (packet.mcast ? M_MCAST : 0);
  const m = m_gethdr(world.k, M_WAITOK, { id, len: packet.len, flags, owner: sender });
  if (m === null) return misuse("no-packet", "an allocation that may wait returned nothing");
  return { m, sent: { id, sender, cpu, nic, ...packet, error: null } };
}


class PacketMsg extends NetmsgBase {
  readonly world: World;
  readonly nic: Nic;
  readonly packet: PacketConfig;
  readonly sender: string;

  constructor(world: World, nic: Nic, packet: PacketConfig, sender: string) {
    super(world.k, `packet message of ${sender}`);
    this.world = world;
    this.nic = nic;
    this.packet = packet;
    this.sender = sender;
  }
}

export function* sendThroughNetisr(world: World, actor: Actor<"send">, name: string): Routine<void> {
  const { k } = world;
  const nic = nicFor(world, actor.iface);
  if (nic === null) return;
  const cpu = actor.cpu % k.params.ncpus;
  for (const packet of actor.packets) {
    const msg = new PacketMsg(world, nic, packet, name);
    netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, outputHandler);
    yield* lwkt_sendmsg(k, netisr_cpuport(k, cpu), msg);
  }
}

/** What a protocol does in its netisr: finds the interface, hands the packet over. A packet's message is not replied. */
function* outputHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof PacketMsg)) return misuse("no-packet-message", nmsg.label);
  const { world, nic, packet, sender } = nmsg;
  const { m, sent } = newPacket(world, nic, packet, sender, k.x.current.cpu?.id ?? 0);
  if (!(yield* isAttached(k, nic.ifp))) {
    m_freem(k, m);
    return;
  }
  world.sent.push(sent);
  sent.error = yield* ifq_dispatch(k, nic.ifp, m, null);
}

/** Is the interface in the array this netisr sees? */
function* isAttached(k: Kernel, ifp: Ifnet): Routine<boolean> {
  const arr = yield* ifnet_array_get(k);
  for (const slot of arr.ifnet_arr) if (slot.fixed === ifp) return true;
  return false;
}

export function* sendDirectly(world: World, actor: Actor<"send">, name: string): Routine<void> {
  const { k } = world;
  const nic = nicFor(world, actor.iface);
  if (nic === null) return;
  for (const packet of actor.packets) {
    const { m, sent } = newPacket(world, nic, packet, name, actor.cpu);
    world.sent.push(sent);
    sent.error = yield* ifq_dispatch(k, nic.ifp, m, null);
  }
}

export function* handoff(world: World, actor: Actor<"handoff">, name: string): Routine<void> {
  const { k } = world;
  const nic = nicFor(world, actor.iface);
  if (nic === null) return;
  for (const packet of actor.packets) {
    const { m, sent } = newPacket(world, nic, packet, name, actor.cpu);
    yield* ifnet_serialize_all(k, nic.ifp);
    world.sent.push(sent);
    sent.error = yield* ifq_handoff(k, nic.ifp, m, null);
    yield* ifnet_deserialize_all(k, nic.ifp);
  }
}

