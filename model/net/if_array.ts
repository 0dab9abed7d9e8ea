/**
 * The snapshot of all interfaces that netisrs read without a lock, and the index table.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 3511 to 3609, 162 to 169, 1722 to 1740); the readers of the index table as
 * `ifnet_byindex` in later revisions of the same file.
 *
 * A pointer from `ifnet_array_get` is valid until the netisr handler or rollup that fetched it returns, even if
 * it blocks meanwhile: the writer frees the old array only after `netmsg_service_sync`.
 */
import {
  fail,
  Struct,
  UNWRITTEN,
  frozen,
  published,
  type Frozen,
  type Published,
  type Routine,
  type Step,
} from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { curthread } from "../kern/globaldata.ts";
import { kfree, kmalloc } from "../kern/kern_slaballoc.ts";
import { TD_TYPE_NETISR } from "../kern/lwkt_thread.ts";
import { KASSERT } from "../panic.ts";
import { M_IFNET, M_WAITOK } from "../sys/malloc.ts";
import type { Ifnet } from "./if_var.ts";
import { IFNAMSIZ } from "./ifreq.ts";

/** `struct ifnet_array`: never changes once it is published. */
export class IfnetArray extends Struct {
  readonly ifnet_count: Frozen<number>;
  readonly ifnet_arr: readonly Frozen<Ifnet>[];

  constructor(k: Kernel, label: string, count: number) {
    super(k.x, label);
    this.ifnet_count = frozen(this, count);
    this.ifnet_arr = Array.from({ length: count }, () => frozen<Ifnet>(this, UNWRITTEN));
  }
}

/** The allocation behind `ifindex2ifnet`: slots are stored under the ifnet lock and loaded without it. */
export class Ifindex2ifnet extends Struct {
  readonly slots: readonly Published<Ifnet | null>[];

  constructor(k: Kernel, label: string, count: number) {
    super(k.x, label);
    this.slots = Array.from({ length: count }, () =>
      published<Ifnet | null>(this, k.net.ifnet_mtx, null),
    );
  }
}

/** A slot of the index table. Indices in use are below its length. */
export const indexSlot = (table: Ifindex2ifnet, index: number): Published<Ifnet | null> =>
  table.slots[index] ?? pastEnd(table, index);

function pastEnd({ x, label, slots }: Ifindex2ifnet, index: number): never {
  return fail("Memory", "out-of-bounds", `${label} accessed past its end`, [
    ["by", x.current.name],
    ["slot", `${String(index)} of ${String(slots.length)}`],
  ]);
}

/**
 * An array of `count` unwritten entries.
 * Context: thread.
 * Holds: the ifnet lock.
 * Blocks: yes, for memory.
 */
function ifnet_array_alloc(k: Kernel, count: number): Step<IfnetArray> {
  //@ 3516-3520
  return kmalloc(k, M_IFNET, M_WAITOK, () => new IfnetArray(k, "ifnet_array", count));
}

/**
 * Frees an array that no netisr reads any more; the static first one stays.
 * Context: thread.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifnet_array_free(k: Kernel, arr: IfnetArray): Routine<void> {
  //@ 3526
  if (arr === k.net.ifnet_array0) {
    //@ 3527
    k.onBranch?.("array: the static one is kept");
    return;
  }
  //@ 3528
  k.onBranch?.("array: the old one is freed");
  yield* kfree(k, arr, M_IFNET);
}

/**
 * A copy of the array with the interface appended.
 * Context: thread.
 * Holds: the ifnet lock.
 * Blocks: yes, for memory.
 */
export function* ifnet_array_add(k: Kernel, ifp: Ifnet, old_arr: IfnetArray): Routine<IfnetArray> {
  //@ 3537-3546
  const old_count = old_arr.ifnet_count.fixed;
  KASSERT(k, old_count >= 0, `invalid ifnet array count ${old_count}`);
  const count = old_count + 1;
  const arr = yield* ifnet_array_alloc(k, count);

  let i = 0;
  for (; i < old_count; ++i) {
    //@ 3547-3549
    const old = slot(old_arr, i);
    KASSERT(k, old.fixed !== ifp, `${ifp.if_xname} is already in ifnet array`);
    slot(arr, i).fixed = old.fixed;
  }
  //@ 3551-3556
  KASSERT(
    k,
    i === count - 1,
    `add ${ifp.if_xname}, ifnet array index mismatch, should be ${count - 1}, but got ${i}`,
  );
  slot(arr, i).fixed = ifp;
  return arr;
}

