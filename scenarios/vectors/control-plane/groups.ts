/** `groups`: interface groups of three interfaces, and what their users are told. */
import {
  Lwp,
  Pgrp,
  Proc,
  SIZEOF_IFG_REQ,
  Ucred,
  if_addgroup,
  if_delgroup,
  if_getgroup,
  if_getgroupmembers,
  nicDriver,
  type Ifgroupreq,
  type Kernel,
} from "../../../model/index.ts";
import { Unreadable, shown, type Fields } from "../reader.ts";
import { InterfaceMachine } from "./machine.ts";
import { stepsKind, type ReadKind } from "./sequence.ts";

type GroupOp =
  | { readonly op: "add"; readonly if: number; readonly group: string }
  | { readonly op: "del"; readonly if: number; readonly group: string }
  | { readonly op: "get"; readonly if: number; readonly room: number }
  | { readonly op: "members"; readonly group: string; readonly room: number };

const NAMES = ["em0", "lo0", "tun0"] as const;
const INT_MAX = 0x7fff_ffff;
const INT_MIN = -0x8000_0000;
/** Entries of space a recording may give, and take away. */
const ROOM_MAX = 1000;

/** Reads the kind. */
export const GROUPS: ReadKind = stepsKind<null, GroupOp>({
  setup: () => null,
  op(op, step) {
    switch (op) {
      case "add":
      case "del":
        return { op, if: readInterface(step), group: step.text("group") };
      case "get":
        return { op, if: readInterface(step), room: readRoom(step) };
      case "members":
        return { op, group: step.text("group"), room: readRoom(step) };
      default:
        return null;
    }
  },
  state: (step, { op }) => ({
    error: step.integer("error", 0, INT_MAX),
    ...(op === "get" || op === "members" ? { count: step.integer("count", INT_MIN, INT_MAX), names: step.array("names") } : {}),
    allocations: step.integer("allocations", 0, INT_MAX),
  }),
  machine() {
    const machine = new InterfaceMachine(NAMES.map((name) => ({ ...nicDriver, name: name.slice(0, -1) })));
    const proc = userOf(machine);
    return (op) => ({ ...perform(machine, proc, op), allocations: machine.allocations });
  },
});

function readInterface(step: Fields): number {
  const name = step.text("if");
  const index = (NAMES as readonly string[]).indexOf(name);
  if (index < 0) throw new Unreadable(step.where, `no interface ${shown(name)}`);
  return index;
}

const readRoom = (step: Fields): number => step.integer("room", -ROOM_MAX, ROOM_MAX);

/** The thread becomes a user's. */
function userOf(machine: InterfaceMachine): Proc {
  const { k } = machine;
  const proc = new Proc(k, 1, new Ucred(0), new Pgrp(k, 1, 1), []);
  const td = machine.thread(0, false);
  td.td_lwp = new Lwp(k, proc, td);
  return proc;
}

function perform(machine: InterfaceMachine, proc: Proc, op: GroupOp): object {
  const { k } = machine;
  if (op.op === "add" || op.op === "del") {
    const routine = op.op === "add" ? if_addgroup : if_delgroup;
    return { error: machine.run(() => routine(k, machine.device(op.if).ifp, op.group)) };
  }
  const space = new Uint8Array(Math.max(op.room, 0) * SIZEOF_IFG_REQ);
  const ifgr: Ifgroupreq = {
    ifgr_name: op.op === "members" ? op.group : "",
    ifgr_len: op.room * SIZEOF_IFG_REQ,
    ifgr_groups: proc.p_vmspace.map(space),
  };
  const error = ask(machine, k, op, ifgr);
  return { error, count: ifgr.ifgr_len / SIZEOF_IFG_REQ, names: error === 0 ? namesIn(space) : [] };
}

const ask = (machine: InterfaceMachine, k: Kernel, op: GroupOp, ifgr: Ifgroupreq): number =>
  machine.run(() => (op.op === "get" ? if_getgroup(k, ifgr, machine.device(op.if).ifp) : if_getgroupmembers(k, ifgr)));

/** The names that were copied out, as the recordings list them: up to the first that is empty. */
function namesIn(space: Uint8Array): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < space.length && space[at] !== 0; at += SIZEOF_IFG_REQ) {
    const entry = space.subarray(at, at + SIZEOF_IFG_REQ);
    names.push(String.fromCharCode(...entry.subarray(0, entry.indexOf(0))));
  }
  return names;
}
