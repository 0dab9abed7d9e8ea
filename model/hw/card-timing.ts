/**
 * The card in timed mode: when a doorbell reaches it, how long a frame is on the wire, and how often it interrupts.
 *
 * The card fetches a packet when it learns of it; what it fetches while it sends costs no time. All its rings share one
 * wire, first come, first served. Interrupts are moderated as by an interrupt throttle register: the first comes at once, the next not
 * before a gap has passed, whatever was completed meanwhile.
 */
import { Op, packOp, type Context, type Routine } from "../../sim/index.ts";
import { raiseInterrupt } from "../kern/kern_intr.ts";
import type { Kernel } from "../kernel.ts";
import type { Timing } from "../timing.ts";
import type { CardRing } from "./card-ring.ts";

/** Times of a packet that never came so far. */
const NEVER = -1;

/** The wire of a card. */
export class Wire {
  readonly timing: Timing;
  /** What was given to it is sent by then, ns. */
  freeAt = 0;

  constructor(timing: Timing) {
    this.timing = timing;
  }

  /** Sends a frame that is ready at `ready`; answers when its last bit is out. */
  send(ready: number, len: number): number {
    this.freeAt = Math.max(this.freeAt, ready) + this.timing.frameNs(len);
    return this.freeAt;
  }
}

/** What a timed run adds to a ring; times in ns, packets by their place on the ring. */
export class RingTiming {
  readonly wire: Wire;
  /** When the doorbell that announced it had reached the card; -1: it was forgotten by a reset. */
  readonly cardAt: number[] = [];
  /** When its last bit was on the wire; absent: not sent. */
  readonly sentAt: number[] = [];
  /** Interrupts the card has raised. */
  interrupts = 0;
  /** Something was completed that no interrupt has announced. */
  asked = false;
  #opensAt = 0;
  readonly #moderator: Context;

  constructor(k: Kernel, ring: CardRing, wire: Wire) {
    this.wire = wire;
    const body = (): Routine<void> => this.#moderate(k, ring);
    this.#moderator = k.x.spawn(`${ring.label} moderation`, body, { daemon: true });
  }

  /** The doorbell announced everything before slot `tail`. */
  rang(tail: number, at: number): void {
    while (this.cardAt.length < tail) this.cardAt.push(at);
  }

  /** The card was reset: it forgets what it was given. */
  reset(filled: number): void {
    this.rang(filled, NEVER);
  }

  /** The card wants to interrupt. */
  ask(k: Kernel): void {
    this.asked = true;
    k.x.unblock(this.#moderator);
  }

  *#moderate(k: Kernel, ring: CardRing): Routine<void> {
    for (;;) {
      while (!this.asked) yield* k.x.block(packOp(Op.Device, ring.object));
      if (k.x.now < this.#opensAt) yield* k.x.delay(this.#opensAt - k.x.now);
      this.asked = false;
      this.#opensAt = k.x.now + this.wire.timing.costs.interruptGap;
      this.interrupts++;
      if (ring.intr !== null) raiseInterrupt(k, ring.intr);
    }
  }
}

/**
 * The oldest packet is on the wire; false if the card was reset meanwhile. Context: device. Holds: nothing.
 * Blocks: until the frame has been sent.
 */
export function* onWire(k: Kernel, ring: CardRing, { wire, cardAt }: RingTiming): Routine<boolean> {
  const at = ring.head;
  const m = ring.taken[at];
  const fetched = (cardAt[at] ?? 0) + wire.timing.costs.dmaFetch;
  const out = wire.send(Math.max(k.x.now, fetched), m === undefined || m.isFree ? 0 : m.m_pkthdr.len);
  yield* k.x.delay(out - k.x.now);
  return ring.head === at && ring.tail !== at && !ring.stalled;
}
