/**
 * Interfaces that users make and destroy.
 *
 * Mirrors: sys/net/if_clone.c `if_clone_create`, `if_clone_destroy`, `if_clone_attach`, `if_clone_list`,
 * `if_clone_lookup`; sys/net/if_clone.h. An environment of `ifioctl`: contract of a cloner below.
 * Left out: `if_clone_detach`; `ifc_minifs` at attach.
 *
 * Cloners are registered at set-up. Which units are taken is a bitmap without a lock; the ifnet lock is held for the
 * look whether there is such a name, not from there to the end of the creation; it is held for all of the destruction.
 */
import { Struct, word, type Routine, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { copyout } from "../kern/copyio.ts";
import { KASSERT, panic } from "../panic.ts";
import { EEXIST, EINVAL, ENOSPC, ENXIO, EOPNOTSUPP } from "../sys/errno.ts";
import { ifunit } from "./if_list.ts";
import { ifnet_lock, ifnet_unlock } from "./if_lock.ts";
import type { Ifnet } from "./if_var.ts";
import { IFNAMSIZ, nameOf, strlcpyName, type IfClonereq } from "./ifreq.ts";

/**
 * What a cloner does. It makes interface `ifc_name` and the unit, attached; it is called without a lock. It destroys one
 * with the ifnet lock held; null: it cannot. Both may block, and answer an errno.
 */
export interface Cloner {
  readonly ifc_name: string;
  readonly ifc_minifs: number;
  readonly ifc_maxunit: number;
  ifc_create(k: Kernel, unit: number, params: number): Routine<number>;
  readonly ifc_destroy: ((k: Kernel, ifp: Ifnet) => Routine<number>) | null;
}

/** `struct if_clone`. */
export class IfClone extends Struct {
  readonly cloner: Cloner;
  /** `ifc_units`: bytes of the bitmap of units that are taken. No lock. */
  readonly ifc_units: readonly Word<number>[];

  constructor(k: Kernel, cloner: Cloner) {
    super(k.x, `cloner ${cloner.ifc_name}`);
    this.cloner = cloner;
    const ifc_bmlen = (cloner.ifc_maxunit >> 3) + 1;
    this.ifc_units = Array.from({ length: ifc_bmlen }, () => word(this, 0));
  }
}

/** Registers a cloner. Context: set-up. Holds: nothing. Blocks: no. */
export function if_clone_attach(k: Kernel, cloner: Cloner): void {
  k.net.if_cloners.unshift(new IfClone(k, cloner));
}

/** The cloner of a name and the unit in it; unit -1: any. Null when there is none, or the unit is no number. */
function if_clone_lookup(k: Kernel, name: string): { readonly ifc: IfClone; readonly unit: number } | null {
  const ifc = k.net.if_cloners.find(({ cloner }) => name.startsWith(cloner.ifc_name));
  if (ifc === undefined) return null;
  const digits = name.slice(ifc.cloner.ifc_name.length);
  if (digits === "") return { ifc, unit: -1 };
  if (!/^[0-9]+$/.test(digits)) return null;
  let unit = 0;
  for (const digit of digits) unit = (Math.imul(unit, 10) + Number(digit)) | 0; // an int
  return { ifc, unit };
}

/** The first unit that is not taken; null when all are. */
function* freeUnit(ifc: IfClone): Routine<number | null> {
  for (const [byte, units] of ifc.ifc_units.entries()) {
    const taken = yield* units.load();
    if (taken === 0xff) continue;
    let bit = 0;
    while ((taken & (1 << bit)) !== 0) bit++;
    return (byte << 3) + bit;
  }
  return null;
}

const unitsOf = (k: Kernel, ifc: IfClone, unit: number): Word<number> =>
  ifc.ifc_units[unit >> 3] ?? panic(k, "page fault: ifc_units past its end");

/**
 * Makes the interface of a name, or the next one of a cloner's name, which is then told in `name`; errno.
 * DEVIATES: the name ends with its memory.
 * Context: thread of a user.
 * Holds: nothing.
 * Blocks: yes, for the ifnet lock, and as the cloner does.
 */
export function* if_clone_create(k: Kernel, name: Uint8Array, params: number): Routine<number> {
  const asked = nameOf(name);
  const found = if_clone_lookup(k, asked);
  if (found === null) return EINVAL;
  const { ifc } = found;

  yield* ifnet_lock(k);
  const taken = ifunit(k, asked) !== null;
  yield* ifnet_unlock(k);
  if (taken) return EEXIST;

  const wildcard = found.unit < 0;
  const unit = wildcard ? yield* freeUnit(ifc) : found.unit;
  if (unit === null) return ENOSPC;
  if (unit > ifc.cloner.ifc_maxunit) return ENXIO;

  const error = yield* ifc.cloner.ifc_create(k, unit, params);
  if (error !== 0) return error;

  const units = unitsOf(k, ifc, unit);
  const bit = 1 << (unit & 7);
  KASSERT(k, ((yield* units.load()) & bit) === 0, "if_clone_create: bit is already set");
  yield* units.store((yield* units.load()) | bit);

  if (wildcard) {
    const full = `${asked}${unit}`;
    if (strlcpyName(name, full) >= name.length) panic(k, "if_clone_create(): interface name too long");
  }
  return 0;
}

/**
 * Destroys the interface of a name; errno. A unit below those that there have to be is refused, and so is none.
 * Context: thread of a user.
 * Holds: nothing.
 * Blocks: yes, for the ifnet lock, and with it held as the cloner does.
 */
export function* if_clone_destroy(k: Kernel, name: Uint8Array): Routine<number> {
  const asked = nameOf(name);
  const found = if_clone_lookup(k, asked);
  if (found === null) return EINVAL;
  const { ifc, unit } = found;
  if (unit < ifc.cloner.ifc_minifs) return EINVAL;

  yield* ifnet_lock(k);
  const error = yield* destroyLocked(k, ifc.cloner, asked);
  yield* ifnet_unlock(k);
  if (error !== 0) return error;

  const units = unitsOf(k, ifc, unit);
  const bit = 1 << (unit & 7);
  KASSERT(k, ((yield* units.load()) & bit) !== 0, "if_clone_destroy: bit is already cleared");
  yield* units.store((yield* units.load()) & ~bit);
  return 0;
}

function* destroyLocked(k: Kernel, { ifc_destroy }: Cloner, name: string): Routine<number> {
  const ifp = ifunit(k, name);
  if (ifp === null) return ENXIO;
  if (ifc_destroy === null) return EOPNOTSUPP;
  return yield* ifc_destroy(k, ifp);
}

/**
 * Copies the names of the cloners out, as many as there is room for; errno.
 * Context: thread of a user.
 * Holds: nothing.
 * Blocks: yes, for pages of the user.
 */
export function* if_clone_list(k: Kernel, ifcr: IfClonereq): Routine<number> {
  const { if_cloners } = k.net;
  ifcr.ifcr_total = if_cloners.length;
  let dst = ifcr.ifcr_buffer;
  // Just asking how many there are.
  if (dst === 0) return 0;
  if (ifcr.ifcr_count < 0) return EINVAL;

  for (const { cloner } of if_cloners.slice(0, ifcr.ifcr_count)) {
    const outbuf = new Uint8Array(IFNAMSIZ);
    strlcpyName(outbuf, cloner.ifc_name);
    const error = yield* copyout(k, outbuf, dst, IFNAMSIZ);
    if (error !== 0) return error;
    dst += IFNAMSIZ;
  }
  return 0;
}
