/**
 * Interface groups: names that interfaces share.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 205 and 1011 to 1204). Without pf (`NPF` is 0).
 *
 * A group is on the list of all groups, and has a list of its members; an interface has a list of its groups. Nothing
 * protects them: no routine takes a lock, and no caller of the seed takes one for them. So every field is a plain word.
 * A member points to its interface and keeps it from nothing: `if_detach` does not know groups.
 */
import type { Routine } from "../../sim/index.ts";
import { copyout } from "../kern/copyio.ts";
import { kfree, kmallocNowait } from "../kern/kern_slaballoc.ts";
import type { Kernel } from "../kernel.ts";
import { EEXIST, EINVAL, ENOENT, ENOMEM } from "../sys/errno.ts";
import { M_NOWAIT, M_TEMP } from "../sys/malloc.ts";
import { tailq_first, tailq_insert_tail, tailq_next, tailq_remove } from "../sys/queue-shared.ts";
import { IfgGroup, IfgList, IfgMember, SIZEOF_IFG_REQ, type Ifgroupreq } from "./if_group_var.ts";
import type { Ifnet } from "./if_var.ts";
import { IFNAMSIZ, strlcpyName } from "./ifreq.ts";

/** `strlcpy` into `IFNAMSIZ` bytes. */
const cut = (name: string): string => name.slice(0, IFNAMSIZ - 1);

/**
 * A new group without members; null when there is no memory.
 * Context: any.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_creategroup(k: Kernel, groupname: string): Routine<IfgGroup | null> {
  //@ 1017-1020
  const ifg = kmallocNowait(k, M_TEMP, M_NOWAIT, () => new IfgGroup(k, `group "${cut(groupname)}"`));
  if (ifg === null) {
    //@ 1021
    return null;
  }

  //@ 1023-1032
  yield* ifg.ifg_group.store(cut(groupname));
  yield* ifg.ifg_refcnt.store(0);
  yield* ifg.ifg_carp_demoted.store(0);
  // ifg_members is empty as the constructor left it: nobody can see it yet.
  yield* tailq_insert_tail(k.net.ifg_head, ifg);

  return ifg;
}

/** The group of a name; null when there is none. */
function* groupNamed(k: Kernel, name: string): Routine<IfgGroup | null> {
  const head = k.net.ifg_head;
  let ifg = yield* tailq_first(head);
  for (; ifg !== null; ifg = yield* tailq_next(head, ifg)) {
    if ((yield* ifg.ifg_group.load()) === name) break;
  }
  return ifg;
}

/** What an interface has of the group of a name; null when it is not in it. */
function* joined(ifp: Ifnet, name: string): Routine<IfgList | null> {
  let ifgl = yield* tailq_first(ifp.if_groups);
  for (; ifgl !== null; ifgl = yield* tailq_next(ifp.if_groups, ifgl)) {
    const group = yield* ifgl.ifgl_group.load();
    if ((yield* group.ifg_group.load()) === name) break;
  }
  return ifgl;
}

/**
 * Puts an interface into a group, which is made when there is none of this name. Names are compared before they are cut:
 * one that is too long is never found again. errno: EINVAL for a name that ends in a digit, EEXIST, ENOMEM.
 * Context: thread.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_addgroup(k: Kernel, ifp: Ifnet, groupname: string): Routine<number> {
  //@ 1042-1046
  if (/[0-9]$/.test(groupname)) {
    //@ 1047
    return EINVAL;
  }

  //@ 1049-1050
  if ((yield* joined(ifp, groupname)) !== null) {
    //@ 1051
    return EEXIST;
  }

  //@ 1053
  const ifgl = kmallocNowait(k, M_TEMP, M_NOWAIT, () => new IfgList(k, `${ifp.if_xname} in group "${cut(groupname)}"`));
  if (ifgl === null) {
    //@ 1054
    return ENOMEM;
  }

  //@ 1056
  const ifgm = kmallocNowait(k, M_TEMP, M_NOWAIT, () => new IfgMember(k, `group "${cut(groupname)}" has ${ifp.if_xname}`));
  if (ifgm === null) {
    //@ 1057-1058
    yield* kfree(k, ifgl, M_TEMP);
    return ENOMEM;
  }

  //@ 1061-1065
  const ifg = (yield* groupNamed(k, groupname)) ?? (yield* if_creategroup(k, groupname));
  if (ifg === null) {
    //@ 1066-1068
    yield* kfree(k, ifgl, M_TEMP);
    yield* kfree(k, ifgm, M_TEMP);
    return ENOMEM;
  }

  //@ 1071-1082
  yield* ifg.ifg_refcnt.store((yield* ifg.ifg_refcnt.load()) + 1);
  yield* ifgl.ifgl_group.store(ifg);
  yield* ifgm.ifgm_ifp.store(ifp);

  yield* tailq_insert_tail(ifg.ifg_members, ifgm);
  yield* tailq_insert_tail(ifp.if_groups, ifgl);

  return 0;
}

/**
 * Takes an interface out of a group, and frees the group with its last member. errno: ENOENT.
 * Context: thread.
 * Holds: nothing.
 * Blocks: no.
 */
