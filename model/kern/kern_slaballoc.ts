/**
 * Kernel memory.
 *
 * Mirrors: sys/kern/kern_slaballoc.c `kmalloc`, `kmalloc_cachealign`, `kfree`.
 * Left out: sizes, zones, limits of a type. Memory is never reused, so every access after the free is seen.
 *
 * The caller's `build` makes the object: fields that C leaves uninitialised it declares `UNWRITTEN`; with `M_ZERO`
 * they are cleared.
 */
import { Cell, Op, UNWRITTEN, fail, type Routine, type Step, type Struct } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, panic } from "../panic.ts";
import { M_WAITOK, M_ZERO, type MallocType } from "../sys/malloc.ts";
import { curthread } from "./globaldata.ts";
import { lwkt_switch, requeueSelf } from "./lwkt_thread.ts";

/**
 * Allocates; never fails. A point: the allocation may have to wait, and other threads of this CPU may run
 * meanwhile (a data choice, `Params.waitokBlocks`).
 * Context: thread. Holds: no spinlock. Blocks: yes.
 */
export function* kmalloc<T extends Struct>(
  k: Kernel,
  type: MallocType,
  flags: number,
  build: () => T,
): Routine<T> {
  KASSERT(k, (flags & M_WAITOK) !== 0, "kmalloc: only an allocation that may wait never fails");
  yield* k.x.pause(Op.Yield);
  if (k.params.waitokBlocks && k.x.draw(2) === 1) {
    k.onBranch?.("kmalloc: waits, others of the CPU run");
    yield* giveWay(k, "memory");
  }
  return allocate(k, type, flags, build);
}

/** Lets the other threads of the CPU run, as a wait does that ends by itself. */
function* giveWay(k: Kernel, what: string): Routine<void> {
  requeueSelf(k);
  curthread(k).waits(what);
  yield* lwkt_switch(k);
  curthread(k).waits(null);
}

/**
 * A place where code that is not modelled may wait, as an allocation may: a data choice where
 * `Params.waitokBlocks` allows it, else nothing.
 * Context: thread. Holds: no spinlock. Blocks: yes.
 */
export function* mayWait(k: Kernel, what: string): Routine<void> {
  if (k.params.waitokBlocks && k.x.draw(2) === 1) yield* giveWay(k, what);
}

/** {@link kmalloc} with alignment to a cache line. Context: thread. Holds: no spinlock. Blocks: yes. */
export function kmalloc_cachealign<T extends Struct>(
  k: Kernel,
  type: MallocType,
  flags: number,
  build: () => T,
): Routine<T> {
  return kmalloc(k, type, flags, build);
}

/**
 * `kmalloc` with `M_NOWAIT`: null when it fails (`Shortage`).
 * Not a point.
 * Context: any. Holds: anything. Blocks: no.
 */
export function kmallocNowait<T extends Struct>(
  k: Kernel,
  type: MallocType,
  flags: number,
  build: () => T,
): T | null {
  if (k.shortage.strikes(k.params.nowaitFails)) return null;
  return allocate(k, type, flags, build);
}

function allocate<T extends Struct>(k: Kernel, type: MallocType, flags: number, build: () => T): T {
  const struct = build();
  if ((flags & M_ZERO) !== 0) clearUnwritten(struct);
  k.ledger.enter(struct, type);
  return struct;
}

function clearUnwritten(struct: Struct): void {
  for (const value of Object.values(struct)) {
    if (value instanceof Cell && value.value === UNWRITTEN) value.value = 0;
  }
}

/**
 * Frees; every later access to the object fails. Not a point: what must not happen after it is a point itself.
 * Context: any. Holds: anything. Blocks: no.
 */
export function kfree(k: Kernel, object: Struct | null, type: MallocType): Step<void> {
  const { x, ledger } = k;
  if (object === null) return panic(k, "kfree: trying to free NULL pointer");
  const allocation = ledger.live.get(object);
  if (allocation === undefined) {
    return fail("Memory", "bad-free", `${object.label} freed, which is not allocated`, [
      ["by", x.current.name],
      ["type", type],
    ]);
  }
  if (allocation.type !== type) {
    return panic(k, "kfree: bad malloc type", [["allocated as", allocation.type], ["freed as", type]]);
  }
  ledger.live.delete(object);
  ledger.freed++;
  const at = (site: number, by: string): string => `operation ${String(site)}, by ${by}`;
  object.bury({
    label: object.label,
    facts: [
      ["allocated", at(allocation.site, allocation.by)],
      ["freed", at(x.recording.steps, x.current.name)],
    ],
    site: x.current.pendingAt,
  });
  return x.ready(undefined);
}
