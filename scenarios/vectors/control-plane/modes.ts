/** `modes`: `ifpromisc` and `if_allmulti` on one interface whose driver may say no once. */
import {
  EIO,
  IFF_PPROMISC,
  IFF_UP,
  SIOCSIFFLAGS,
  if_allmulti,
  ifpromisc,
  nicDriver,
  type Ifnet,
  type Kernel,
} from "../../../model/index.ts";
import type { Step } from "../../../sim/index.ts";
import type { Fields } from "../reader.ts";
import { CALL, Calls } from "./announced.ts";
import { InterfaceMachine } from "./machine.ts";
import { stepsKind, type ReadKind } from "./sequence.ts";

type ModeOp =
  | { readonly op: "promisc" | "allmulti"; readonly on: boolean; readonly driverFails: boolean }
  | { readonly op: "up" | "pprom"; readonly on: boolean };

const INT_MAX = 0x7fff_ffff;
const INT_MIN = -0x8000_0000;
const CALLS_MAX = 1000;

const bit = (step: Fields, name: string): boolean => step.integer(name, 0, 1) === 1;

/** Reads the kind. */
export const MODES: ReadKind = stepsKind<null, ModeOp>({
  setup: () => null,
  op(op, step) {
    switch (op) {
      case "promisc":
      case "allmulti":
        return { op, on: bit(step, "on"), driverFails: bit(step, "driverFails") };
      case "up":
      case "pprom":
        return { op, on: bit(step, "on") };
      default:
        return null;
    }
  },
  state: (step, { op }) => ({
    ...(op === "promisc" || op === "allmulti" ? { error: step.integer("error", 0, INT_MAX) } : {}),
    calls: step.integers("calls", 0, CALLS_MAX),
    flags: step.integer("flags", INT_MIN, INT_MAX),
    pcount: step.integer("pcount", INT_MIN, INT_MAX),
    amcount: step.integer("amcount", INT_MIN, INT_MAX),
  }),
  machine() {
    let fails = false;
    let calls: Calls | null = null;
    const answer = (k: Kernel, cmd: number): Step<number> => {
      if (cmd === SIOCSIFFLAGS) calls?.driver(CALL.SIOCSIFFLAGS);
      const error = fails ? EIO : 0;
      fails = false;
      return k.x.ready(error);
    };
    const machine = new InterfaceMachine([{ ...nicDriver, if_ioctl: (k, _ifp, cmd) => answer(k, cmd) }]);
    const { ifp } = machine.device(0);
    const told = new Calls(machine.k);
    calls = told;
    machine.run(() => ifp.if_flags.store(IFF_UP));
    return (op) => {
      const did = perform(machine, ifp, op, () => (fails = true));
      fails = false;
      return {
        ...did,
        calls: told.take(),
        flags: ifp.if_flags.peek(),
        pcount: ifp.if_pcount.peek(),
        amcount: ifp.if_amcount.peek(),
      };
    };
  },
});

function perform(machine: InterfaceMachine, ifp: Ifnet, op: ModeOp, makeFail: () => void): object {
  const { k } = machine;
  switch (op.op) {
    case "promisc":
    case "allmulti": {
      if (op.driverFails) makeFail();
      const routine = op.op === "promisc" ? ifpromisc : if_allmulti;
      return { error: machine.run(() => routine(k, ifp, op.on)) };
    }
    case "up":
    case "pprom": {
      const flag = op.op === "up" ? IFF_UP : IFF_PPROMISC;
      const flags = ifp.if_flags.peek();
      machine.run(() => ifp.if_flags.store(op.on ? flags | flag : flags & ~flag));
      return {};
    }
  }
}
