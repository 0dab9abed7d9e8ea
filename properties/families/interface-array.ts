/**
 * The interface array and the index table: readers in netisrs see an old or a new one whole, whoever holds the ifnet lock sees
 * all tables agree. That no reader touches a freed table is checked by the memory itself.
 */
import { interfaces } from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import { PerRun } from "../per-run.ts";
import type { Always, Sometimes } from "../property.ts";
import { watchLock } from "../view.ts";

const arrayNames = (world: World): string[] =>
  world.k.net.ifnet_array.peek().ifnet_arr.map((slot) => slot.peek().if_xname);

function indexNames(world: World): string[] {
  const table = world.k.net.ifindex2ifnet.peek();
  const names: string[] = [];
  for (const slot of table?.slots ?? []) {
    const ifp = slot.peek();
    if (ifp !== null) names.push(ifp.if_xname);
  }
  return names;
}

const sorted = (names: readonly string[]): string => [...names].sort().join(" ");

/** List, array and index table name the same interfaces whenever the ifnet lock is free. */
const tablesAgree: Always = {
  kind: "always",
  name: "interface-tables-agree",
  promise: "Interface list, interface array and index table agree whenever the ifnet lock is free.",
  watch: (world, evaluate) => {
    watchLock(world.k.net.ifnet_mtx, evaluate);
  },
  holds(world) {
    if (world.k.net.ifnet_mtx.owner !== null) return null;
    const list = sorted(interfaces(world.k).map(({ if_xname }) => if_xname));
    const array = sorted(arrayNames(world));
    const index = sorted(indexNames(world));
    if (list === array && list === index) return null;
    return [
      ["interface list", list],
      ["interface array", array],
      ["index table", index],
    ];
  },
};

/** `if_index` is the highest index in use whenever the ifnet lock is free. */
const indexIsHighest: Always = {
  kind: "always",
  name: "if-index-is-highest",
  promise: "if_index is the highest index in use whenever the ifnet lock is free.",
  watch: (world, evaluate) => {
    watchLock(world.k.net.ifnet_mtx, evaluate);
  },
  holds(world) {
    const { ifindex2ifnet, if_index, ifnet_mtx } = world.k.net;
    if (ifnet_mtx.owner !== null) return null;
    const slots = ifindex2ifnet.peek()?.slots ?? [];
    const highest = slots.reduce((most, slot, i) => (slot.peek() === null ? most : i), 0);
    if (if_index.peek() === highest) return null;
    return [
      ["expected", `if_index ${String(highest)}`],
      ["got", String(if_index.peek())],
    ];
  },
};

/** Arrays as they were published. */
const published = new PerRun<string[]>();

/** What a netisr walked is one of the arrays that were published. */
const readersSeeWhole: Always = {
  kind: "always",
  name: "readers-see-a-whole-array",
  promise: "A netisr that walks the interface array sees one that was published, whole.",
  watch(world, evaluate) {
    const versions = [arrayNames(world).join(" ")];
    published.set(world, versions);
    watchLock(world.k.net.ifnet_mtx, () => {
      versions.push(arrayNames(world).join(" "));
      evaluate();
    });
  },
  holds(world) {
    const versions = published.get(world) ?? [];
    for (const { cpu, array } of world.walks) {
      const seen = array.join(" ");
      if (!versions.includes(seen)) {
        return [
          ["by", `netisr of cpu ${String(cpu)}`],
          ["expected", `one of: ${versions.map((v) => `{${v}}`).join(" ")}`],
          ["got", `{${seen}}`],
        ];
      }
    }
    return null;
  },
};

/** Some netisr is still walking an array that was replaced meanwhile. */
const readersAreOvertaken: Sometimes = {
  kind: "sometimes",
  name: "reader-overtaken-by-swap",
  promise: "Some netisr still walks an interface array that has been replaced.",
  scenarios: ["attach-detach-churn"],
  watch() {
    // The reader itself notices.
  },
  seenAtEnd: (world) => world.walks.some(({ overtaken }) => overtaken),
};

/** The family. */
export const INTERFACE_ARRAY = [
  tablesAgree,
  indexIsHighest,
  readersSeeWhole,
  readersAreOvertaken,
] as const;
