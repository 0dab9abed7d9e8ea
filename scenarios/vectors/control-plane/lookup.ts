/**
 * Recorded lookups: interfaces with addresses, and queries for an address.
 *
 * The interfaces are made as the recording made them, by hand: at their indices, holes between them, in the array of
 * interfaces in the order given, their addresses on the list of CPU 0, the first AF_LINK one `if_lladdr`. A query is
 * a call by the netisr of that CPU. An address may be null where the C has a pointer: then the pointer is.
 */
import {
  AF_LINK,
  IFADDR_SIZE,
  IFT_ETHER,
  IfaddrheadBlock,
  Ifindex2ifnet,
  Ifnet,
  IfnetArray,
  M_WAITOK,
  Sockaddr,
  bytesOf,
  ifa_create,
  ifa_ifwithaddr,
  ifa_ifwithdstaddr,
  ifa_ifwithnet,
  ifaddrInsertTail,
  ifaof_ifpforaddr,
  ifnet_lock,
  ifnet_unlock,
  myAddrhead,
  myContainer,
  deref,
  type Ifaddr,
  type Kernel,
} from "../../../model/index.ts";
import type { Routine, Step } from "../../../sim/index.ts";
import { CalledKernel } from "../called-kernel.ts";
import { Fields, Unreadable, array, integer, shown } from "../reader.ts";
import { upToFault, type ControlPlaneSequence, type RecordedStep, type SequenceMachine } from "./sequence.ts";

/** One address of an interface, in hexadecimal. */
interface AddressRow {
  readonly addr: string | null;
  readonly dst: string | null;
  readonly mask: string | null;
}

interface InterfaceRow {
  readonly index: number;
  readonly flags: number;
  readonly addrs: readonly AddressRow[];
}

/** The kernel's routines. A test puts a wrong one in to see that it is noticed. */
export interface LookupRoutines {
  readonly ifa_ifwithaddr: (k: Kernel, addr: Sockaddr) => Step<Ifaddr | null>;
  readonly ifa_ifwithdstaddr: (k: Kernel, addr: Sockaddr) => Step<Ifaddr | null>;
  readonly ifa_ifwithnet: (k: Kernel, addr: Sockaddr) => Step<Ifaddr | null>;
  readonly ifaof_ifpforaddr: (k: Kernel, addr: Sockaddr, ifp: Ifnet) => Step<Ifaddr | null>;
}

/** The model's own. */
export const LOOKUP_ROUTINES: LookupRoutines = {
  ifa_ifwithaddr,
  ifa_ifwithdstaddr,
  ifa_ifwithnet,
  ifaof_ifpforaddr,
};

interface Query {
  readonly fn: keyof LookupRoutines;
  readonly addr: string;
  /** Index of the interface, for `ifaof_ifpforaddr`. */
  readonly ifp: number | null;
}

const INDEX_MAX = 0xffff;
const FLAGS_MAX = 0x7fff_ffff;

/** Reads one line. Throws `Unreadable`. */
export function readLookup(line: Fields, routines: LookupRoutines = LOOKUP_ROUTINES): ControlPlaneSequence {
  const { where } = line;
  const interfaces = line
    .array("interfaces")
    .map((row, i) => readInterface(new Fields(row, `${where}: interface ${i}`)));
  const queries = line.array("queries").map((row, i) => readQuery(new Fields(row, `${where}: query ${i}`)));
  const results = line.array("results").map((result, i) => readResult(result, `${where}: result ${i}`));
  const enough = results.includes(null) ? results.length <= queries.length : results.length === queries.length;
  if (!enough) throw new Unreadable(where, `${queries.length} queries but ${results.length} results`);
  const all = results.map((expected, i): RecordedStep<Query> => ({ op: queries[i] as Query, expected }));
  const steps = upToFault(all, where);
  return { steps, boot: () => new LookupMachine(interfaces, steps, routines) };
}

function readInterface(fields: Fields): InterfaceRow {
  return {
    index: fields.integer("index", 1, INDEX_MAX),
    flags: fields.integer("flags", 0, FLAGS_MAX),
    addrs: fields.array("addrs").map((value, i): AddressRow => {
      const row = new Fields(value, `${fields.where}: address ${i}`);
      return { addr: hexOrNull(row, "addr"), dst: hexOrNull(row, "dst"), mask: hexOrNull(row, "mask") };
    }),
  };
}

function readQuery(fields: Fields): Query {
  const fn = fields.text("fn");
  if (!isRoutine(fn)) throw new Unreadable(fields.where, `unknown function ${shown(fn)}`);
  const ifp = fn === "ifaof_ifpforaddr" ? fields.integer("ifp", 0, INDEX_MAX) : null;
  return { fn, addr: hexText(fields, "addr"), ifp };
}

const isRoutine = (name: string): name is keyof LookupRoutines => Object.hasOwn(LOOKUP_ROUTINES, name);

const hexOrNull = (fields: Fields, name: string): string | null =>
  fields.get(name) === null ? null : hexText(fields, name);

