/** `multi`: memberships of one interface whose driver resolves link-level addresses, or does not. */
import {
  AF_INET,
  AF_LINK,
  EAFNOSUPPORT,
  EINVAL,
  M_IFMADDR,
  M_WAITOK,
  SIOCADDMULTI,
  SIOCDELMULTI,
  Sockaddr,
  bytesOf,
  hexOf,
  if_addmulti,
  if_delallmulti_serialized,
  if_delmulti,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  kmalloc,
  loadSockaddr,
  nicDriver,
  saByte,
  type Driver,
  type Ifnet,
  type Kernel,
  type Llsa,
} from "../../../model/index.ts";
import type { Routine } from "../../../sim/index.ts";
import { Unreadable, array, integer, shown, type Fields } from "../reader.ts";
import { CALL, Calls } from "./announced.ts";
import { InterfaceMachine } from "./machine.ts";
import { stepsKind, type ReadKind } from "./sequence.ts";

type MultiOp = { readonly op: "add" | "del"; readonly addr: Uint8Array } | { readonly op: "delall" };

const INT_MAX = 0x7fff_ffff;
const INT_MIN = -0x8000_0000;
const CALLS_MAX = 1000;

/** Where the driver of the recordings looks, and what it answers. */
const LLADDR = 8;
const LAST_OF_IN = 7;
const LINK_LENGTH = 20;

/** Reads the kind. */
export const MULTI: ReadKind = stepsKind<boolean, MultiOp>({
  setup: (line) => line.integer("resolvemulti", 0, 1) === 1,
  op(op, step) {
    if (op === "delall") return { op };
    return op === "add" || op === "del" ? { op, addr: readAddr(step) } : null;
  },
  state: (step) => ({
    error: step.integer("error", 0, INT_MAX),
    calls: step.integers("calls", 0, CALLS_MAX),
    list: step.array("list").map((entry) => readEntry(entry, step.where)),
    allocations: step.integer("allocations", 0, INT_MAX),
  }),
  machine(resolves) {
    let calls: Calls | null = null;
    const machine = new InterfaceMachine([driver(resolves, (call) => calls?.driver(call))]);
    const told = new Calls(machine.k);
    calls = told;
    const { ifp } = machine.device(0);
    return (op) => ({
      error: machine.run(() => perform(machine.k, ifp, op)),
      calls: told.take(),
      list: [...ifp.if_multiaddrs.peek()].map((ifma) => ({
        addr: hexOf(ifma.ifma_addr.peek().sa_bytes.peek()),
        refcount: ifma.ifma_refcount.peek(),
      })),
      allocations: machine.allocations,
    });
  },
});

function readAddr(step: Fields): Uint8Array {
  const addr = step.text("addr");
  if (!/^(?:[0-9a-f]{2})+$/.test(addr)) throw new Unreadable(step.where, `"addr" must be hexadecimal, not ${shown(addr)}`);
  return bytesOf(addr);
}

function readEntry(value: unknown, where: string): object {
  const [addr, refcount] = array(value, where);
  if (typeof addr !== "string") throw new Unreadable(where, `an address is needed, not ${shown(addr)}`);
  return { addr, refcount: integer(refcount, where, INT_MIN, INT_MAX) };
}

function* perform(k: Kernel, ifp: Ifnet, op: MultiOp): Routine<number> {
  if (op.op === "delall") {
    yield* ifnet_serialize_all(k, ifp);
    yield* if_delallmulti_serialized(k, ifp);
    yield* ifnet_deserialize_all(k, ifp);
    return 0;
  }
  const sa = new Sockaddr(k, "addr", op.addr);
  return op.op === "add" ? yield* if_addmulti(k, ifp, sa, { ifma: null }) : yield* if_delmulti(k, ifp, sa);
}

/** The driver of the recordings. */
function driver(resolves: boolean, called: (call: number) => void): Driver {
  return {
    ...nicDriver,
    if_ioctl(k, _ifp, cmd) {
      if (cmd === SIOCADDMULTI) called(CALL.SIOCADDMULTI);
      if (cmd === SIOCDELMULTI) called(CALL.SIOCDELMULTI);
      return k.x.ready(0);
    },
    if_resolvemulti: resolve,
    setup(k, { ifp }) {
      if (!resolves) ifp.if_resolvemulti.fixed = null;
      return k.x.ready(undefined);
    },
  };
}

function* resolve(k: Kernel, _ifp: Ifnet, llsa: Llsa, sa: Sockaddr | null): Routine<number> {
  const bytes = yield* loadSockaddr(k, sa);
  switch (saByte(k, sa, bytes, 1)) {
    case AF_LINK:
      if ((saByte(k, sa, bytes, LLADDR) & 1) === 0) return EINVAL;
      llsa.llsa.fixed = null;
      return 0;
    case AF_INET: {
      const link = new Uint8Array(LINK_LENGTH);
      link.set([LINK_LENGTH, AF_LINK]);
      link[LLADDR] = 1;
      link[LLADDR + 1] = saByte(k, sa, bytes, LAST_OF_IN) & 1;
      llsa.llsa.fixed = yield* kmalloc(k, M_IFMADDR, M_WAITOK, () => new Sockaddr(k, "llsa", link));
      return 0;
    }
    default:
      return EAFNOSUPPORT;
  }
}
