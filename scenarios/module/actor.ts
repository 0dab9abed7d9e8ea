/**
 * Modules: an interface without a card, whose driver does as little as one may. It has no routine for requests and none
 * that resolves groups, sets neither length nor number of queues, numbers no unit, and brings its own serializer.
 */
import { Struct, type Routine } from "../../sim/index.ts";
import {
  IFF_MULTICAST,
  IFF_UP,
  IFT_ETHER,
  IFT_LOOP,
  IF_DUNIT_NONE,
  IOCPARM_LEN,
  M_IFNET,
  M_WAITOK,
  Serializer,
  Sockaddr,
  TAILQ_EMPTY,
  altq_attach,
  altq_enable,
  ether_resolvemulti,
  if_addmulti,
  if_alloc,
  if_attach,
  if_delallmulti_serialized,
  if_deregister_com_alloc,
  if_detach,
  if_free,
  if_getanyethermac,
  if_initname,
  if_link_state_change,
  if_register_com_alloc,
  ifmaof_ifpforaddr,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  ifpromisc,
  ifsq_purge,
  inetSocket,
  kfree,
  kmalloc,
  mapped_ioctl,
  sockaddrIn,
  type IfaltqSubque,
  type Ifnet,
  type Kernel,
  type Proc,
} from "../../model/index.ts";
import { IOCTL_NAMES, numberOf, pointedBytes, requestBytes, type IoctlCmd } from "../ioctl/calls.ts";
import type { World } from "../world.ts";
import type { ModuleActor, ModuleOp } from "./op.ts";

/** Bytes of a link-level address: more than a `struct sockaddr_dl` has room for. */
const ADDRLEN = 48;
const MAC_ROOM = 8;

/** Loads, attaches, does what is to be done, detaches, unloads. `name`: letters, one module has it. */
export function* loadModule(world: World, proc: Proc, { driver, ops }: ModuleActor, name: string): Routine<void> {
  const { k } = world;
  const type = driver === "ether" ? IFT_ETHER : IFT_LOOP;
  const loads = driver === "loop" || driver === "no-memory";
  if (loads) yield* if_register_com_alloc(k, type, driver === "no-memory" ? noMemory : comAlloc, comFree);
  const ifp = yield* if_alloc(k, type, name);
  if (ifp !== null) {
    const serializer = new Serializer(k, `${name} serializer`);
    yield* attach(k, ifp, name, serializer);
    for (const op of ops) yield* perform(world, ifp, proc, op);
    yield* detach(k, ifp);
    yield* comFreeOf(k, ifp);
    yield* if_free(k, ifp);
  }
  if (loads) yield* if_deregister_com_alloc(k, type);
}

/** What is allocated along with an interface of the kind. */
class Com extends Struct {}

function* comAlloc(k: Kernel, _type: number, ifp: Ifnet): Routine<Com> {
  return yield* kmalloc(k, M_IFNET, M_WAITOK, () => new Com(k.x, `${ifp.label} l2com`));
}
function* noMemory(): Routine<null> {
  return null;
}
function* comFree(k: Kernel, com: unknown): Routine<void> {
  if (com instanceof Com) yield* kfree(k, com, M_IFNET);
}
/** Nobody but the driver frees it: `if_free` does not. */
const comFreeOf = (k: Kernel, ifp: Ifnet): Routine<void> => comFree(k, ifp.if_l2com.fixed);

function* attach(k: Kernel, ifp: Ifnet, name: string, serializer: Serializer): Routine<void> {
  if_initname(k, ifp, name, IF_DUNIT_NONE);
  ifp.if_softc = ifp;
  ifp.if_addrlen.fixed = ADDRLEN;
  ifp.if_start.fixed = drop;
  if (ifp.if_type === IFT_ETHER) ifp.if_resolvemulti.fixed = ether_resolvemulti;
  yield* ifp.if_flags.store(IFF_UP | IFF_MULTICAST);
  yield* if_attach(k, ifp, serializer);
}

/** Nothing is sent anywhere. */
function* drop(k: Kernel, _ifp: Ifnet, ifsq: IfaltqSubque): Routine<void> {
  yield* ifsq_purge(k, ifsq);
}

function* detach(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* leaveAll(k, ifp);
  yield* if_detach(k, ifp);
}

/** Until nobody is left: a membership that others have as well takes more than once. */
function* leaveAll(k: Kernel, ifp: Ifnet): Routine<void> {
  yield* ifnet_serialize_all(k, ifp);
  while (!TAILQ_EMPTY(ifp.if_multiaddrs.held)) yield* if_delallmulti_serialized(k, ifp);
  yield* ifnet_deserialize_all(k, ifp);
}

function* perform(world: World, ifp: Ifnet, proc: Proc, { op, n }: ModuleOp): Routine<void> {
  const { k } = world;
  const group = (): Sockaddr => new Sockaddr(k, "sa", sockaddrIn([224, 0, 0, n]));
  switch (op) {
    case "link-up":
    case "link-down":
      yield* ifp.if_link_state.store(op === "link-up" ? LINK_STATE_UP : LINK_STATE_DOWN);
      return yield* if_link_state_change(k, ifp);
    case "join":
      yield* if_addmulti(k, ifp, group(), null);
      return;
    case "find":
      yield* ifmaof_ifpforaddr(k, group(), ifp);
      return;
    case "leave-all":
      return yield* leaveAll(k, ifp);
    case "promiscuous":
      if ((yield* ifpromisc(k, ifp, true)) === 0) yield* ifpromisc(k, ifp, false);
      return;
    case "mac":
      yield* if_getanyethermac(k, new Uint8Array(MAC_ROOM), 6);
      return;
    case "queue":
      yield* altq_attach(k, ifp.if_snd, "priq");
      yield* altq_enable(k, ifp.if_snd);
      return;
    case "ask":
      return yield* ask(world, ifp, proc, IOCTL_NAMES[n % IOCTL_NAMES.length] as IoctlCmd, VALUE); // there are some
    case "lladdr":
      return yield* ask(world, ifp, proc, "SIOCSIFLLADDR", -n); // as long as the one there is: empty
  }
}

const LINK_STATE_DOWN = 1;
const LINK_STATE_UP = 2;

/** Of requests: an MTU that may be, and flags that turn polling on. */
const VALUE = 0x0010_0000 | 1500;

function* ask({ k, ioctls }: World, ifp: Ifnet, proc: Proc, cmd: IoctlCmd, value: number): Routine<void> {
  const call = { do: "ioctl", cmd, iface: ifp.if_xname, value, text: "mod", bad: "nothing" } as const;
  const com = numberOf(cmd);
  const pointed = pointedBytes(call);
  const request = requestBytes(call, IOCPARM_LEN(com), proc.p_vmspace.map(pointed));
  const error = yield* mapped_ioctl(k, inetSocket, com, proc.p_vmspace.map(request), proc.p_ucred);
  ioctls.push({ actor: proc.label, user: "root", call, error, refused: false, request, pointed });
}
