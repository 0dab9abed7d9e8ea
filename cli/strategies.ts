/** Strategies as `--strategy`, plans and tables write them. */
import { STRATEGIES, type MemoryModel, type StrategyInfo, type StrategyParameters } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import { UsageError, quote } from "./errors.ts";
import { unknownName } from "./suggest.ts";

/** A strategy with its parameters complete. */
export interface StrategySpec {
  readonly name: string;
  readonly parameters: StrategyParameters;
}

/** How runs are made: by which strategy, under which memory model (absent: sequential consistency). */
export interface RunSpec extends StrategySpec {
  readonly memory?: MemoryModel | undefined;
}

/** How the runs of a row of a plan are made. */
export const specOf = ({ strategy, parameters, memory }: PlanRow): RunSpec => ({ name: strategy, parameters, memory });

/** The entry of a name; throws a {@link UsageError} with a suggestion. */
export function strategyInfo(name: string): StrategyInfo {
  const found = STRATEGIES.find((info) => info.name === name);
  if (found === undefined) throw unknownName("strategy", name, STRATEGIES.map((info) => info.name));
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
