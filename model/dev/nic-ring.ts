/**
 * A transmit ring: what the driver keeps of it under the hardware serializer, and the registers it shares with the
 * card. Registers are plain: whoever touches one has just announced a device operation on the ring.
 */
import { Op, Struct, guardedBy, type Context, type Guarded, type Routine } from "../../sim/index.ts";
import type { Interrupt } from "../kern/kern_intr.ts";
import type { Serializer } from "../kern/lwkt_serialize.ts";
import { IfsubqWatchdog, type IfaltqSubque, type Kernel, type Mbuf } from "../net/driver.ts";
import type { RingTiming } from "./nic-timing.ts";

/** One transmit ring of a card. */
export class NicRing extends Struct {
  readonly index: number;
  readonly size: number;
  /** Hardware serializer of the ring. */
  readonly serializer: Serializer;
  /** Number of the registers in the recording. */
  readonly object: number;

  /** Packets on the ring, by slot. */
  readonly slots: readonly Guarded<Mbuf | null>[];
  /** Slots ever filled, and ever cleaned; free-running. */
  readonly filled: Guarded<number>;
  readonly cleaned: Guarded<number>;
  /** Calls of `if_start`. */
  readonly starts: Guarded<number>;
  readonly watchdog: IfsubqWatchdog;

  /** Register, written by the driver: slots handed to the card, free-running. */
  tail = 0;
  /** Register, written by the card: slots it is done with, free-running. */
  head = 0;
  /** The card stopped looking at the ring; only a reset helps. */
  stalled = false;
  /** Writes of the doorbell. */
  doorbells = 0;
  /** Every packet put on the ring, in order; never shortened. */
  readonly taken: Mbuf[] = [];

  /** Set by attach, once. */
  ifsq: IfaltqSubque | null = null;
  intr: Interrupt | null = null;
  /** The card's half, woken by the doorbell; null for a card whose completions are made by hand. */
  engine: Context | null = null;
  /** What a timed run adds; null otherwise. */
  timing: RingTiming | null = null;

  constructor(k: Kernel, label: string, index: number, size: number, serializer: Serializer) {
    super(k.x, label);
    this.index = index;
    this.size = size;
    this.serializer = serializer;
    this.object = k.x.register(this);
    this.slots = Array.from({ length: size }, () => guardedBy<Mbuf | null>(this, serializer, null));
    this.filled = guardedBy(this, serializer, 0);
    this.cleaned = guardedBy(this, serializer, 0);
    this.starts = guardedBy(this, serializer, 0);
    this.watchdog = new IfsubqWatchdog(k, `${label} watchdog`);
  }
}

/** Slots in use. Holds: the ring's serializer. */
export const ringUsed = (ring: NicRing): number => ring.filled.held - ring.cleaned.held;

/** Puts a packet on the ring; the doorbell tells the card later. Holds: the ring's serializer. */
export function ringFill(ring: NicRing, m: Mbuf): void {
  const slot = ring.slots[ring.filled.held % ring.size] as Guarded<Mbuf | null>; // modulo size
  m.handOver(null, ring.label);
  slot.held = m;
  ring.filled.held++;
  ring.taken.push(m);
}

/** Takes the oldest packet off the ring. Holds: the ring's serializer, with a slot in use. */
export function ringClean(ring: NicRing): Mbuf {
  const slot = ring.slots[ring.cleaned.held % ring.size] as Guarded<Mbuf | null>; // modulo size
  const m = slot.held as Mbuf; // in use
  slot.held = null;
  m.handOver(ring.label, ring.x.current.name);
  ring.cleaned.held++;
  return m;
}

/**
 * Tells the card of the packets on the ring.
 * Context: driver.
 * Holds: the ring's serializer.
 * Blocks: no.
 */
export function* ringDoorbell(k: Kernel, ring: NicRing): Routine<void> {
  const tail = ring.filled.held;
  yield* k.x.pause(Op.Device, ring.object);
  ring.tail = tail;
  ring.doorbells++;
  k.spend("registerWrite");
  ring.timing?.rang(tail, k.x.here);
  if (ring.engine !== null) k.x.unblock(ring.engine);
}

/**
 * How many slots the card is done with and the driver has not cleaned.
 * Context: driver.
 * Holds: the ring's serializer.
 * Blocks: no.
 */
export function* ringCompleted(k: Kernel, ring: NicRing): Routine<number> {
  yield* k.x.pause(Op.Device, ring.object);
  return ring.head - ring.cleaned.held;
}

/**
 * Resets the card's half of the ring: it forgets what it was given. The driver has cleaned every slot.
 * Context: driver.
 * Holds: the ring's serializer.
 * Blocks: no.
 */
export function* ringReset(k: Kernel, ring: NicRing): Routine<void> {
  const filled = ring.filled.held;
  yield* k.x.pause(Op.Device, ring.object);
  ring.tail = filled;
  ring.head = filled;
  ring.stalled = false;
  ring.timing?.reset(filled);
  if (ring.engine !== null) k.x.unblock(ring.engine);
}
