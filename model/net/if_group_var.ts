/**
 * Interface groups, as data.
 *
 * Mirrors: sys/net/if.h `struct ifg_req`, `ifgroupreq`; sys/net/if_var.h `struct ifg_group`, `ifg_member`, `ifg_list`.
 */
import { Struct, UNWRITTEN, word, type Grave, type Word } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { SharedEntry, SharedTailq } from "../sys/queue-shared.ts";
import type { Ifnet } from "./if_var.ts";
import { IFNAMSIZ } from "./ifreq.ts";

/** `sizeof(struct ifg_req)`: one name, of a group or of a member. */
export const SIZEOF_IFG_REQ = IFNAMSIZ;

/** `struct ifg_group`. What the allocation leaves uninitialised is unwritten. */
export class IfgGroup extends Struct {
  /** `IFNAMSIZ` bytes at most, the NUL included. */
  readonly ifg_group: Word<string>;
  /** Interfaces that have it. */
  readonly ifg_refcnt: Word<number>;
  readonly ifg_carp_demoted: Word<number>;
  readonly ifg_members: SharedTailq<IfgMember>;
  readonly ifg_next: SharedEntry<IfgGroup>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.ifg_group = word<string>(this, UNWRITTEN);
    this.ifg_refcnt = word<number>(this, UNWRITTEN);
    this.ifg_carp_demoted = word<number>(this, UNWRITTEN);
    this.ifg_members = new SharedTailq(this, `${label} ifg_members`, ({ ifgm_next }) => ifgm_next);
    this.ifg_next = new SharedEntry(this);
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.ifg_members.bury(grave);
    this.ifg_next.bury(grave);
  }
}

/** `struct ifg_member`: an interface on the list of a group. */
export class IfgMember extends Struct {
  readonly ifgm_ifp: Word<Ifnet>;
  readonly ifgm_next: SharedEntry<IfgMember>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.ifgm_ifp = word<Ifnet>(this, UNWRITTEN);
    this.ifgm_next = new SharedEntry(this);
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.ifgm_next.bury(grave);
  }
}

/** `struct ifg_list`: a group on the list of an interface. */
export class IfgList extends Struct {
  readonly ifgl_group: Word<IfgGroup>;
  readonly ifgl_next: SharedEntry<IfgList>;

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.ifgl_group = word<IfgGroup>(this, UNWRITTEN);
    this.ifgl_next = new SharedEntry(this);
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    this.ifgl_next.bury(grave);
  }
}

/** `struct ifgroupreq`: a name, the size of the user's buffer, its address. The caller's copy in the kernel. */
export interface Ifgroupreq {
  readonly ifgr_name: string;
  /** Bytes; an `int`, whatever the user says. */
  ifgr_len: number;
  readonly ifgr_groups: number;
}
