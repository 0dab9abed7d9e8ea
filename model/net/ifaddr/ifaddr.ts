/**
 * `struct ifaddr`, its per-CPU containers, and markers.
 *
 * Mirrors: sys/net/if_var.h `struct ifaddr`, `struct ifaddr_container`, `struct ifaddr_marker`.
 * Left out: statistics of an address (`if_data`, `ifa_ipackets` and its like), what a protocol keeps in a container.
 *
 * An address is one allocation; its containers, one per CPU, are another. A container carries the CPU's references
 * and its place on the CPU's list of the interface's addresses. The containers die with the address, when the last
 * of them has lost its last reference.
 */
import {
  Struct,
  atomic,
  cpuThreads,
  frozen,
  perCpu,
  type Atomic,
  type CpuThreads,
  type Frozen,
  type Grave,
  type PerCpu,
  type Processor,
  type Step,
} from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";
import type { Ifnet } from "../if_var.ts";
import type { Rtentry } from "../route/rtentry.ts";
import { SOCKADDR_SIZE, Sockaddr } from "../sockaddr.ts";

/** `sizeof(struct ifaddr)`: what an address takes before its sockaddrs. */
export const IFADDR_SIZE = 112;

/** The container is in use. */
export const IFA_CONTAINER_MAGIC = 0x19810219;
/** The container has lost its last reference. */
export const IFA_CONTAINER_DEAD = 0xc0dedead;

/** On `if_addrheads[cpu]`. */
export const IFA_LIST_IFADDRHEAD = 0x01;

/** `ifa_rtrequest`: told of a route that uses the address. */
export type IfaRtrequest = (k: Kernel, cmd: number, rt: Rtentry) => Step<void>;
/** `ifa_claim_addr`: does the address answer for another one? */
export type IfaClaimAddr = (k: Kernel, ifa: Ifaddr, addr: Sockaddr) => boolean;

/** `struct ifaddr_container`: what one CPU keeps about an address. */
export class IfaddrContainer extends Struct {
  readonly ifa: Frozen<Ifaddr>;
  readonly ifa_magic: PerCpu<number>;
  /** References taken on this CPU, and dropped on it. */
  readonly ifa_refcnt: PerCpu<number>;
  /** `IFA_LIST_*`. */
  readonly ifa_listmask: PerCpu<number>;
  /** Flags of the protocol. */
  readonly ifa_prflags: PerCpu<number>;
  /** `ifa_link`: neighbours on `if_addrheads[cpu]`. */
  readonly ifa_link_next: CpuThreads<IfaddrContainer | null>;
  readonly ifa_link_prev: CpuThreads<IfaddrContainer | null>;

  constructor(label: string, ifa: Ifaddr, cpu: Processor, magic: number, refcnt: number) {
    super(ifa.x, label);
    this.ifa = frozen(this, ifa);
    this.ifa.publish();
    this.ifa_magic = perCpu(this, cpu, magic);
    this.ifa_refcnt = perCpu(this, cpu, refcnt);
    this.ifa_listmask = perCpu(this, cpu, 0);
    this.ifa_prflags = perCpu(this, cpu, 0);
    this.ifa_link_next = cpuThreads<IfaddrContainer | null>(this, cpu, null);
    this.ifa_link_prev = cpuThreads<IfaddrContainer | null>(this, cpu, null);
  }
}

/** The allocation behind `ifa_containers`, each as `ifa_create` leaves it: in use, with one reference. */
export class IfaddrContainers extends Struct {
  readonly containers: readonly IfaddrContainer[];

  constructor(ifa: Ifaddr) {
    super(ifa.x, `${ifa.label} containers`);
    this.containers = ifa.x.cpus.map(
      (cpu) => new IfaddrContainer(`${ifa.label} on ${cpu.id}`, ifa, cpu, IFA_CONTAINER_MAGIC, 1),
    );
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const ifac of this.containers) ifac.bury(grave);
  }
}

/**
 * `struct ifaddr`: an address of an interface. `ifa_broadaddr` is {@link ifa_dstaddr} under another name. What is
 * frozen is written by who creates the address, before it is linked; the bytes of a sockaddr may change later.
 */
export class Ifaddr extends Struct {
  readonly ifa_addr: Frozen<Sockaddr | null>;
  readonly ifa_dstaddr: Frozen<Sockaddr | null>;
  readonly ifa_netmask: Frozen<Sockaddr | null>;
  readonly ifa_ifp: Frozen<Ifnet | null>;
  readonly ifa_containers: Frozen<IfaddrContainers | null>;
  readonly ifa_rtrequest: Frozen<IfaRtrequest | null>;
  readonly ifa_claim_addr: Frozen<IfaClaimAddr | null>;
  /** Flags of routes that use the address. */
  readonly ifa_flags: Frozen<number>;
  readonly ifa_metric: Frozen<number>;
  /** Containers that are in use. */
  readonly ifa_ncnt: Atomic<number>;
  /** Sockaddrs in the same allocation, behind the struct: they die with it. */
  behind: readonly Sockaddr[] = [];

  /** `ncnt`: the containers it will have. */
  constructor(k: Kernel, label: string, ncnt: number) {
    super(k.x, label);
    this.ifa_addr = frozen<Sockaddr | null>(this, null);
    this.ifa_dstaddr = frozen<Sockaddr | null>(this, null);
    this.ifa_netmask = frozen<Sockaddr | null>(this, null);
    this.ifa_ifp = frozen<Ifnet | null>(this, null);
    this.ifa_containers = frozen<IfaddrContainers | null>(this, null);
    this.ifa_rtrequest = frozen<IfaRtrequest | null>(this, null);
    this.ifa_claim_addr = frozen<IfaClaimAddr | null>(this, null);
    this.ifa_flags = frozen(this, 0);
    this.ifa_metric = frozen(this, 0);
    this.ifa_ncnt = atomic(this, ncnt);
  }

  /** The address is linked: nothing frozen changes any more. */
  publish(): void {
    this.ifa_addr.publish();
    this.ifa_dstaddr.publish();
    this.ifa_netmask.publish();
    this.ifa_ifp.publish();
    this.ifa_containers.publish();
    this.ifa_rtrequest.publish();
    this.ifa_claim_addr.publish();
    this.ifa_flags.publish();
    this.ifa_metric.publish();
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const sa of this.behind) sa.bury(grave);
  }
}

/** `struct ifaddr_marker`: an entry that walkers of a list ignore, on the stack of who walks and blocks. */
export class IfaddrMarker {
  readonly ifa: Ifaddr;
  readonly ifac: IfaddrContainer;
  readonly addr: Sockaddr;
  readonly dstaddr: Sockaddr;
  readonly netmask: Sockaddr;

  constructor(k: Kernel, label: string, cpu: Processor) {
    this.ifa = new Ifaddr(k, label, 0);
    this.ifac = new IfaddrContainer(label, this.ifa, cpu, 0, 0);
    this.addr = new Sockaddr(k, `${label} addr`, new Uint8Array(SOCKADDR_SIZE));
    this.dstaddr = new Sockaddr(k, `${label} dstaddr`, new Uint8Array(SOCKADDR_SIZE));
    this.netmask = new Sockaddr(k, `${label} netmask`, new Uint8Array(SOCKADDR_SIZE));
  }

  /** The routine whose stack it is on returns: nobody may touch it from now on. */
  leaveFrame(): void {
    const facts = [["freed", "the routine that walked the list has returned"]] as const;
    const grave: Grave = { label: this.ifa.label, facts };
    for (const part of [this.ifa, this.ifac, this.addr, this.dstaddr, this.netmask]) part.bury(grave);
  }
}
