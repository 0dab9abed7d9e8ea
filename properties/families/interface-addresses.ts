/**
 * Interface addresses: on every CPU's list or on none, referenced or gone, and nothing of an interface that is gone. That
 * nobody touches what was freed is checked by the memory itself.
 */
import {
  IFA_CONTAINER_MAGIC,
  IFA_LIST_IFADDRHEAD,
  addressesOf,
  addressesOn,
  interfaces,
  routesOf,
  type IfaddrContainer,
} from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import type { Always, Broken, Eventually, Sometimes } from "../property.ts";

/** Evaluates whenever a chain over the ifnet threads is done, and none is under way. */
const watchChains = ({ k }: World, evaluate: () => void): void => {
  (k.net.ifaChains.watchers ??= []).push(evaluate);
};

const namesOf = (list: readonly IfaddrContainer[]): string =>
  list.map((ifac) => ifac.ifa.peek().label).join(", ");

/** Every address of an interface is on the list of every CPU, in the same order, or on none. */
const onAllListsOrNone: Always = {
  kind: "always",
  name: "addresses-on-all-lists-or-none",
  promise: "An address is on the list of every CPU, at the same place, or on none, once it was linked or unlinked.",
  watch: watchChains,
  holds({ k }) {
    if (k.net.ifaChains.underWay > 0) return null;
    for (const { heads, label } of addressesOf(k).heads) {
      const [first = "", ...rest] = heads.map((head) => namesOf(addressesOn(head)));
      const cpu = rest.findIndex((names) => names !== first);
      if (cpu < 0) continue;
      return [
        ["list", label],
        ["on cpu 0", first],
        [`on cpu ${String(cpu + 1)}`, rest[cpu] ?? ""],
      ];
    }
    return null;
  },
};

/** `ifa_listmask` says whether a container is on its list. */
const listmaskAgrees: Always = {
  kind: "always",
  name: "ifa-listmask-agrees",
  promise: "ifa_listmask says of a container whether it is on the list of its CPU.",
  watch: watchChains,
  holds({ k }) {
    if (k.net.ifaChains.underWay > 0) return null;
    const { heads, containers } = addressesOf(k);
    const listed = new Set(heads.flatMap((block) => block.heads.flatMap((head) => addressesOn(head))));
    for (const ifac of containers.flatMap((block) => block.containers)) {
      const says = (ifac.ifa_listmask.peek() & IFA_LIST_IFADDRHEAD) !== 0;
      if (says === listed.has(ifac)) continue;
      return [
        ["container", ifac.label],
        ["ifa_listmask", says ? "on the list" : "off the list"],
        ["expected", says ? "off the list" : "on the list"],
      ];
    }
    return null;
  },
};

/** What is wrong with the references of an address; null when nothing is. */
function brokenContainers({ k }: World): Broken {
  const { ifas } = addressesOf(k);
  for (const ifa of ifas) {
    const containers = ifa.ifa_containers.peek()?.containers;
    if (containers === undefined) continue; // being made
    const used = containers.filter((ifac) => ifac.ifa_magic.peek() === IFA_CONTAINER_MAGIC);
    const ncnt = ifa.ifa_ncnt.peek();
    const unheld = used.filter((ifac) => ifac.ifa_refcnt.peek() <= 0);
    if (ncnt >= used.length && ncnt > 0 && unheld.length === 0) continue;
    return [
      ["address", ifa.label],
      ["ifa_ncnt", String(ncnt)],
      ["containers in use", String(used.length)],
      ["of them without a reference", String(unheld.length)],
    ];
  }
  return null;
}

/** The memory of an address is there as long as a container of it is in use, and no longer. */
const memoryIsItsContainers: Always = {
  kind: "always",
  name: "address-lives-with-its-containers",
  promise: "An address is allocated exactly as long as some CPU has a reference on it.",
  watch: watchChains,
  holds: brokenContainers,
};

/** Once the system is quiet, no address, no route and no group leads to an interface that was detached. */
const nothingLeadsToTheDetached: Eventually = {
  kind: "eventually",
  name: "nothing-leads-to-a-detached-interface",
  promise: "Once the system is quiet, every address, every route and every member of a group belongs to an interface that is there.",
  holds({ k }) {
    const there = new Set<unknown>(interfaces(k));
    for (const rt of routesOf(k)) {
      if (!there.has(rt.rt_ifp.peek())) return [["route", rt.label], ["over", String(rt.rt_ifp.peek()?.label)]];
    }
    for (const ifa of addressesOf(k).ifas) {
      if (!there.has(ifa.ifa_ifp.peek())) return [["address", ifa.label], ["of", String(ifa.ifa_ifp.peek()?.label)]];
    }
    for (const group of k.net.ifg_head.peek()) {
      const gone = group.ifg_members.peek().find(({ ifgm_ifp }) => !there.has(ifgm_ifp.peek()));
      if (gone !== undefined) return [["ifg_members of", group.label], ["has", gone.ifgm_ifp.peek().label]];
    }
    return null;
  },
};

/** Does a route of this kernel use an address that is on no list any more? */
function routeOutlivesAddress({ k }: World): boolean {
  return routesOf(k).some((rt) => {
    const containers = rt.rt_ifa.peek()?.ifa_containers.peek()?.containers ?? [];
    return containers.length > 0 && containers.every((ifac) => ifac.ifa_listmask.peek() === 0);
  });
}

/** Some address is off all lists and still there, since a route holds it. */
const routesHoldAddresses: Sometimes = {
  kind: "sometimes",
  name: "address-held-over-its-unlink",
  promise: "Some route still holds an address that is on no list any more.",
  scenarios: ["addresses-come-and-go"],
  watch(world, reached) {
    watchChains(world, () => {
      if (routeOutlivesAddress(world)) reached();
    });
  },
};

/** The family. */
export const INTERFACE_ADDRESSES = [
  onAllListsOrNone,
  listmaskAgrees,
  memoryIsItsContainers,
  nothingLeadsToTheDetached,
  routesHoldAddresses,
] as const;
