/** The strategies by name, with their parameters: what `--strategy` accepts and plans and tokens name. */
import {
  Exhaustive,
  PCT_DEPTH_MAX,
  Pct,
  Pos,
  RandomWalk,
  RoundRobin,
  type Strategy,
} from "../sim/index.ts";
import { UsageError, quote } from "./errors.ts";
import { unknownName } from "./suggest.ts";

/** Values of the parameters of a strategy. */
export type Parameters = Readonly<Record<string, number>>;

/** An integer parameter. */
interface ParameterInfo {
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
  readonly parameters: readonly ParameterInfo[];
  /** Explores the smallest configuration of a scenario run by run, and may finish. */
  readonly exhaustive: boolean;
  readonly make: (parameters: Parameters) => Strategy;
}

/** A strategy with its parameters complete. */
export interface StrategySpec {
  readonly name: string;
  readonly parameters: Parameters;
}

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
    purpose: "priorities with d - 1 change points: finds bugs of depth d with a guaranteed probability",
    parameters: [
      { name: "d", purpose: "depth of the bugs that are looked for", least: 1, most: PCT_DEPTH_MAX, usual: 3 },
      { name: "k", purpose: "steps of a run; 0: the longest run so far", least: 0, most: 1_000_000, usual: 0 },
    ],
    exhaustive: false,
    make: ({ d = 3, k = 0 }) => new Pct({ depth: d, steps: k }),
  },
  {
    name: "pos",
    purpose: "partial order sampling: random priorities of operations, drawn anew where they depend on each other",
    parameters: [],
    exhaustive: false,
    make: () => new Pos(),
  },
  {
    name: "exhaustive",
    purpose: "every schedule of the smallest configuration with at most p preemptions, depth first",
    parameters: [{ name: "p", purpose: "preemptions at most", least: 0, most: 1000, usual: 2 }],
    exhaustive: true,
    make: ({ p = 2 }) => new Exhaustive(p),
  },
  {
    name: "round-robin",
    purpose: "every context in turn, q points each: the simplest fair schedule",
    parameters: [{ name: "q", purpose: "points of a turn", least: 1, most: 1_000_000, usual: 1 }],
    exhaustive: false,
    make: ({ q = 1 }) => new RoundRobin(q),
  },
];

/** The entry of a name; throws a {@link UsageError} with a suggestion. */
export function strategyInfo(name: string): StrategyInfo {
  const found = STRATEGIES.find((info) => info.name === name);
  if (found === undefined) {
    throw unknownName("strategy", name, STRATEGIES.map((info) => info.name));
  }
  return found;
}

/** Reads `NAME[:k=v,…]`; missing parameters take their usual value. */
export function parseStrategy(text: string): StrategySpec {
  const colon = text.indexOf(":");
  const info = strategyInfo(colon < 0 ? text : text.slice(0, colon));
  const given = colon < 0 ? [] : text.slice(colon + 1).split(",");
  const parameters: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const { name, usual } of info.parameters) parameters[name] = usual;
  for (const pair of given) {
    const [name = "", value = "", ...rest] = pair.split("=");
    const known = info.parameters.find((parameter) => parameter.name === name);
    if (known === undefined) {
      throw unknownName(`parameter of strategy ${info.name}`, name, info.parameters.map((p) => p.name));
    }
    const number = Number(value);
    const fine = rest.length === 0 && /^[0-9]{1,9}$/.test(value)
      && number >= known.least && number <= known.most;
    if (!fine) {
      const range = `${String(known.least)} to ${String(known.most)}`;
      throw new UsageError(`strategy ${info.name}: ${name} must be an integer from ${range}, not ${quote(value)}`);
    }
    parameters[name] = number;
  }
  return { name: info.name, parameters: { ...parameters } };
}

/** The text {@link parseStrategy} reads. */
export function strategyText({ name, parameters }: StrategySpec): string {
  const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? name : `${name}:${pairs.join(",")}`;
}
