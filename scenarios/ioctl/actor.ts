/** Users that make control requests, and what else looks at names and addresses meanwhile. */
import { Op, misuse, type Routine } from "../../sim/index.ts";
import {
  EVENTHANDLER_PRI_ANY,
  EVENTHANDLER_REGISTER,
  IOCPARM_LEN,
  NetmsgBase,
  PINTERLOCKED,
  Ucred,
  if_clone_attach,
  ifunit_netisr,
  ifnet_deserialize_all,
  ifnet_serialize_all,
  inetSocket,
  lwkt_domsg,
  lwkt_replymsg,
  netisr_cpuport,
  netmsg_init,
  attachDevice,
  curthread,
  detachDevice,
  deviceOf,
  protocolAddress,
  spawnProcess,
  mapped_ioctl,
  tsleep,
  tsleep_interlock,
  wakeup,
  type DeviceOptions,
  type Device,
  type Driver,
  type Kernel,
  type Proc,
} from "../../model/index.ts";
import { deviceFor, type Actor } from "../actor.ts";
import { multiLog } from "../multi/log.ts";
import { deviceOptions } from "../machine.ts";
import type { World } from "../world.ts";
import { numberOf, pointedBytes, requestBytes, type IoctlCall, type IoctlUser } from "./calls.ts";

type IoctlActor = Actor<"ioctl">;

/** The first process number; the init process has 1. */
const FIRST_PID = 500;
/** An address nothing is mapped at. */
const BAD = 0x7fff_0000_0000;
/** Units that users may make of interfaces `cl0`, `cl1`, … */
const CLONE_UNITS = 8;

const CREDENTIALS: Readonly<Record<IoctlUser, { readonly uid: number; readonly jail: Ucred["cr_prison"] }>> = {
  root: { uid: 0, jail: null },
  nobody: { uid: 32_767, jail: null },
  jailed: { uid: 0, jail: { pr_ips: [Uint8Array.of(16, 2, 0, 0, 10, 0, 0, 1)] } },
};

/** Starts the process of an actor. */
export function startIoctl(world: World, actor: IoctlActor, index: number): void {
  const { k } = world;
  registerCloner(world);
  const name = `ioctl ${String(index)}`;
  const cpu = actor.cpu % k.params.ncpus;
  const waits = actor.calls.some((call) => call.do === "await");
  if (waits) arrivals(world);
  const options = { pid: FIRST_PID + index, ...CREDENTIALS[actor.user], daemon: waits };
  spawnProcess(k, name, cpu, options, (_k, proc) => user(world, actor, name, proc));
}

/** Interfaces that users make: devices of the world under another name. */
function registerCloner(world: World): void {
  const { k } = world;
  if (k.net.if_cloners.length > 0) return;
  const driver = { ...world.driver, name: "cl" };
  if_clone_attach(k, {
    ifc_name: "cl",
    ifc_minifs: 0,
    ifc_maxunit: CLONE_UNITS - 1,
    ifc_create: (kk, unit) => create(kk, driver, { ...deviceOptions(world, true), unit }),
    ifc_destroy: (kk, ifp) => destroy(kk, world, deviceOf(ifp)),
  });
}

function* create(k: Kernel, driver: Driver, options: DeviceOptions): Routine<number> {
  yield* attachDevice(k, driver, options);
  return 0;
}

function* destroy(k: Kernel, world: World, device: Device): Routine<number> {
  yield* detachDevice(k, device);
  world.detached.add(device);
  return 0;
}

function* user(world: World, actor: IoctlActor, name: string, proc: Proc): Routine<void> {
  // The system call: a thread must not end before its first point.
  yield* world.k.x.pause(Op.Yield);
  for (const call of actor.calls) {
    switch (call.do) {
      case "ioctl":
        yield* request(world, actor, name, proc, call);
        break;
      case "await":
        yield* awaitArrival(world);
        break;
      case "lookup":
        yield* lookup(world, actor, call.iface);
        break;
      case "refuse":
        yield* refuse(world, call.iface);
        break;
      case "add-address":
      case "delete-address": {
        const device = deviceFor(world, call.iface);
        if (device === null || world.detached.has(device)) break;
        yield* protocolAddress(world.k, device.ifp, call.value, call.do === "add-address");
        break;
      }
    }
  }
}

