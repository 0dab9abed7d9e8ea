/** Read-only views of addresses and routes for properties: what the structures say, without points and without checks. */
import type { Kernel } from "../../kernel.ts";
import type { Rtentry } from "../route/rtentry.ts";
import { IFA_CONTAINER_MAGIC, Ifaddr, IfaddrContainers, type IfaddrContainer } from "./ifaddr.ts";
import { IfaddrheadBlock, type Ifaddrhead } from "./ifaddrhead.ts";

/** What is allocated. */
export interface Addresses {
  /** The lists of every interface that has them. */
  readonly heads: readonly IfaddrheadBlock[];
  readonly ifas: readonly Ifaddr[];
  readonly containers: readonly IfaddrContainers[];
}

/** Every address there is, and every list. Cost: linear in what is allocated. */
export function addressesOf(k: Kernel): Addresses {
  const heads: IfaddrheadBlock[] = [];
  const ifas: Ifaddr[] = [];
  const containers: IfaddrContainers[] = [];
  for (const struct of k.ledger.live.keys()) {
    if (struct instanceof IfaddrheadBlock) heads.push(struct);
    else if (struct instanceof Ifaddr) ifas.push(struct);
    else if (struct instanceof IfaddrContainers) containers.push(struct);
  }
  return { heads, ifas, containers };
}

/** The addresses on a list, in order, without markers. */
export function addressesOn(head: Ifaddrhead): readonly IfaddrContainer[] {
  const all: IfaddrContainer[] = [];
  for (let ifac = head.tqh_first.peek(); ifac !== null; ifac = ifac.ifa_link_next.peek()) {
    if (ifac.ifa_magic.peek() === IFA_CONTAINER_MAGIC) all.push(ifac);
  }
  return all;
}

/** The routes of all tables. */
export function routesOf(k: Kernel): readonly Rtentry[] {
  return k.net.rt_tables.flatMap((tables) => tables.flatMap((rnh) => rnh?.routes.map(({ rt }) => rt) ?? []));
}
