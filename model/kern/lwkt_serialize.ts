/**
 * Serializers: exclusive locks that their holder keeps while it sleeps.
 *
 * Mirrors: sys/kern/lwkt_serialize.c, sys/sys/serialize.h, serialize2.h, with INVARIANTS.
 *
 * Not recursive, not fair: exit frees the lock and wakes everybody, and who runs first gets in. The interlock word
 * holds the lock bit, the handler-disabled bit and the number of waiters. A failing attempt and the count that
 * follows it are one step: an exit between them would find no waiter and wake nobody, and the next attempt, which
 * precedes every sleep, would succeed. Taking the lock and leaving the count likewise.
 *
 * The adaptive form spins up to 4096 times before it sleeps. Here the attempt is one transition that is always
 * enabled: taken while the lock is free it acquires, taken while it is held it gives up and sleeps. How long it is
 * not taken is how long it spins.
 */
import { Gate, Op, SWITCH, packOp, type Context, type Guard, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { panic } from "../panic.ts";
import { curthread } from "./globaldata.ts";
import { PINTERLOCKED, tsleep, tsleep_interlock, wakeup } from "./kern_synch.ts";
import { assertMaySwitch } from "./lwkt_thread.ts";
import type { Thread } from "./thread.ts";

/** `struct lwkt_serialize`. */
export class Serializer implements Guard {
  readonly label: string;
  readonly object: number;
  /** The context that entered: whose guarded accesses are legal. Bit 31 is set while there is one. */
  owner: Context | null = null;
  /** Who the assertions go by; in an interrupt the interrupted thread. */
  last_td: Thread | null = null;
  /** Bits 0 to 29: threads that failed and have not entered yet. */
  waiters = 0;
  /** Bit 30: the interrupt handler is not to be called. */
  handlerDisabled = false;
  /** Called after each release took effect; null when nobody watches. */
  watchers: (() => void)[] | null = null;
  /** Timed mode: who spins on it. */
  readonly spinners: Context[] = [];
  /** Entries that had to wait, and how long they waited together, ns; tries that failed. */
  waits = 0;
  waited = 0;
  busyTries = 0;
  /** In a patient run: where those wait who would sleep; null otherwise. */
  readonly door: Gate | null;

  constructor(k: Kernel, label: string) {
    this.label = label;
    this.object = k.x.register(this);
    this.door = k.x.patient ? new Gate(k.x, label, this.object) : null;
  }

  /** Is it free? */
  get value(): boolean {
    return this.owner === null;
  }
}

/** Prepares a serializer for its first use. Context: any. Blocks: no. */
export function lwkt_serialize_init(_k: Kernel, s: Serializer): void {
  s.owner = null;
  s.last_td = null;
  s.waiters = 0;
  s.handlerDisabled = false;
}

function attempt(k: Kernel, s: Serializer): boolean {
  if (s.owner !== null) return false;
  k.x.succeeded();
  s.owner = k.x.current;
  s.last_td = curthread(k);
  s.door?.take();
  return true;
}

/** {@link attempt} by a thread that is counted as a waiter, and is no more when it succeeds. */
function attemptCounted(k: Kernel, s: Serializer): boolean {
  const free = attempt(k, s);
  if (free) s.waiters--;
  return free;
}

function attemptOrCount(k: Kernel, s: Serializer): boolean {
  const free = attempt(k, s);
  if (!free) s.waiters++;
  return free;
}

// -- enter, exit, try -----------------------------------------------------------------------------------

/** Enters, sleeping while another holds it. Context: thread. Holds: not `s`, no spinlock. Blocks: yes. */
export function lwkt_serialize_enter(k: Kernel, s: Serializer): Step<void> {
  ASSERT_NOT_SERIALIZED(k, s);
  if (s.door !== null) return patiently(k, s, s.door);
  if (!k.x.point(packOp(Op.Try, s.object))) return enterSlow(k, s);
  if (attemptOrCount(k, s)) return k.x.ready(undefined);
  return enterContended(k, s);
}

/** A patient run: the attempt is made while nobody holds it. */
function* patiently(k: Kernel, s: Serializer, door: Gate): Routine<void> {
  if (!k.x.pointAtGate(packOp(Op.Acquire, s.object), door)) yield SWITCH;
  s.owner = k.x.current;
  s.last_td = curthread(k);
  door.take();
}

function* enterSlow(k: Kernel, s: Serializer): Routine<void> {
  yield SWITCH;
  if (!attemptOrCount(k, s)) yield* enterContended(k, s);
}

function* enterContended(k: Kernel, s: Serializer): Routine<void> {
  assertMaySwitch(k);
  const since = k.x.here;
  for (;;) {
    yield* tsleep_interlock(k, s, 0);
    if (yield* isHeld(k, s)) yield* sleepOn(k, s);
    if (!k.x.point(packOp(Op.Try, s.object))) yield SWITCH;
    if (attemptCounted(k, s)) return countWait(k, s, since);
  }
}

function countWait(k: Kernel, s: Serializer, since: number): void {
  s.waits++;
  s.waited += k.x.now - since;
}

/** The plain look at bit 31 after the interlock. */
function* isHeld(k: Kernel, s: Serializer): Routine<boolean> {
  if (!k.x.point(packOp(Op.AtomicLoad, s.object))) yield SWITCH;
  return s.owner !== null;
}

function* sleepOn(k: Kernel, s: Serializer): Routine<void> {
  const td = curthread(k);
  td.holder = s;
  yield* tsleep(k, s, PINTERLOCKED, "slize", 0);
  td.holder = null;
}

/**
 * {@link lwkt_serialize_enter}, spinning a while first. May leave the thread on the sleep queue, which is harmless.
 * Context: thread. Holds: not `s`, no spinlock. Blocks: yes.
 */
export function lwkt_serialize_adaptive_enter(k: Kernel, s: Serializer): Step<void> {
  ASSERT_NOT_SERIALIZED(k, s);
  if (s.door !== null) return patiently(k, s, s.door);
  if (!k.x.point(packOp(Op.Try, s.object))) return adaptiveSlow(k, s);
  if (attemptOrCount(k, s)) return k.x.ready(undefined);
  return adaptiveContended(k, s);
}

function* adaptiveSlow(k: Kernel, s: Serializer): Routine<void> {
  yield SWITCH;
  if (!attemptOrCount(k, s)) yield* adaptiveContended(k, s);
}

function* adaptiveContended(k: Kernel, s: Serializer): Routine<void> {
  assertMaySwitch(k);
  const since = k.x.here;
  for (;;) {
    yield* tsleep_interlock(k, s, 0);
    beginSpin(k, s);
    if (!k.x.point(packOp(Op.Try, s.object))) yield SWITCH;
    endSpin(k, s);
    if (attemptCounted(k, s)) return countWait(k, s, since);
    yield* sleepOn(k, s);
    s.waiters--;
    k.x.changeBeside(s.object);
    if (!k.x.point(packOp(Op.Try, s.object))) yield SWITCH;
    if (attemptOrCount(k, s)) return countWait(k, s, since);
  }
}

/** Timed mode: the attempt is not made before the lock is free or the patience is over. */
function beginSpin(k: Kernel, s: Serializer): void {
  if (k.timing === null || s.owner === null) return;
  const { current } = k.x;
  current.readyAt = k.x.here + k.timing.costs.spinLimit;
  current.spinning = true;
  s.spinners.push(current);
}

function endSpin(k: Kernel, s: Serializer): void {
  const { current } = k.x;
  if (!current.spinning) return;
  current.spinning = false;
  s.spinners.splice(s.spinners.indexOf(current), 1);
}

/** Enters if nobody holds it; true on success. Context: any. Holds: not `s`. Blocks: no. */
export function lwkt_serialize_try(k: Kernel, s: Serializer): Step<boolean> {
  ASSERT_NOT_SERIALIZED(k, s);
  if (k.x.point(packOp(Op.Try, s.object))) return k.x.ready(attemptOnce(k, s));
  return trySlow(k, s);
}

function* trySlow(k: Kernel, s: Serializer): Routine<boolean> {
  yield SWITCH;
  return attemptOnce(k, s);
}

function attemptOnce(k: Kernel, s: Serializer): boolean {
  const free = attempt(k, s);
  if (!free) s.busyTries++;
  return free;
}

/** Leaves, and wakes everybody who waits. Context: who entered. Holds: `s`. Blocks: no. */
export function lwkt_serialize_exit(k: Kernel, s: Serializer): Step<void> {
  ASSERT_SERIALIZED(k, s);
  if (!k.x.point(packOp(Op.Release, s.object))) return exitSlow(k, s);
  return release(k, s) ? wakeup(k, s) : k.x.ready(undefined);
}

function* exitSlow(k: Kernel, s: Serializer): Routine<void> {
  yield SWITCH;
  if (release(k, s)) yield* wakeup(k, s);
}

/** Clears bit 31; are there waiters? */
function release(k: Kernel, s: Serializer): boolean {
  s.owner = null;
  s.last_td = null;
  s.door?.releaseNow();
  const contended = s.waiters > 0;
  for (const spinner of s.spinners) spinner.readyAt = k.x.now;
  if (s.watchers !== null) for (const watcher of s.watchers) watcher();
  return contended;
}

// -- assertions ---------------------------------------------------------------------------------------------

/** Does the running thread (in an interrupt: the interrupted one) hold it? Context: any. */
export const IS_SERIALIZED = (k: Kernel, s: Serializer): boolean => s.last_td === curthread(k);

/** Panics unless the running thread holds it. Context: any. */
export function ASSERT_SERIALIZED(k: Kernel, s: Serializer): void {
  if (s.last_td !== curthread(k)) panic(k, `assertion "IS_SERIALIZED(${s.label})" failed`);
}

/** Panics if the running thread holds it; somebody else may. Context: any. */
export function ASSERT_NOT_SERIALIZED(k: Kernel, s: Serializer): void {
  if (s.last_td === curthread(k)) panic(k, `assertion "!IS_SERIALIZED(${s.label})" failed`);
}
