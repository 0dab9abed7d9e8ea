/** Actors of lookups: threads that add and remove addresses, and netisrs that look them up. */
import { misuse, type Routine } from "../../sim/index.ts";
import {
  Arpcom,
  IFADDR_SIZE,
  M_WAITOK,
  NetmsgBase,
  SDL_DATA,
  Sockaddr,
  bytesOf,
  deref,
  ifa_create,
  ifa_destroy,
  ifa_iflink,
  ifa_ifunlink,
  ifa_ifwithaddr,
  ifa_ifwithdstaddr,
  ifa_ifwithnet,
  ifaof_ifpforaddr,
  if_getanyethermac,
  interfaces,
  ifnet_array_get,
  lwkt_sendmsg,
  mycpuid,
  netisr_cpuport,
  netmsg_init,
  type Ifaddr,
  type Ifnet,
  type Kernel,
} from "../../model/index.ts";
import { deviceFor, type Actor } from "../actor.ts";
import type { World } from "../world.ts";
import type { LookupOp } from "./op.ts";
import { claimed } from "./reference.ts";
import { interfacesIn, isAmidChain, tableOf } from "./table.ts";

type Ask = Extract<LookupOp, { op: "ask" }>;
type Add = Extract<LookupOp, { op: "add" }>;

/** An address that an actor has put on lists. */
interface Linked {
  readonly ifa: Ifaddr;
  readonly ifp: Ifnet;
}

/**
 * Runs the operations of an actor, one after the other, and takes away what addresses it leaves; a question is a message
 * that is not waited for.
 */
export function* lookups(world: World, actor: Actor<"lookups">): Routine<void> {
  const linked: Linked[] = [];
  for (const op of actor.ops) {
    if (op.op === "ask") yield* ask(world, actor.cpu % world.k.params.ncpus, op);
    else if (op.op === "add") yield* add(world, linked, op);
    else if (op.op === "mac") yield* mac(world, op.minlen);
    else yield* remove(world, linked, op.which);
  }
  while (linked.length > 0) yield* remove(world, linked, 0);
}

/** `ifa_claim_addr`. */
const claims = (_k: Kernel, _ifa: Ifaddr, sa: Sockaddr): boolean => claimed(sa.sa_bytes.peek());

function* add(world: World, linked: Linked[], op: Add): Routine<void> {
  const { k } = world;
  const device = deviceFor(world, op.iface);
  if (device === null || world.detached.has(device)) return;
  const { ifp } = device;
  const ifa = deref(k, yield* ifa_create(k, IFADDR_SIZE, M_WAITOK, `${ifp.if_xname} ${op.addr.slice(8, 16)}`), "ifa");
  const memory = (hex: string | null, of: string): Sockaddr | null =>
    hex === null ? null : new Sockaddr(k, `${ifa.label}'s ${of}`, bytesOf(hex));
  ifa.ifa_addr.fixed = memory(op.addr, "ifa_addr");
  ifa.ifa_dstaddr.fixed = memory(op.dst, "ifa_dstaddr");
  ifa.ifa_netmask.fixed = memory(op.mask, "ifa_netmask");
  if (op.claims === true) ifa.ifa_claim_addr.fixed = claims;
  ifa.ifa_ifp.fixed = ifp;
  yield* ifa_iflink(k, ifa, ifp, op.tail);
  linked.push({ ifa, ifp });
}

function* remove({ k }: World, linked: Linked[], which: number): Routine<void> {
  if (linked.length === 0) return;
  const [one] = linked.splice(which % linked.length, 1);
  if (one === undefined) return;
  yield* ifa_ifunlink(k, one.ifa, one.ifp);
  yield* ifa_destroy(k, one.ifa);
}

/** The addresses that Ethernets have, in the order of the list. */
const macsOf = (k: Kernel): readonly Uint8Array[] =>
  interfaces(k).map((ifp) => {
    const bytes = ifp.if_lladdr.peek()?.ifa_addr.peek()?.sa_bytes.peek() ?? new Uint8Array(SDL_DATA);
    return Arpcom.of(k, ifp).ac_enaddr.peek().slice(0, bytes[6] ?? 0);
  });

function* mac({ k, macs }: World, minlen: number): Routine<void> {
  const node = new Uint8Array(MAC_ROOM);
  const before = macsOf(k);
  const error = yield* if_getanyethermac(k, node, minlen);
  macs.push({ minlen, error, node, lists: [before, macsOf(k)] });
}
const MAC_ROOM = 8;

class AskMsg extends NetmsgBase {
  readonly world: World;
  readonly ask: Ask;

  constructor(world: World, op: Ask) {
    super(world.k, `question ${op.fn} ${op.addr}`);
    this.world = world;
    this.ask = op;
  }
}

function* ask(world: World, cpu: number, op: Ask): Routine<void> {
  const { k } = world;
  const msg = new AskMsg(world, op);
  netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, answer);
  yield* lwkt_sendmsg(k, netisr_cpuport(k, cpu), msg);
}

/** The handler: looks up, and writes down what there was to find. */
function* answer(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof AskMsg)) return misuse("no-question", nmsg.label);
  const { world, ask: { fn, addr, iface } } = nmsg;
  const cpu = mycpuid(k);
  const { ifnet_array } = k.net;
  const before = ifnet_array.peek();
  const own = yield* ifnet_array_get(k);
  const on = own.ifnet_arr[iface % Math.max(own.ifnet_count.fixed, 1)]?.fixed ?? null;
  const sa = new Sockaddr(k, "addr", bytesOf(addr));
  let found: Ifaddr | null;
  if (fn === "ifa_ifwithaddr") found = yield* ifa_ifwithaddr(k, sa);
  else if (fn === "ifa_ifwithdstaddr") found = yield* ifa_ifwithdstaddr(k, sa);
  else if (fn === "ifa_ifwithnet") found = yield* ifa_ifwithnet(k, sa);
  else if (on === null) return;
  else found = yield* ifaof_ifpforaddr(k, sa, on);
  // The handler has not blocked: this CPU's lists are as they were.
  const arrays = [...new Set([before, own, ifnet_array.peek()])];
  world.lookups.push({
    cpu,
    fn,
    addr: bytesOf(addr),
    on: on === null ? null : (tableOf([on], cpu)[0] ?? null),
    tables: arrays.map((arr) => tableOf(interfacesIn(arr), cpu)),
    found,
    amidChain: isAmidChain(interfacesIn(before)),
  });
}
