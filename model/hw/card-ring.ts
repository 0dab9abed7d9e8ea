/**
 * A transmit ring of the simulated card: the slots that a driver fills and cleans, and the registers it shares with
 * the card. Any driver may program it.
 *
 * The slots belong to the driver and are guarded by the serializer it says. Registers are plain: whoever touches one
 * has just announced a device operation on the ring.
 */
import { Op, Struct, fail, guardedBy, type Context, type Guard, type Guarded, type Routine } from "../../sim/index.ts";
import type { Interrupt } from "../kern/kern_intr.ts";
import type { Kernel } from "../kernel.ts";
import type { Mbuf } from "../sys/mbuf.ts";
import type { RingTiming } from "./card-timing.ts";

/** One transmit ring of a card. */
export class CardRing extends Struct {
  readonly k: Kernel;
  readonly index: number;
  /** Slots. */
  readonly size: number;
  /** Number of the registers in the recording. */
  readonly object: number;

  /** Packets on the ring, by slot. */
  readonly slots: readonly Guarded<Mbuf | null>[];
  /** Slots ever filled, and ever cleaned; free-running. */
  readonly filled: Guarded<number>;
  readonly cleaned: Guarded<number>;

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

  /** The completion interrupt; null before it is set up and after it was torn down. */
  intr: Interrupt | null = null;
  /** The card's half, woken by the doorbell; null for a card whose completions are made by hand. */
  engine: Context | null = null;
  /** What a timed run adds; null otherwise. */
  timing: RingTiming | null = null;

  constructor(k: Kernel, label: string, index: number, size: number, guard: Guard) {
    super(k.x, label);
    this.k = k;
    this.index = index;
    this.size = size;
    this.object = k.x.register(this);
    this.slots = Array.from({ length: size }, () => guardedBy<Mbuf | null>(this, guard, null));
    this.filled = guardedBy(this, guard, 0);
    this.cleaned = guardedBy(this, guard, 0);
  }

  /** Slots in use. Holds: the ring's serializer. */
  get used(): number {
    return this.filled.held - this.cleaned.held;
  }

  /** Packets on the ring, for properties and reports: no check, no point. */
  get usedNow(): number {
    return this.filled.peek() - this.cleaned.peek();
  }

  /** Nothing that the card has not finished, as far as whoever does not hold the serializer can tell. */
  get idle(): boolean {
    return this.head === this.tail;
  }

  /**
   * Puts a packet on the ring, which owns it from now on; the doorbell tells the card later. Fails when no slot is
   * free. Holds: the ring's serializer.
   */
  fill(m: Mbuf): void {
    if (this.used >= this.size) this.#overrun("ring-overrun", `${m.label} put on ${this.label}, which has no free slot`);
    const slot = this.slots[this.filled.held % this.size] as Guarded<Mbuf | null>; // modulo size
    m.handOver(null, this.label);
    slot.held = m;
    this.filled.held++;
    this.taken.push(m);
    this.k.spend("driverEncap");
  }

  /** Takes the oldest packet off the ring; the caller owns it. Fails when no slot is in use. Holds: the ring's serializer. */
  clean(): Mbuf {
    if (this.used === 0) this.#overrun("ring-underrun", `a packet taken off ${this.label}, which is empty`);
    const slot = this.slots[this.cleaned.held % this.size] as Guarded<Mbuf | null>; // modulo size
    const m = slot.held as Mbuf; // in use
    slot.held = null;
    m.handOver(this.label, this.x.current.name);
    this.cleaned.held++;
    this.k.spend("driverClean");
    return m;
  }

  /**
   * Writes the doorbell: tells the card of the packets on the ring.
   * Context: driver.
   * Holds: the ring's serializer.
   * Blocks: no.
   */
  *doorbell(): Routine<void> {
    const tail = this.filled.held;
    yield* this.x.pause(Op.Device, this.object);
    this.tail = tail;
    this.doorbells++;
    this.k.spend("registerWrite");
    this.timing?.rang(tail, this.x.here);
    if (this.engine !== null) this.x.unblock(this.engine);
  }

  /**
   * How many slots the card is done with and the driver has not cleaned.
   * Context: driver.
   * Holds: the ring's serializer.
   * Blocks: no.
   */
  *completed(): Routine<number> {
    yield* this.x.pause(Op.Device, this.object);
    return this.head - this.cleaned.held;
  }

  /**
   * Resets the card's half of the ring: it forgets what it was given. The driver has cleaned every slot.
   * Context: driver.
   * Holds: the ring's serializer.
   * Blocks: no.
   */
  *reset(): Routine<void> {
    const filled = this.filled.held;
    yield* this.x.pause(Op.Device, this.object);
    this.tail = filled;
    this.head = filled;
    this.stalled = false;
    this.timing?.reset(filled);
    if (this.engine !== null) this.x.unblock(this.engine);
  }

  #overrun(id: string, message: string): never {
    return fail("Discipline", id, message, [
      ["by", this.x.current.name],
      ["slots", String(this.size)],
    ]);
  }
}
