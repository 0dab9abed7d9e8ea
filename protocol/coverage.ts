/**
 * Protocol coverage as data: what was seen, counted in runs. Plain objects of numbers, so that it can be sent between
 * threads, written down, and added up: {@link mergeCoverage} is commutative and associative, {@link NO_COVERAGE} its
 * neutral element.
 */

/** Numbers of runs, by name. */
export type Runs = Readonly<Record<string, number>>;

/** How two operations of different contexts on the same object met, in runs. */
export interface Met {
  /** The first of the pair came before the second. */
  readonly before: number;
  /** The second came before the first. */
  readonly after: number;
  /** One fell into the other: see docs/coverage.md. */
  readonly overlapped: number;
  /** They came together without a lock that both held; where they never did, they cannot overlap. */
  readonly unguarded: number;
}

/** What the runs of a scenario covered. */
export interface ScenarioCoverage {
  readonly runs: number;
  /** By class of objects, by operation (`netisr store`). */
  readonly operations: Readonly<Record<string, Runs>>;
  /** By class of objects, by pair of operations ({@link pairName}). */
  readonly orders: Readonly<Record<string, Readonly<Record<string, Met>>>>;
  /** By class of objects, by operation: the routines that perform it, in those runs that were sampled. */
  readonly routines: Readonly<Record<string, Readonly<Record<string, Runs>>>>;
  /** By branch, by kind of context. */
  readonly branches: Readonly<Record<string, Runs>>;
  /** By routine, by errno. */
  readonly errnos: Readonly<Record<string, Runs>>;
}

/** By scenario. */
export type ProtocolCoverage = Readonly<Record<string, ScenarioCoverage>>;

/** Nothing was run. */
export const NO_COVERAGE: ProtocolCoverage = {};

/** A scenario of which nothing was run. */
export const NO_SCENARIO_COVERAGE: ScenarioCoverage = {
  runs: 0, operations: {}, orders: {}, routines: {}, branches: {}, errnos: {},
};

const BETWEEN = " | ";

/** The name of a pair of operations; they are in alphabetical order. */
export const pairName = (first: string, second: string): string => first + BETWEEN + second;

/** The two operations of a pair. */
export function operationsOf(pair: string): readonly [first: string, second: string] {
  const at = pair.indexOf(BETWEEN);
  return [pair.slice(0, at), pair.slice(at + BETWEEN.length)];
}

/** A tree of numbers. */
interface Tree {
  readonly [key: string]: number | Tree;
}

/** What both have seen. Cost: linear in the smaller of the two, and in the names of the larger. */
export function mergeCoverage(a: ProtocolCoverage, b: ProtocolCoverage): ProtocolCoverage {
  return add(a as unknown as Tree, b as unknown as Tree) as unknown as ProtocolCoverage; // trees of numbers, both
}

function add(a: Tree, b: Tree): Tree {
  const sum = new Map<string, number | Tree>(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = sum.get(key);
    sum.set(key, known === undefined ? value : addValues(known, value));
  }
  return Object.fromEntries(sum);
}

function addValues(a: number | Tree, b: number | Tree): number | Tree {
  if (typeof a === "object") return typeof b === "object" ? add(a, b) : a;
  return typeof b === "number" ? a + b : b;
}