export function* if_delgroup(k: Kernel, ifp: Ifnet, groupname: string): Routine<number> {
  //@ 1094-1097
  const ifgl = yield* joined(ifp, groupname);
  if (ifgl === null) {
    //@ 1098
    return ENOENT;
  }

  //@ 1100
  yield* tailq_remove(ifp.if_groups, ifgl);

  //@ 1102
  const members = (yield* ifgl.ifgl_group.load()).ifg_members;
  let ifgm = yield* tailq_first(members);
  for (; ifgm !== null; ifgm = yield* tailq_next(members, ifgm)) {
    //@ 1103
    if ((yield* ifgm.ifgm_ifp.load()) === ifp) break;
  }

  //@ 1106
  if (ifgm !== null) {
    //@ 1107-1108
    yield* tailq_remove((yield* ifgl.ifgl_group.load()).ifg_members, ifgm);
    yield* kfree(k, ifgm, M_TEMP);
  }

  //@ 1111
  const { ifg_refcnt } = yield* ifgl.ifgl_group.load();
  const refcnt = (yield* ifg_refcnt.load()) - 1;
  yield* ifg_refcnt.store(refcnt);
  if (refcnt === 0) {
    //@ 1112-1116
    yield* tailq_remove(k.net.ifg_head, yield* ifgl.ifgl_group.load());
    yield* kfree(k, yield* ifgl.ifgl_group.load(), M_TEMP);
  }

  //@ 1119-1125
  yield* kfree(k, ifgl, M_TEMP);

  return 0;
}

/** `len < sizeof(…)`: the length is an `int`, the size has no sign, and so has the comparison. */
const tooShort = (len: number): boolean => len >= 0 && len < SIZEOF_IFG_REQ;

/** Copies one name to the user; errno. */
function* copyoutName(k: Kernel, name: string, to: number): Routine<number> {
  const ifgrq = new Uint8Array(SIZEOF_IFG_REQ);
  strlcpyName(ifgrq, name);
  return yield* copyout(k, ifgrq, to, SIZEOF_IFG_REQ);
}

/**
 * Copies the names of the groups of an interface to the user, or adds up how many bytes they take when the length is 0.
 * errno: EINVAL when there is not room for all, EFAULT.
 * Context: thread of a user.
 * Holds: nothing.
 * Blocks: yes, in `copyout`; the place in the list is kept meanwhile.
 */
export function* if_getgroup(k: Kernel, ifgr: Ifgroupreq, ifp: Ifnet): Routine<number> {
  //@ 1138-1140
  if (ifgr.ifgr_len === 0) {
    let ifgl = yield* tailq_first(ifp.if_groups);
    //@ 1141
    for (; ifgl !== null; ifgl = yield* tailq_next(ifp.if_groups, ifgl)) {
      //@ 1142
      ifgr.ifgr_len += SIZEOF_IFG_REQ;
    }
    //@ 1143
    return 0;
  }

  //@ 1146-1148
  let len = ifgr.ifgr_len;
  let ifgp = ifgr.ifgr_groups;
  let ifgl = yield* tailq_first(ifp.if_groups);
  for (; ifgl !== null; ifgl = yield* tailq_next(ifp.if_groups, ifgl)) {
    //@ 1149
    if (tooShort(len)) {
      //@ 1150
      return EINVAL;
    }
    //@ 1151-1155
    const group = yield* ifgl.ifgl_group.load();
    const error = yield* copyoutName(k, yield* group.ifg_group.load(), ifgp);
    if (error !== 0) {
      //@ 1156
      return error;
    }
    //@ 1157-1158
    len -= SIZEOF_IFG_REQ;
    ifgp += SIZEOF_IFG_REQ;
  }

  //@ 1161
  return 0;
}

/**
 * Copies the names of the members of a group to the user, or adds up how many bytes they take when the length is 0.
 * errno: ENOENT, EINVAL when there is not room for all, EFAULT.
 * Context: thread of a user.
 * Holds: nothing.
 * Blocks: yes, in `copyout`; the place in the list is kept meanwhile.
 */
export function* if_getgroupmembers(k: Kernel, ifgr: Ifgroupreq): Routine<number> {
  //@ 1170-1179
  const ifg = yield* groupNamed(k, ifgr.ifgr_name);
  if (ifg === null) {
    //@ 1180
    return ENOENT;
  }

  //@ 1182
  if (ifgr.ifgr_len === 0) {
    let ifgm = yield* tailq_first(ifg.ifg_members);
    //@ 1183
    for (; ifgm !== null; ifgm = yield* tailq_next(ifg.ifg_members, ifgm)) {
      //@ 1184
      ifgr.ifgr_len += SIZEOF_IFG_REQ;
    }
    //@ 1185
    return 0;
  }

  //@ 1188-1190
  let len = ifgr.ifgr_len;
  let ifgp = ifgr.ifgr_groups;
  let ifgm = yield* tailq_first(ifg.ifg_members);
  for (; ifgm !== null; ifgm = yield* tailq_next(ifg.ifg_members, ifgm)) {
    //@ 1191
    if (tooShort(len)) {
      //@ 1192
      return EINVAL;
    }
    //@ 1193-1197
    const ifp = yield* ifgm.ifgm_ifp.load();
    const error = yield* copyoutName(k, yield* ifp.xname.load(), ifgp);
    if (error !== 0) {
      //@ 1198
      return error;
    }
    //@ 1199-1200
    len -= SIZEOF_IFG_REQ;
    ifgp += SIZEOF_IFG_REQ;
  }

  //@ 1203
  return 0;
}