/**
 * A copy of the array without the interface.
 * Context: thread.
 * Holds: the ifnet lock.
 * Blocks: yes, for memory.
 */
export function* ifnet_array_del(k: Kernel, ifp: Ifnet, old_arr: IfnetArray): Routine<IfnetArray> {
  //@ 3563-3574
  const old_count = old_arr.ifnet_count.fixed;
  KASSERT(k, old_count > 0, `invalid ifnet array count ${old_count}`);
  const count = old_count - 1;
  const arr = yield* ifnet_array_alloc(k, count);

  let idx = 0;
  let found = false;
  for (let i = 0; i < old_count; ++i) {
    //@ 3575
    const old = slot(old_arr, i);
    if (old.fixed === ifp) {
      //@ 3576-3579
      KASSERT(k, !found, `dup ${ifp.if_xname} is in ifnet array`);
      found = true;
      continue;
    }
    //@ 3581-3584
    KASSERT(k, idx < count, `invalid ifnet array index ${idx}, count ${count}`);
    slot(arr, idx).fixed = old.fixed;
    ++idx;
  }
  //@ 3586-3591
  KASSERT(k, found, `${ifp.if_xname} is not in ifnet array`);
  KASSERT(
    k,
    idx === count,
    `del ${ifp.if_xname}, ifnet array count mismatch, should be ${count}, but got ${idx} `,
  );
  return arr;
}

const slot = (arr: IfnetArray, i: number): Frozen<Ifnet> => arr.ifnet_arr[i] as Frozen<Ifnet>; // bounded by count

/**
 * The current array, without a lock.
 * Context: netisr; valid until its handler returns.
 * Holds: nothing.
 * Blocks: no.
 */
export function ifnet_array_get(k: Kernel): Step<IfnetArray> {
  //@ 3597-3598
  KASSERT(k, curthread(k).td_type === TD_TYPE_NETISR, "not in netisr");
  return k.net.ifnet_array.load();
}

/**
 * Is there no interface?
 * Context: netisr.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifnet_array_isempty(k: Kernel): Routine<boolean> {
  //@ 3604-3605
  KASSERT(k, curthread(k).td_type === TD_TYPE_NETISR, "not in netisr");
  if ((yield* k.net.ifnet_array.load()).ifnet_count.fixed === 0) {
    //@ 3606
    return true;
  } else {
    //@ 3608
    return false;
  }
}

/**
 * The interface of an index, or null, without a lock: `if_index` first and the table after it, which is the order
 * `if_attach` publishes for.
 * Context: netisr; valid until its handler returns.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifnet_byindex(k: Kernel, idx: number): Routine<Ifnet | null> {
  if (idx > (yield* k.net.if_index.load())) return null;
  const table = yield* k.net.ifindex2ifnet.load();
  if (table === null) return null;
  return yield* indexSlot(table, idx).load();
}

/**
 * The interface of a name, or null, without the ifnet lock: names are compared byte by byte, as `strncmp` does, while
 * `SIOCSIFNAME` may be storing them.
 * Context: netisr; valid until its handler returns.
 * Holds: nothing.
 * Blocks: no.
 */
export function* ifunit_netisr(k: Kernel, name: string): Routine<Ifnet | null> {
  //@ 1732
  const arr = yield* ifnet_array_get(k);
  //@ 1733
  for (const { fixed: ifp } of arr.ifnet_arr) {
    //@ 1734-1736
    if (yield* isNamed(ifp, name)) {
      //@ 1737
      return ifp;
    }
  }
  //@ 1739
  return null;
}

/** `strncmp(ifp->if_xname, name, IFNAMSIZ) == 0`: stops at the first byte that differs, or at the NUL of both. */
function* isNamed(ifp: Ifnet, name: string): Routine<boolean> {
  for (let i = 0; i < IFNAMSIZ; i++) {
    const byte = (yield* ifp.xname.load()).charCodeAt(i) || 0;
    if (byte !== (name.charCodeAt(i) || 0)) return false;
    if (byte === 0) return true;
  }
  return true;
}