function* request(
  world: World,
  actor: IoctlActor,
  name: string,
  proc: Proc,
  call: Extract<IoctlCall, { do: "ioctl" }>,
): Routine<void> {
  const com = numberOf(call.cmd);
  const pointed = pointedBytes(call);
  const pointer = call.bad === "pointer" ? BAD : proc.p_vmspace.map(pointed);
  const bytes = requestBytes(call, IOCPARM_LEN(com), pointer);
  const udata = call.bad === "request" ? BAD : proc.p_vmspace.map(bytes);
  const socket = call.bad === "socket" ? { so_proto: null } : inetSocket;
  const before = refusals(world);
  const error = yield* mapped_ioctl(world.k, socket, com, udata, proc.p_ucred);
  // Somebody else's request may have been refused meanwhile: then it is not told.
  const refused = refusals(world) < before && world.config.workload.length === 1;
  world.ioctls.push({ actor: name, user: actor.user, call, error, refused, request: bytes, pointed });
}

/** Requests that cards are going to refuse. */
const refusals = ({ devices }: World): number => devices.reduce((sum, { filter }) => sum + filter.refusals.peek(), 0);

function* refuse(world: World, iface: number): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, iface);
  if (device === null || world.detached.has(device)) return;
  yield* ifnet_serialize_all(k, device.ifp);
  device.filter.refusals.held++;
  multiLog(world).cardRefused = true;
  yield* ifnet_deserialize_all(k, device.ifp);
}

/** Interfaces that came since boot, as /dev/devctl tells. */
class Arrivals {
  count = 0;
}

const ARRIVALS = {};

/** Those of a run; who asks first, while it is set up, has them counted. */
function arrivals(world: World): Arrivals {
  const there = world.notes.get(ARRIVALS) as Arrivals | undefined;
  if (there !== undefined) return there;
  const made = new Arrivals();
  world.notes.set(ARRIVALS, made);
  EVENTHANDLER_REGISTER(world.k, world.k.net.ifnet_attach_event, (k: Kernel) => arrived(k, made), EVENTHANDLER_PRI_ANY);
  return made;
}

function* arrived(k: Kernel, told: Arrivals): Routine<void> {
  told.count++;
  yield* wakeup(k, told);
}

function* awaitArrival(world: World): Routine<void> {
  const { k } = world;
  const told = arrivals(world);
  while (told.count === 0) {
    yield* tsleep_interlock(k, told, 0);
    if (told.count === 0) yield* tsleep(k, told, PINTERLOCKED, "devctl", 0);
  }
}

class LookupMsg extends NetmsgBase {
  readonly world: World;
  readonly asked: string;

  constructor(world: World, asked: string) {
    super(world.k, "lookup message");
    this.world = world;
    this.asked = asked;
  }
}

function* lookup(world: World, actor: IoctlActor, asked: string): Routine<void> {
  const { k } = world;
  const msg = new LookupMsg(world, asked);
  netmsg_init(k, msg, null, curthread(k).td_msgport, 0, lookupHandler);
  yield* lwkt_domsg(k, netisr_cpuport(k, actor.cpu % k.params.ncpus), msg, 0);
  msg.leaveFrame();
}

function* lookupHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof LookupMsg)) return misuse("no-lookup-message", nmsg.label);
  const { world, asked } = nmsg;
  const ifp = yield* ifunit_netisr(k, asked);
  world.nameLookups.push({ asked, found: ifp?.device ?? null });
  yield* lwkt_replymsg(k, nmsg, 0);
}

