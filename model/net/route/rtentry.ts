/**
 * `struct rtentry`: a route, as one CPU knows it.
 *
 * Mirrors: sys/net/route.h `struct rtentry`, `RTF_UP`, `RTM_*`.
 * Left out: metrics, clones and their parents, the node of the radix tree (the table keeps routes in order), and
 * what protocols hang on a route.
 */
import { Struct, cpuThreads, type CpuThreads, type Processor } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { Ifnet } from "../if_var.ts";
import type { Ifaddr } from "../ifaddr/ifaddr.ts";
import type { Sockaddr } from "../sockaddr.ts";

/** The route is usable. */
export const RTF_UP = 0x1;

export const RTM_ADD = 0x1;
export const RTM_DELETE = 0x2;

/** A route of one CPU's table; only threads of that CPU touch it. */
export class Rtentry extends Struct {
  /** `rt_key(rt)`. */
  readonly rt_key: Sockaddr;
  /** `rt_mask(rt)`; null for a host. */
  readonly rt_mask: Sockaddr | null;
  readonly rt_gateway: Sockaddr | null;
  readonly rt_flags: CpuThreads<number>;
  /** The interface it leads to. */
  readonly rt_ifp: CpuThreads<Ifnet | null>;
  /** The address it uses; the route holds a reference of this CPU on it. */
  readonly rt_ifa: CpuThreads<Ifaddr | null>;
  readonly rt_refcnt: CpuThreads<number>;

  constructor(k: Kernel, cpu: Processor, route: RouteSpec) {
    super(k.x, `${route.key.label} on ${String(cpu.id)}`);
    this.rt_key = route.key;
    this.rt_mask = route.mask;
    this.rt_gateway = route.gateway;
    this.rt_flags = cpuThreads(this, cpu, route.flags);
    this.rt_ifp = cpuThreads<Ifnet | null>(this, cpu, null);
    this.rt_ifa = cpuThreads<Ifaddr | null>(this, cpu, null);
    this.rt_refcnt = cpuThreads(this, cpu, 0);
  }
}

/** What a route says: destination, mask, gateway and flags. */
export interface RouteSpec {
  readonly key: Sockaddr;
  readonly mask: Sockaddr | null;
  readonly gateway: Sockaddr | null;
  readonly flags: number;
}
