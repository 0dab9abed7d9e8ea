/** The strategies by name, with their parameters: what plans, tokens and command lines say. */
import type { Strategy } from "../strategy.ts";
import { Exhaustive } from "./exhaustive.ts";
import { PCT_DEPTH_MAX, Pct } from "./pct.ts";
import { Pos } from "./pos.ts";
import { RandomWalk } from "./random-walk.ts";
import { RoundRobin } from "./round-robin.ts";
import { Timed } from "./timed.ts";

/** Values of the parameters of a strategy. */
export type StrategyParameters = Readonly<Record<string, number>>;

/** An integer parameter. */
export interface StrategyParameter {
  readonly name: string;
  readonly purpose: string;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** One entry of the table. */
export interface StrategyInfo {
  readonly name: string;
  readonly purpose: string;
  readonly parameters: readonly StrategyParameter[];
  /** Explores one program run by run, and may finish. */
  readonly exhaustive: boolean;
  readonly make: (parameters: StrategyParameters) => Strategy;
}

/** The largest value a parameter can have. */
const MOST = 999_999_999;
/** The preemption bound that means "none". */
const UNBOUNDED = MOST;

const STEPS: StrategyParameter = {
  name: "k",
  purpose: "steps of a run; 0: the longest of the runs before",
  least: 0,
  most: 1_000_000,
  usual: 0,
};

/** All of them. */
export const STRATEGIES: readonly StrategyInfo[] = [
  {
    name: "random",
    purpose: "random walk: every context that can run is equally likely at every point",
    parameters: [],
    exhaustive: false,
    make: () => new RandomWalk(),
  },
  {
    name: "pct",
    purpose: "random priorities with d - 1 random changes (Burckhardt et al., ASPLOS 2010)",
    parameters: [
      { name: "d", purpose: "depth of the bugs looked for", least: 1, most: PCT_DEPTH_MAX, usual: 3 },
      STEPS,
    ],
    exhaustive: false,
    make: ({ d = 3, k = 0 }) => new Pct({ depth: d, steps: k }),
  },
  {
    name: "pos",
    purpose: "a random priority per pending operation (Yuan et al., CAV 2018)",
    parameters: [],
    exhaustive: false,
    make: () => new Pos(),
  },
  {
    name: "round-robin",
    purpose: "every context in turn, each for q points",
    parameters: [{ name: "q", purpose: "points per turn", least: 1, most: 1_000_000, usual: 1 }],
    exhaustive: false,
    make: ({ q = 1 }) => new RoundRobin(q),
  },
  {
    name: "exhaustive",
    purpose: "every schedule with at most p preemptions, once each",
    parameters: [
      {
        name: "p",
        purpose: `preemptions; ${String(UNBOUNDED)}: no bound`,
        least: 0,
        most: UNBOUNDED,
        usual: 2,
      },
    ],
    exhaustive: true,
    make: ({ p = 2 }) => new Exhaustive(p === UNBOUNDED ? Number.POSITIVE_INFINITY : p),
  },
  {
    name: "timed",
    purpose: "the schedule of the cost table: whoever's clock is least goes next",
    parameters: [],
    exhaustive: false,
    make: () => new Timed(),
  },
];

/**
 * A strategy from `NAME[:k=v,…]`; parameters that are missing take their usual value. Throws an `Error` that names
 * what there is when the name, a parameter or its value is not known.
 * @example
 * import { strategyNamed } from "interlock/sim";
 *
 * strategyNamed("pct:d=3").name; // => "pct"
 */
export function strategyNamed(spec: string): Strategy {
  const colon = spec.indexOf(":");
  const name = colon < 0 ? spec : spec.slice(0, colon);
  const info = STRATEGIES.find((entry) => entry.name === name);
  if (info === undefined) {
    const known = STRATEGIES.map((entry) => entry.name).join(", ");
    throw new Error(`no strategy ${JSON.stringify(name)}; there are ${known}`);
  }
  return info.make(parametersOf(info, colon < 0 ? null : spec.slice(colon + 1)));
}

function parametersOf(info: StrategyInfo, text: string | null): StrategyParameters {
  const values = new Map(info.parameters.map(({ name, usual }) => [name, usual]));
  const given = new Set<string>();
  for (const pair of text === null ? [] : text.split(",")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/.exec(pair) ?? [];
    const parameter = info.parameters.find((entry) => entry.name === name);
    if (parameter === undefined) {
      const known = info.parameters.map((entry) => entry.name).join(", ") || "none";
      throw new Error(`strategy ${info.name} has no parameter ${JSON.stringify(name)}; it has ${known}`);
    }
    if (given.has(name)) throw new Error(`strategy ${info.name}: ${name} is given twice`);
    given.add(name);
    values.set(name, integerIn(info, parameter, value));
  }
  return Object.fromEntries(values);
}

function integerIn(info: StrategyInfo, { name, least, most }: StrategyParameter, text: string): number {
  const value = Number(text);
  if (/^[0-9]{1,9}$/.test(text) && value >= least && value <= most) return value;
  const range = `${String(least)} to ${String(most)}`;
  throw new Error(
    `strategy ${info.name}: ${name} must be an integer from ${range}, not ${JSON.stringify(text)}`,
  );
}
