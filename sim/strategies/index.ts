/** The strategies by name, with their parameters: what plans, tokens and command lines say. */
import type { Strategy } from "../strategy.ts";
import {
  Values,
  assigned,
  parameterRange,
  parameterValue,
  strategyParts,
  type StrategyParameters,
} from "./parameters.ts";
import { ENTRIES, type Entry } from "./table.ts";

/** One entry of the table. */
export interface StrategyInfo extends Omit<Entry, "make"> {
  /** Parameters that are missing take their usual value. */
  readonly make: (parameters: StrategyParameters) => Strategy;
}

/** All of them. */
export const STRATEGIES: readonly StrategyInfo[] = ENTRIES.map(({ make, ...entry }) => ({
  ...entry,
  make: (parameters) => make(new Values(entry.parameters, parameters)),
}));

/**
 * A strategy from `NAME`, `NAME:k=v,…` or `NAME(…)`; parameters that are missing take their usual value. Throws an
 * `Error` that names what there is when the name, a parameter or its value is not known.
 * @example
 * import { strategyNamed } from "interlock/sim";
 *
 * strategyNamed("pct(2)").name; // => "pct"
 */
export function strategyNamed(spec: string): Strategy {
  const { name, given } = strategyParts(spec);
  const info = STRATEGIES.find((entry) => entry.name === name);
  if (info === undefined) {
    const known = STRATEGIES.map((entry) => entry.name).join(", ");
    throw new Error(`no strategy ${JSON.stringify(name)}; there are ${known}`);
  }
  const values: Record<string, number | string> = {};
  for (const [key, value] of assigned(info.parameters, given)) {
    const parameter = info.parameters.find((entry) => entry.name === key);
    if (parameter === undefined) {
      const known = info.parameters.map((entry) => entry.name).join(", ") || "none";
      throw new Error(`strategy ${name} has no parameter ${JSON.stringify(key)}; it has ${known}`);
    }
    if (Object.hasOwn(values, key)) throw new Error(`strategy ${name}: ${key} is given twice`);
    const read = parameterValue(parameter, value);
    if (read === null) {
      throw new Error(`strategy ${name}: ${key} must be ${parameterRange(parameter)}, not ${JSON.stringify(value)}`);
    }
    values[key] = read;
  }
  return info.make(values);
}
