/**
 * The card's half: an agent per ring that transmits what the doorbell announced, one packet a step, and raises
 * the completion interrupt; and one that raises interrupts for no reason. Faults are budgets of the configuration;
 * each place where one could strike is a data choice, 0 for the benign answer.
 */
import { Op, packOp, type Routine } from "../../sim/index.ts";
import { raiseInterrupt } from "../kern/kern_intr.ts";
import type { Kernel } from "../kernel.ts";
import type { CardRing } from "./card-ring.ts";
import { onWire } from "./card-timing.ts";

/** How often each fault may strike. */
export interface CardFaults {
  /** Completions whose interrupt never comes. */
  readonly lostInterrupts: number;
  /** Interrupts without a completion. */
  readonly spuriousInterrupts: number;
  /** Rings the card stops looking at until it is reset. */
  readonly ringStalls: number;
  /** Interrupts that come before the completion they announce can be seen. */
  readonly lateCompletions: number;
}

/** A card that works. */
export const NO_CARD_FAULTS: CardFaults = {
  lostInterrupts: 0,
  spuriousInterrupts: 0,
  ringStalls: 0,
  lateCompletions: 0,
};

/** What is left of each budget. */
export type FaultBudget = { -readonly [F in keyof CardFaults]: number };

function strikes(k: Kernel, budget: FaultBudget, fault: keyof CardFaults): boolean {
  if (budget[fault] === 0 || k.x.draw(2) === 0) return false;
  budget[fault]--;
  return true;
}

/** The card's half of a ring; an agent. Context: device. Holds: nothing. Blocks: while there is nothing to send. */
export function* transmitEngine(k: Kernel, ring: CardRing, budget: FaultBudget): Routine<void> {
  for (;;) {
    while (ring.stalled || ring.head === ring.tail) {
      yield* k.x.block(packOp(Op.Device, ring.object));
    }
    yield* k.x.pause(Op.Device, ring.object);
    // A reset may have come first.
    if (ring.stalled || ring.head === ring.tail) continue;
    if (ring.timing !== null && !(yield* onWire(k, ring, ring.timing))) continue;
    yield* transmitOne(k, ring, budget);
  }
}

function* transmitOne(k: Kernel, ring: CardRing, budget: FaultBudget): Routine<void> {
  if (strikes(k, budget, "ringStalls")) {
    ring.stalled = true;
    return;
  }
  if (strikes(k, budget, "lateCompletions")) {
    interrupt(k, ring);
    yield* k.x.pause(Op.Device, ring.object);
    if (ring.head !== ring.tail) sent(k, ring);
    return;
  }
  sent(k, ring);
  if (!strikes(k, budget, "lostInterrupts")) interrupt(k, ring);
}

function sent(k: Kernel, ring: CardRing): void {
  if (ring.timing !== null) ring.timing.sentAt[ring.head] = k.x.now;
  ring.head++;
  k.x.progress();
}

/** Raises interrupts for no reason; an agent. Context: device. Holds: nothing. Blocks: no. */
export function* spuriousEngine(
  k: Kernel,
  rings: readonly CardRing[],
  budget: FaultBudget,
): Routine<void> {
  for (; budget.spuriousInterrupts > 0; budget.spuriousInterrupts--) {
    const ring = rings[k.x.draw(rings.length)] as CardRing; // below length
    yield* k.x.pause(Op.Device, ring.object);
    interrupt(k, ring);
  }
}

function interrupt(k: Kernel, ring: CardRing): void {
  if (ring.timing !== null) ring.timing.ask(k);
  else if (ring.intr !== null) raiseInterrupt(k, ring.intr);
}
