/** A search as data that can be cloned: the path, the sleep sets along it, the wakeup trees. */
import { fail } from "../../failure.ts";
import { Deed } from "./deed.ts";
import type { Search } from "./search.ts";
import type { Trace } from "./trace.ts";
import { Wakeup } from "./wakeup.ts";

/** A deed as data. */
type DeedData = readonly [context: number, draws: readonly number[] | null, access: number, further: readonly number[] | null];
/** A wakeup tree as data. */
interface TreeData {
  readonly deed: DeedData;
  readonly children: readonly TreeData[];
}

/** A place on the path as data. */
interface PlaceData {
  readonly tried: number;
  readonly asleep: readonly DeedData[] | null;
  readonly tree: TreeData | null;
}

/** The tree of a search. */
export interface Tree {
  readonly path: readonly DeedData[];
  readonly places: readonly PlaceData[];
  readonly nodes: number;
  readonly nodesMax: number;
}

/** Where a search stands between two executions. */
export interface Snapshot extends Tree {
  readonly executions: number;
  readonly covered: number;
  readonly infeasible: number;
  readonly depthMax: number;
  readonly exhausted: boolean;
}

/** The tree of a search that has moved on to its next path. Cost: linear in it. */
export function snapshot({ deeds, length }: Trace, { roots, asleep, tried, nodes, nodesMax }: Search): Tree {
  const path = deeds.slice(0, length).map(dataOf);
  const places = Array.from({ length: length + 1 }, (_, at) => ({
    tried: tried[at] ?? 0,
    asleep: asleep[at]?.map(dataOf) ?? null,
    tree: treeOf(roots[at] ?? null),
  }));
  return { path, places, nodes, nodesMax };
}

/** Takes a tree over; returns the path to repeat. */
export function restore({ path, places, nodes, nodesMax }: Tree, search: Search): readonly Deed[] {
  search.nodes = nodes;
  search.nodesMax = nodesMax;
  places.forEach(({ tried, asleep, tree }, at) => {
    search.tried[at] = tried;
    search.asleep[at] = asleep?.map(deedOf) ?? null;
    search.roots[at] = tree === null ? null : nodeOf(tree);
  });
  return path.map(deedOf);
}

const dataOf = ({ context, draws, access, further }: Deed): DeedData => [context, draws, access, further];
const deedOf = ([context, draws, access, further]: DeedData): Deed => new Deed(context, draws, access, further);

function treeOf(node: Wakeup | null): TreeData | null {
  if (node === null) return null;
  const children: TreeData[] = [];
  for (let child = node.first; child !== null; child = child.next) {
    const tree = treeOf(child);
    if (tree !== null) children.push(tree);
  }
  return { deed: dataOf(node.deed), children };
}

function nodeOf({ deed, children }: TreeData): Wakeup {
  const node = new Wakeup(deedOf(deed));
  for (const child of children.toReversed()) {
    const below = nodeOf(child);
    below.next = node.first;
    node.first = below;
  }
  return node;
}

/** Ends a run that is not what it was when its choices were made. */
export function notRepeated(expected: string, got: string): never {
  return fail("Divergence", "not-repeated", "The same choices led to another state than before.", [
    ["expected", expected],
    ["got", got],
  ]);
}