/** The bytes of a sockaddr, two digits each. */
function hexText(fields: Fields, name: string): string {
  const text = fields.text(name);
  if (!/^(?:[0-9a-f]{2})*$/i.test(text))
    throw new Unreadable(fields.where, `"${name}" must be bytes in hexadecimal, not ${shown(text)}`);
  return text;
}

/** The state of a step; null: a fault. */
function readResult(value: unknown, where: string): object | null {
  if (value === "fault") return null;
  if (value === null) return { result: null };
  const [index, position, ...more] = array(value, where);
  if (more.length > 0) throw new Unreadable(where, "two numbers are needed");
  return { result: [integer(index, where, 0, INDEX_MAX), integer(position, where, 0, FLAGS_MAX)] };
}

/** The interfaces of a line, and who asks. */
class LookupMachine implements SequenceMachine {
  readonly #kernel: CalledKernel;
  readonly #steps: readonly RecordedStep<Query>[];
  readonly #routines: LookupRoutines;
  readonly #ifnets = new Map<number, Ifnet>();
  readonly #places = new Map<Ifaddr, readonly [index: number, position: number]>();

  constructor(interfaces: readonly InterfaceRow[], steps: readonly RecordedStep<Query>[], routines: LookupRoutines) {
    this.#kernel = new CalledKernel({ ncpus: 1 });
    this.#steps = steps;
    this.#routines = routines;
    this.#kernel.call(this.#kernel.thread(0, false), () => this.#make(interfaces));
  }

  perform(index: number): object {
    const { op } = this.#steps[index] as RecordedStep<Query>; // asked for steps only
    const { k } = this.#kernel;
    const addr = new Sockaddr(k, "addr", bytesOf(op.addr));
    const found = this.#kernel.call(this.#kernel.thread(0, true), () => this.#ask(k, op, addr));
    return { result: found === null ? null : this.#places.get(found) };
  }

  #ask(k: Kernel, { fn, ifp }: Query, addr: Sockaddr): Step<Ifaddr | null> {
    if (fn !== "ifaof_ifpforaddr") return this.#routines[fn](k, addr);
    return this.#routines.ifaof_ifpforaddr(k, addr, deref(k, this.#ifnets.get(ifp ?? 0) ?? null, "ifp"));
  }

  /** The interfaces, in the list of CPU 0, the array and the index table. */
  *#make(interfaces: readonly InterfaceRow[]): Routine<void> {
    const { k } = this.#kernel;
    const highest = Math.max(0, ...interfaces.map(({ index }) => index));
    yield* ifnet_lock(k);
    const table = new Ifindex2ifnet(k, "ifindex2ifnet", highest + 1);
    const arr = new IfnetArray(k, "ifnet_array", interfaces.length);
    for (const [i, row] of interfaces.entries()) {
      const ifp = yield* this.#interface(row);
      this.#ifnets.set(row.index, ifp);
      (arr.ifnet_arr[i] as (typeof arr.ifnet_arr)[number]).fixed = ifp; // as long as the rows
      yield* (table.slots[row.index] as (typeof table.slots)[number]).store(ifp); // as long as the highest index
    }
    yield* k.net.ifindex2ifnet.store(table);
    yield* k.net.if_index.store(highest);
    yield* k.net.ifnet_array.store(arr);
    yield* ifnet_unlock(k);
  }

  *#interface({ index, flags, addrs }: InterfaceRow): Routine<Ifnet> {
    const { k } = this.#kernel;
    const ifp = new Ifnet(k, IFT_ETHER, `if${index}`);
    ifp.if_index.fixed = index;
    ifp.if_addrheads.fixed = new IfaddrheadBlock(k, `${ifp.label} if_addrheads`);
    yield* ifp.if_flags.store(flags);
    for (const [position, row] of addrs.entries()) {
      const ifa = yield* this.#address(row, ifp);
      this.#places.set(ifa, [index, position]);
      ifaddrInsertTail(myAddrhead(k, ifp), myContainer(k, ifa));
      const isLink = row.addr !== null && bytesOf(row.addr)[1] === AF_LINK;
      if (isLink && (yield* ifp.if_lladdr.load()) === null) yield* ifp.if_lladdr.store(ifa);
    }
    return ifp;
  }

  *#address({ addr, dst, mask }: AddressRow, ifp: Ifnet): Routine<Ifaddr> {
    const { k } = this.#kernel;
    const ifa = deref(k, yield* ifa_create(k, IFADDR_SIZE, M_WAITOK, `${ifp.label} address`), "ifa");
    const memory = (hex: string | null, of: string): Sockaddr | null =>
      hex === null ? null : new Sockaddr(k, `${ifa.label}'s ${of}`, bytesOf(hex));
    ifa.ifa_addr.fixed = memory(addr, "ifa_addr");
    ifa.ifa_dstaddr.fixed = memory(dst, "ifa_dstaddr");
    ifa.ifa_netmask.fixed = memory(mask, "ifa_netmask");
    ifa.ifa_ifp.fixed = ifp;
    return ifa;
  }
}
