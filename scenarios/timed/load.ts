/**
 * A paced load: packets that come to be at given times, whatever the machine is doing (open loop), and reach the
 * netisrs as messages. Of two kinds: a receive ring of the CPU of each netisr, whose interrupts are moderated, so that
 * packets come in bursts as in forwarding; or a process for each netisr, on a CPU of its own where there are enough,
 * that calls sendto(2) for each packet.
 */
import { Op, packOp, type Context, type Routine } from "../../sim/index.ts";
import { lwkt_yield, raiseInterrupt, register_int, spawnThread, type Interrupt, type Device } from "../../model/index.ts";
import { toNetisr } from "../actors-packets.ts";
import type { PacketConfig } from "../config.ts";
import type { World } from "../world.ts";

const NS_PER_SECOND = 1_000_000_000;
/** Descriptors of a receive ring, as emx(4) has them by default. */
const RX_RING = 512;

/** What is offered to the machine. Integers. */
export interface Load {
  readonly by: "receive-rings" | "processes";
  /** Packets per second, over all sources, 1 to 100,000,000. */
  readonly rate: number;
  /** Packets in all, 1 to 200,000. */
  readonly packets: number;
  /** Length of each, bytes, without the check sequence of its frame. */
  readonly len: number;
  /** Each packet is late by a drawn time below this, ns; 0: the pace is even. */
  readonly jitter: number;
}

/** What became of a load before it reached a netisr. */
export interface Sources {
  /** Packets that came to be. */
  offered: number;
  /** Packets a full receive ring had no room for. */
  missed: number;
  /** Interrupts of receive rings. */
  interrupts: number;
  /** When the first packet came to be, ns. */
  first: number;
}

/** Starts a load. To be called in the set-up of a timed run, behind `startWorld`. */
export function startLoad(world: World, load: Load): Sources {
  const { k } = world;
  const [device] = world.devices;
  const sources: Sources = { offered: 0, missed: 0, interrupts: 0, first: 0 };
  if (device === undefined) return sources;
  const cpus = load.by === "processes" ? Math.max(1, k.params.ncpus >> 1) : k.params.ncpus;
  const arrivals = arrivalsOf(world, load, cpus);
  sources.first = Math.min(...arrivals.map(([first = Infinity]) => first));
  arrivals.forEach((due, i) => {
    if (load.by === "processes") startProcess(world, sources, device, load, i, due);
    else new ReceiveRing(world, sources, device, load, i, due).start();
  });
  return sources;
}

/** When the packets of each source come to be: the sources in turn. */
function arrivalsOf({ k }: World, { rate, packets, jitter }: Load, sources: number): readonly (readonly number[])[] {
  const lists = Array.from({ length: sources }, (): number[] => []);
  for (let i = 0; i < packets; i++) {
    const list = lists[i % sources] as number[]; // below length
    const due = Math.floor((i * NS_PER_SECOND) / rate) + (jitter > 0 ? k.x.draw(jitter) : 0);
    list.push(Math.max(due, list.at(-1) ?? 0));
  }
  return lists;
}

const packetOf = ({ len }: Load): PacketConfig => ({ len, prio: false, mcast: false });

function startProcess(world: World, sources: Sources, device: Device, load: Load, i: number, due: readonly number[]): void {
  const { k } = world;
  const last = k.params.ncpus - 1;
  const name = `process ${String(i)}`;
  spawnThread(k, name, Math.min(2 * i, last), () => {
    return sendAll(world, sources, device, packetOf(load), name, Math.min(2 * i + 1, last), due);
  });
}

function* sendAll(
  world: World,
  sources: Sources,
  device: Device,
  packet: PacketConfig,
  name: string,
  netisr: number,
  due: readonly number[],
): Routine<void> {
  const { k } = world;
  for (const at of due) {
    while (k.x.now < at) yield* k.x.idleUntil(at);
    sources.offered++;
    k.spend("socketSend");
    yield* toNetisr(world, netisr, device, packet, name, at);
    // The way back to user mode.
    yield* lwkt_yield(k);
  }
}

/** The receive side of another card: its ring, its moderated interrupt, and the handler that empties the ring. */
class ReceiveRing {
  readonly #world: World;
  readonly #sources: Sources;
  readonly #device: Device;
  readonly #packet: PacketConfig;
  readonly #cpu: number;
  readonly #due: readonly number[];
  readonly #name: string;
  /** When the packets on the ring came to be. */
  readonly #ring: number[] = [];
  #taken = 0;
  #arrived = 0;
  #intr!: Interrupt;
  #agent!: Context;

  constructor(world: World, sources: Sources, device: Device, load: Load, cpu: number, due: readonly number[]) {
    this.#world = world;
    this.#sources = sources;
    this.#device = device;
    this.#packet = packetOf(load);
    this.#cpu = cpu;
    this.#due = due;
    this.#name = `rx${String(cpu)}`;
  }

  start(): void {
    const { k } = this.#world;
    this.#intr = register_int(k, this.#cpu, this.#name, () => this.#handler(), null);
    this.#agent = k.x.spawn(`${this.#name} card`, () => this.#card());
  }

  get #waiting(): number {
    return this.#ring.length - this.#taken;
  }

  /** The ring is given what has come until now. */
  #receive(now: number): void {
    for (; (this.#due[this.#arrived] ?? Infinity) <= now; this.#arrived++) {
      this.#sources.offered++;
      if (this.#waiting < RX_RING) this.#ring.push(this.#due[this.#arrived] as number);
      else this.#sources.missed++;
    }
  }

  *#card(): Routine<void> {
    const { k } = this.#world;
    const gap = k.timing?.costs.interruptGap ?? 0;
    let opensAt = 0;
    for (;;) {
      this.#receive(k.x.now);
      const next = this.#waiting > 0 ? k.x.now : this.#due[this.#arrived];
      if (next === undefined) return;
      const at = Math.max(next, opensAt);
      if (at > k.x.now) yield* k.x.delay(at - k.x.now);
      this.#receive(k.x.now);
      if (this.#waiting === 0) continue;
      opensAt = k.x.now + gap;
      this.#sources.interrupts++;
      raiseInterrupt(k, this.#intr);
      // The handler leaves nothing on the ring: an interrupt before it is done would find nothing.
      while (this.#waiting > 0) yield* k.x.block(packOp(Op.Device, this.#intr.object));
    }
  }

  *#handler(): Routine<void> {
    const { k } = this.#world;
    for (;;) {
      this.#receive(k.x.here);
      if (this.#waiting === 0) break;
      const at = this.#ring[this.#taken++] as number; // waiting
      k.spend("receive");
      yield* toNetisr(this.#world, this.#cpu, this.#device, this.#packet, this.#name, at);
    }
    k.x.unblock(this.#agent);
  }
}
