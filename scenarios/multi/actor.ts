/** Actors of memberships, modes and groups: each takes what its operations say, and gives it back at its end. */
import { Op, type Routine } from "../../sim/index.ts";
import {
  ENXIO,
  SIZEOF_IFG_REQ,
  Sockaddr,
  curproc,
  detachDevice,
  if_addgroup,
  if_addmulti,
  if_allmulti,
  if_delgroup,
  if_delmulti,
  if_getgroup,
  if_getgroupmembers,
  ifmaof_ifpforaddr,
  ifnet_deserialize_all,
  ifnet_lock,
  ifnet_serialize_all,
  ifnet_unlock,
  ifunit,
  ifpromisc,
  sockaddrDl,
  sockaddrIn,
  type Device,
  type Ifgroupreq,
  type Kernel,
  type RetIfma,
} from "../../model/index.ts";
import { deviceFor, type Actor } from "../actor.ts";
import type { World } from "../world.ts";
import { multiLog, type MultiLog } from "./log.ts";
import type { MultiOp } from "./op.ts";

const GROUPS = ["lan", "wan", "dmz"] as const;
/** Names a user has room for. */
const ROOM = 4;

/** Whose operation it is, on what. */
interface Place {
  readonly world: World;
  readonly k: Kernel;
  readonly device: Device;
  /** What the interface was called when the actor began. */
  readonly ifname: string;
  readonly log: MultiLog;
  readonly name: string;
  /** As `ifioctl` does: under the ifnet lock. */
  readonly locked: boolean;
}

/** What gives back what an operation took. */
type Undo = () => Routine<void>;

export function* multi(world: World, actor: Actor<"multi">, name: string): Routine<void> {
  const device = deviceFor(world, actor.iface);
  if (device === null || world.detached.has(device)) return yield* world.k.x.pause(Op.Yield); // a thread does not end before its first point
  const place: Place = { world, k: world.k, device, ifname: device.ifp.if_xname, log: multiLog(world), name, locked: actor.locked };
  const undo: Undo[] = [];
  for (const op of actor.ops) {
    const back = yield* perform(place, op);
    if (back !== null) undo.push(back);
  }
  for (const back of undo) yield* back();
}

function* perform(place: Place, { op, n }: MultiOp): Routine<Undo | null> {
  switch (op) {
    case "join":
      return yield* join(place, sockaddrIn([224, 0, 0, n]));
    case "join-alias":
      return yield* join(place, sockaddrIn([225, 0, 0, n]));
    case "join-link":
      return yield* join(place, linkGroup(place.device, n), null);
    case "join-nobody":
      return yield* join(place, sockaddrIn([10, 0, 0, n]));
    case "leave-strange":
      yield* if_delmulti(place.k, place.device.ifp, new Sockaddr(place.k, "sa", sockaddrIn([224, 0, 1, n])));
      return null;
    case "find":
      yield* ifmaof_ifpforaddr(place.k, new Sockaddr(place.k, "sa", sockaddrIn([224, 0, 0, n])), place.device.ifp);
      return null;
    case "promiscuous":
      return yield* want(place, ifpromisc, place.log.promiscuous);
    case "all-multicast":
      return yield* want(place, if_allmulti, place.log.allMulticast);
    case "add-group":
      return yield* addGroup(place, groupNamed(n));
    case "keep-group":
      place.log.groupsStay = true;
      yield* addGroup(place, groupNamed(n));
      return null;
    case "leave-strange-group":
      yield* asked(place, () => if_delgroup(place.k, place.device.ifp, "nobody"));
      return null;
    case "add-numbered-group":
      yield* asked(place, () => if_addgroup(place.k, place.device.ifp, `${groupNamed(n)}0`));
      return null;
    case "list-groups":
      yield* list(place, (ifgr) => asked(place, () => if_getgroup(place.k, ifgr, place.device.ifp)), groupNamed(n));
      return null;
    case "list-members":
      yield* list(place, (ifgr) => guarded(place, () => if_getgroupmembers(place.k, ifgr)), groupNamed(n));
      return null;
    case "list-short":
      yield* list(place, (ifgr) => asked(place, () => if_getgroup(place.k, ifgr, place.device.ifp)), groupNamed(n), true);
      yield* list(place, (ifgr) => guarded(place, () => if_getgroupmembers(place.k, ifgr)), groupNamed(n), true);
      return null;
    case "detach":
      yield* detach(place);
      return null;
    case "refuse":
      yield* refuse(place);
      return null;
  }
}

