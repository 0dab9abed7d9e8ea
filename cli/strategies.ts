/** Strategies as `--strategy`, plans and tables write them. */
import {
  STRATEGIES,
  assigned,
  parameterRange,
  parameterValue,
  strategyParts,
  type MemoryModel,
  type StrategyInfo,
  type StrategyParameters,
} from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import { UsageError, messageOf, quote } from "./errors.ts";
import { unknownName } from "./suggest.ts";

/** A strategy with its parameters complete. */
export interface StrategySpec {
  readonly name: string;
  readonly parameters: StrategyParameters;
}

/** How runs are made: by which strategy, under which memory model (absent: sequential consistency). */
export interface RunSpec extends StrategySpec {
  readonly memory?: MemoryModel | undefined;
  /** Of a complete search: of the scenario's bounded configuration, where it has one. Default: of its smallest. */
  readonly bounded?: boolean;
}

/** How the runs of a row of a plan are made. */
export const specOf = ({ strategy, parameters, memory }: PlanRow): RunSpec => ({ name: strategy, parameters, memory });

/** The entry of a name; throws a {@link UsageError} with a suggestion. */
export function strategyInfo(name: string): StrategyInfo {
  const found = STRATEGIES.find((info) => info.name === name);
  if (found === undefined) throw unknownName("strategy", name, STRATEGIES.map((info) => info.name));
  return found;
}

/** Reads `NAME`, `NAME:k=v,…` or `NAME(…)`; missing parameters take their usual value. */
export function parseStrategy(text: string): StrategySpec {
  const parts = strategyParts(text);
  const info = strategyInfo(parts.name);
  const parameters: Record<string, number | string> = Object.create(null) as Record<string, number | string>;
  for (const { name, usual } of info.parameters) parameters[name] = usual;
  for (const [name, value] of assigned(info.parameters, parts.given)) {
    const known = info.parameters.find((parameter) => parameter.name === name);
    if (known === undefined) {
      throw unknownName(`parameter of strategy ${info.name}`, name, info.parameters.map((p) => p.name));
    }
    const read = parameterValue(known, value);
    if (read === null) {
      throw new UsageError(`strategy ${info.name}: ${name} must be ${parameterRange(known)}, not ${quote(value)}`);
    }
    parameters[name] = read;
  }
  try {
    info.make(parameters);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
  return { name: info.name, parameters: { ...parameters } };
}
