/** Memberships, modes and groups: filters, flags and lists say what the counts and the users say. */
import { AF_LINK, IFF_ALLMULTI, IFF_PROMISC, IFF_RUNNING, hexOf, interfaces, type Device, type Ifnet } from "../../model/index.ts";
import { multiLog, type IoctlRecord, type World } from "../../scenarios/index.ts";
import type { Always, Eventually } from "../property.ts";
import { watchLock } from "../view.ts";

/** `LLADDR` of an AF_LINK sockaddr without a name: where it begins, and its length. */
const LLADDR = 8;
const ALEN = 6;

const attached = (world: World): readonly Device[] => world.devices.filter((device) => !world.detached.has(device));

/** Link-level groups that the interface has joined. */
function linkGroups({ if_multiaddrs }: Ifnet): readonly string[] {
  const groups: string[] = [];
  for (const ifma of if_multiaddrs.peek()) {
    const bytes = ifma.ifma_addr.peek().sa_bytes.peek();
    if (bytes[1] === AF_LINK) groups.push(hexOf(bytes.subarray(LLADDR, LLADDR + (bytes[ALEN] ?? 0))));
  }
  return groups;
}

const sorted = (names: readonly string[]): string => [...names].sort().join(" ");

/** A running card that refused nothing receives what the interface has joined, whenever its serializer is free. */
const filterIsMemberships: Always = {
  kind: "always",
  name: "filter-equals-memberships",
  promise: "The filter of a running card has the link-level groups that are on the membership list, whenever the serializers are free.",
  watch(world, evaluate) {
    for (const { mainSerializer } of world.devices) watchLock(mainSerializer, evaluate);
  },
  holds(world) {
    if (multiLog(world).cardRefused) return null;
    for (const { ifp, filter, mainSerializer } of attached(world)) {
      if (mainSerializer.owner !== null || (ifp.if_flags.peek() & IFF_RUNNING) === 0) continue;
      const list = sorted(linkGroups(ifp));
      const card = sorted(filter.groups.peek());
      if (list !== card) return [["at", ifp.label], ["if_multiaddrs", list], ["filter", card]];
    }
    return null;
  },
};

/** What a user has joined by a request is not left when it ends. */
const joined = ({ call: { cmd }, error }: IoctlRecord): boolean => cmd === "SIOCADDMULTI" && error === 0;

/** Who has joined can leave, and when all have left nothing is left. */
const membershipsEnd: Eventually = {
  kind: "eventually",
  name: "memberships-end-with-their-users",
  promise: "Who has joined can leave, and once everybody has left no membership and no group is left.",
  holds(world) {
    const { refused, groupsStay } = multiLog(world);
    if (refused.length > 0) return [["told that there was nothing to leave", refused.join(", ")]];
    if (world.ioctls.some(joined)) return null;
    for (const { ifp } of attached(world)) {
      const [first] = ifp.if_multiaddrs.peek();
      if (first !== undefined) return [["at", ifp.label], ["still in if_multiaddrs", first.label]];
    }
    const [group] = world.k.net.ifg_head.peek();
    if (group !== undefined && world.detached.size === 0 && !groupsStay) return [["still in ifg_head", group.label]];
    return null;
  },
};

/** The modes of an interface: flag and counter. */
const modesOf = ({ if_flags, if_pcount, if_amcount }: Ifnet) => [
  { flag: "IFF_PROMISC", on: (if_flags.peek() & IFF_PROMISC) !== 0, counter: "if_pcount", count: if_pcount.peek() },
  { flag: "IFF_ALLMULTI", on: (if_flags.peek() & IFF_ALLMULTI) !== 0, counter: "if_amcount", count: if_amcount.peek() },
];

/** Once the system is quiet a flag is set exactly when its counter says so. */
const flagsAreCounters: Eventually = {
  kind: "eventually",
  name: "mode-flags-equal-counters",
  promise: "Once the system is quiet IFF_PROMISC is set exactly when if_pcount is above 0, IFF_ALLMULTI when if_amcount is.",
  holds(world) {
    for (const { ifp } of attached(world)) {
      const wrong = modesOf(ifp).find(({ on, count }) => on !== count > 0);
      if (wrong === undefined) continue;
      return [["at", ifp.label], [wrong.flag, String(wrong.on)], [wrong.counter, String(wrong.count)]];
    }
    return null;
  },
};

/** Once the system is quiet a counter is the number of those who want the mode. */
const countersAreUsers: Eventually = {
  kind: "eventually",
  name: "mode-counters-equal-users",
  promise: "Once the system is quiet if_pcount and if_amcount are the numbers of those who were told that they have the mode.",
  holds(world) {
    const { promiscuous, allMulticast } = multiLog(world);
    for (const device of attached(world)) {
      const users = [promiscuous, allMulticast].map((all) => all.filter((one) => one === device).length);
      const wrong = modesOf(device.ifp).findIndex(({ count }, i) => count !== users[i]);
      const mode = modesOf(device.ifp)[wrong];
      if (mode !== undefined) return [["at", device.ifp.label], [mode.counter, String(mode.count)], ["users", String(users[wrong])]];
    }
    return null;
  },
};

/** Members and the groups of their interfaces name each other, and are counted. */
const groupsAgree: Eventually = {
  kind: "eventually",
  name: "groups-agree-both-ways",
  promise: "Once the system is quiet the members of every group have it on their list and the other way round, and ifg_refcnt counts them.",
  holds({ k }) {
    const groups = k.net.ifg_head.peek();
    for (const group of groups) {
      const members = group.ifg_members.peek().map(({ ifgm_ifp }) => ifgm_ifp.peek());
      const strangers = members.filter((ifp) => ifp.if_groups.peek().every(({ ifgl_group }) => ifgl_group.peek() !== group));
      if (strangers.length > 0) return [["member", sorted(strangers.map(({ label }) => label))], ["does not have", group.label]];
      if (group.ifg_refcnt.peek() !== members.length)
        return [["at", group.label], ["ifg_refcnt", String(group.ifg_refcnt.peek())], ["members", String(members.length)]];
    }
    for (const ifp of interfaces(k)) {
      for (const { ifgl_group } of ifp.if_groups.peek()) {
        const group = ifgl_group.peek();
        const known = groups.includes(group) && group.ifg_members.peek().some(({ ifgm_ifp }) => ifgm_ifp.peek() === ifp);
        if (!known) return [["interface", ifp.label], ["is no member of", group.label]];
      }
    }
    return null;
  },
};

/** The family. */
export const MEMBERSHIPS = [filterIsMemberships, membershipsEnd, flagsAreCounters, countersAreUsers, groupsAgree] as const;