const groupNamed = (n: number): string => GROUPS[n % GROUPS.length] as string; // there are some

/** The link-level group that 224.0.0.n maps to, as the driver writes it. */
const linkGroup = ({ ifp }: Device, n: number): Uint8Array =>
  sockaddrDl({ sdl_index: ifp.if_index.fixed, sdl_type: ifp.if_type, name: "", address: [1, 0, 0x5e, 0, 0, n] });

function* join(place: Place, bytes: Uint8Array, told: RetIfma | null = { ifma: null }): Routine<Undo | null> {
  const { k, device: { ifp } } = place;
  const error = yield* if_addmulti(k, ifp, new Sockaddr(k, "sa", bytes), told);
  return error === 0 ? () => leave(place, bytes) : null;
}

function* leave({ k, device: { ifp }, log, name }: Place, bytes: Uint8Array): Routine<void> {
  const left = yield* if_delmulti(k, ifp, new Sockaddr(k, "sa", bytes));
  if (left !== 0) log.refused.push(`${name}: ${String(left)}`);
}

type Switch = (k: Kernel, ifp: Device["ifp"], on: boolean) => Routine<number>;

/** Who was told an error does not ask for it to be turned off. */
function* want({ k, device }: Place, turn: Switch, users: Device[]): Routine<Undo | null> {
  const error = yield* turn(k, device.ifp, true);
  if (error !== 0) return null;
  users.push(device);
  return () => off(k, device, turn, users);
}

function* off(k: Kernel, device: Device, turn: Switch, users: Device[]): Routine<void> {
  users.splice(users.indexOf(device), 1);
  yield* turn(k, device.ifp, false);
}

function* guarded<T>({ k, locked }: Place, make: () => Routine<T>): Routine<T> {
  if (!locked) return yield* make();
  yield* ifnet_lock(k);
  const result = yield* make();
  yield* ifnet_unlock(k);
  return result;
}

/** A request for the interface: with the lock held it is looked up by its name first, as `ifioctl` does. ENXIO: it is gone. */
const asked = (place: Place, make: () => Routine<number>): Routine<number> => guarded(place, () => foundFirst(place, make));

function* foundFirst({ k, device, ifname, locked }: Place, make: () => Routine<number>): Routine<number> {
  return locked && ifunit(k, ifname) !== device.ifp ? ENXIO : yield* make();
}

function* addGroup(place: Place, group: string): Routine<Undo | null> {
  const { k, device: { ifp } } = place;
  const error = yield* asked(place, () => if_addgroup(k, ifp, group));
  return error === 0 ? () => delGroup(place, group) : null;
}

function* delGroup(place: Place, group: string): Routine<void> {
  const { k, device: { ifp }, log, name } = place;
  const left = yield* asked(place, () => if_delgroup(k, ifp, group));
  if (left !== 0 && left !== ENXIO) log.refused.push(`${name}: ${String(left)}`);
}

/** What `ifconfig -g` does: how much room is needed, then what there is. */
function* list(place: Place, get: (ifgr: Ifgroupreq) => Routine<number>, name: string, short = false): Routine<void> {
  const space = new Uint8Array(ROOM * SIZEOF_IFG_REQ);
  const proc = curproc(place.k);
  const ifgr: Ifgroupreq = { ifgr_name: name, ifgr_len: 0, ifgr_groups: proc?.p_vmspace.map(space) ?? 0 };
  yield* get(ifgr);
  if (short) ifgr.ifgr_len--;
  if (ifgr.ifgr_len > 0) yield* get(ifgr);
}

function* detach({ world, k, device }: Place): Routine<void> {
  if (world.detached.has(device)) return;
  world.detached.add(device);
  yield* detachDevice(k, device);
}

function* refuse({ k, device: { ifp, filter }, log }: Place): Routine<void> {
  yield* ifnet_serialize_all(k, ifp);
  filter.refusals.held++;
  log.cardRefused = true;
  yield* ifnet_deserialize_all(k, ifp);
}
