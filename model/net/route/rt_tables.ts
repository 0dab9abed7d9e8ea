/**
 * Routing tables, one per CPU and family.
 *
 * Mirrors, as an environment: sys/net/route.c `rt_tables`, `rtrequest` for `RTM_ADD` and `RTM_DELETE`, `rtfree`,
 * `rt_domsg_global`; sys/net/radix.c `rnh_walktree`.
 *
 * Contract: a table is a list in the order of the keys' bytes, as the radix tree has its leaves, and finds a route by
 * its key and mask alone. Tables of different CPUs share nothing: a route is added to each of them by that CPU's
 * netisr, and holds a reference of that CPU on its address. A walk goes on from the successor it noted before it called:
 * the route it calls for may be deleted. Left out: lookups for packets, routes that are cloned from others,
 * changes, reports of a lookup that failed.
 */
import { Struct, type Routine } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import { mycpu, mycpuid } from "../../kern/globaldata.ts";
import { kfree, kmallocNowait } from "../../kern/kern_slaballoc.ts";
import { lwkt_domsg } from "../../kern/lwkt_msgport.ts";
import { crit_enter, crit_exit } from "../../kern/thread2.ts";
import { EEXIST, ENOBUFS, ESRCH } from "../../sys/errno.ts";
import { M_NOWAIT, M_RTABLE, M_ZERO } from "../../sys/malloc.ts";
import { ASSERT_CANDOMSG_NETISR0 } from "../if_flags.ts";
import type { Ifaddr } from "../ifaddr/ifaddr.ts";
import { IFAFREE, IFAREF } from "../ifaddr/ifa_ref.ts";
import { netisr_cpuport } from "../netisr.ts";
import type { NetmsgBase } from "../netmsg.ts";
import { AF_INET, AF_INET6, AF_MAX, hexOf, loadSockaddr, saFamily, type Sockaddr } from "../sockaddr.ts";
import { RTF_UP, RTM_ADD, RTM_DELETE, Rtentry, type RouteSpec } from "./rtentry.ts";

/** Called for each route of a walk; the errno that ends it. */
export type WalkFn<T> = (k: Kernel, rt: Rtentry, arg: T) => Routine<number>;

/** `struct radix_node_head`: the table of one family on one CPU. */
export class RadixNodeHead extends Struct {
  /** By the bytes of their keys and masks. */
  readonly routes: { readonly key: string; readonly rt: Rtentry }[] = [];

  /**
   * Calls for every route; the errno that ended the walk.
   * Context: netisr of the CPU. Holds: nothing. Blocks: as `f` does.
   */
  *rnh_walktree<T>(k: Kernel, f: WalkFn<T>, arg: T): Routine<number> {
    let next = this.routes[0];
    while (next !== undefined) {
      const here = next;
      next = this.#after(here.key);
      const error = yield* f(k, here.rt, arg);
      if (error !== 0) return error;
    }
    return 0;
  }

  #after(key: string): { readonly key: string; readonly rt: Rtentry } | undefined {
    return this.routes.find((other) => other.key > key);
  }

  find(key: string): Rtentry | null {
    return this.routes.find((other) => other.key === key)?.rt ?? null;
  }

  insert(key: string, rt: Rtentry): void {
    const at = this.routes.findIndex((other) => other.key > key);
    this.routes.splice(at < 0 ? this.routes.length : at, 0, { key, rt });
  }

  remove(key: string): void {
    const at = this.routes.findIndex((other) => other.key === key);
    if (at >= 0) this.routes.splice(at, 1);
  }
}

/** `rt_tables`: by CPU, then by family; null where a family has no routes. */
export type RtTables = readonly (readonly (RadixNodeHead | null)[])[];

/** The tables of a kernel with INET and INET6. */
export function makeRtTables(k: Kernel): RtTables {
  const table = (af: number, cpu: number): RadixNodeHead | null =>
    af === AF_INET || af === AF_INET6 ? new RadixNodeHead(k.x, `rt_tables ${cpu} ${af}`) : null;
  return k.x.cpus.map(({ id }) => Array.from({ length: AF_MAX + 1 }, (_, af) => table(af, id)));
}

/** What a route is found by. */
function* keyOf(k: Kernel, dst: Sockaddr, mask: Sockaddr | null): Routine<string> {
  const bytes = yield* loadSockaddr(k, dst);
  return `${hexOf(bytes)} ${mask === null ? "" : hexOf(yield* loadSockaddr(k, mask))}`;
}

/**
 * Adds a route over an address to this CPU's table, or deletes one; errno. A route that is deleted drops its
 * reference on the address, and is freed.
 * Context: netisr of the CPU.
 * Holds: for `RTM_ADD` what keeps the address on this CPU.
 * Blocks: no.
 */
export function* rtrequest(
  k: Kernel,
  cmd: typeof RTM_ADD | typeof RTM_DELETE,
  route: RouteSpec,
  ifa: Ifaddr | null,
): Routine<number> {
  const rnh = k.net.rt_tables[mycpuid(k)]?.[yield* saFamily(k, route.key)] ?? null;
  if (rnh === null) return ESRCH;
  yield* crit_enter(k);
  const key = yield* keyOf(k, route.key, route.mask);
  const error = cmd === RTM_ADD ? yield* add(k, rnh, key, route, ifa) : yield* remove(k, rnh, key);
  yield* crit_exit(k);
  return error;
}

function* add(
  k: Kernel,
  rnh: RadixNodeHead,
  key: string,
  route: RouteSpec,
  ifa: Ifaddr | null,
): Routine<number> {
  if (ifa === null) return ESRCH;
  if (rnh.find(key) !== null) return EEXIST;
  const rt = kmallocNowait(k, M_RTABLE, M_NOWAIT | M_ZERO, () => new Rtentry(k, mycpu(k).cpu, route));
  if (rt === null) return ENOBUFS;
  rt.rt_flags.here |= RTF_UP;
  yield* IFAREF(k, ifa);
  rt.rt_ifa.here = ifa;
  rt.rt_ifp.here = ifa.ifa_ifp.fixed;
  rnh.insert(key, rt);
  const told = ifa.ifa_rtrequest.fixed;
  if (told !== null) yield* told(k, RTM_ADD, rt);
  return 0;
}

function* remove(k: Kernel, rnh: RadixNodeHead, key: string): Routine<number> {
  const rt = rnh.find(key);
  if (rt === null) return ESRCH;
  rnh.remove(key);
  rt.rt_flags.here &= ~RTF_UP;
  const ifa = rt.rt_ifa.here;
  const told = ifa?.ifa_rtrequest.fixed ?? null;
  if (told !== null) yield* told(k, RTM_DELETE, rt);
  if (ifa !== null) yield* IFAFREE(k, ifa);
  yield* kfree(k, rt, M_RTABLE);
  return 0;
}

/**
 * Has every netisr handle a message that its handler forwards from CPU 0 to the last; errno.
 * Context: thread; of the netisrs only 0.
 * Holds: nothing a netisr needs.
 * Blocks: yes, for every netisr.
 */
export function* rt_domsg_global(k: Kernel, nmsg: NetmsgBase): Routine<number> {
  ASSERT_CANDOMSG_NETISR0(k);
  return yield* lwkt_domsg(k, netisr_cpuport(k, 0), nmsg, 0);
}
