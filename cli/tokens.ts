/** Tokens: one run as text. What is read back is validated before anything runs. */
import { createHash } from "node:crypto";
import { decodeToken, encodeToken, type Choices } from "../sim/index.ts";
import type { Config, OutcomeSystem } from "../scenarios/index.ts";
import { strategyText } from "../reports/index.ts";
import type { Case } from "./engine-set.ts";
import { UsageError, messageOf, quote } from "./errors.ts";
import { parseStrategy, type StrategySpec } from "./strategies.ts";

/** What the scenario of a token is called whose configuration is the system of an outcome specification. */
export const OUTCOMES = "outcomes";

/** The fingerprint of a final state. */
export const outcomeFingerprint = (outcome: string): string =>
  createHash("sha256").update(outcome).digest("hex").slice(0, 16);

/** How a run was to be made whose choices nobody knows, because it did not come back. */
export interface Origin {
  readonly strategy: StrategySpec;
  /** Its seed; of the exhaustive strategy, how many executions came before. */
  readonly number: number;
}

/** The fingerprint of a run that did not come back. */
export const UNFINISHED = "unfinished";

/** What every token says. */
interface TokenParts {
  readonly scenario: string;
  readonly choices: Choices;
  readonly property: string | null;
  readonly variant: string | null;
  /** What the run came to when the token was made. */
  readonly fingerprint: string;
  /** The code it was made with. */
  readonly code: string;
  /** Null: the choices say everything. */
  readonly origin?: Origin | null;
}

/** A token of a scenario's run, taken apart. */
export interface ReadToken extends Case, TokenParts {}

/** A token of an outcome specification's run, taken apart. */
export interface OutcomeToken extends TokenParts {
  readonly config: OutcomeSystem;
}

/** Makes a token. */
export function writeToken(token: TokenParts & { readonly config: Config | OutcomeSystem }): string {
  const { scenario, config, choices, variant, fingerprint, code, property, origin = null } = token;
  const armed = property === null && origin === null ? [] : [property ?? ""];
  const made = origin === null ? [] : [strategyText(origin.strategy.name, origin.strategy.parameters), String(origin.number)];
  return encodeToken({
    format: 1,
    scenario,
    config,
    variant,
    choices,
    fingerprint: [fingerprint, code, ...armed, ...made].join("@"),
  });
}

/** Anything that starts like a token, of whatever version. */
export const looksLikeToken = (text: string): boolean => /^ilk[0-9]*:/.test(text);

const CHOICES_MAX = 2_000_000;

/** Reads a token of a scenario's run; throws a {@link UsageError} for anything else. */
export async function readToken(text: string): Promise<ReadToken> {
  const { config, ...parts } = readParts(text);
  const { parseConfig } = await import("./config-schema.ts");
  return { ...parts, config: parseConfig(config) };
}

/** Reads a token of an outcome specification's run; null when it is one of a scenario. */
export async function readOutcomeToken(text: string): Promise<OutcomeToken | null> {
  const { config, ...parts } = readParts(text);
  if (parts.scenario !== OUTCOMES) return null;
  const { readOutcomes } = await import("../scenarios/index.ts");
  const spec = readOutcomes(asText({ ...(config as object | null), outcomes: [] }));
  if ("unreadable" in spec) throw new UsageError(`the token's system is not valid: ${spec.unreadable}`);
  return { ...parts, config: spec.system };
}

/** A record that is nested deeper than the stack goes is none. */
function asText(record: object): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError("the token's system is not valid: it is nested too deeply");
    throw error;
  }
}

function readParts(text: string): TokenParts & { readonly config: unknown } {
  let data: ReturnType<typeof decodeToken>;
  try {
    data = decodeToken(text);
  } catch (error) {
    throw new UsageError(`not a token this version can replay: ${messageOf(error)}`);
  }
  const { scenario, variant, config } = data;
  if (typeof scenario !== "string") throw new UsageError("the token names no scenario");
  if (variant !== null && typeof variant !== "string") throw new UsageError("the token's variant is not a name");
  const [fingerprint = "", code = "", property = "", strategy, number = ""] = data.fingerprint.split("@");
  const origin = strategy === undefined ? null : originOf(strategy, number);
  const choices = checkedChoices(data.choices);
  return { scenario, config, choices, variant, fingerprint, code, property: property === "" ? null : property, origin };
}

function originOf(strategy: string, number: string): Origin {
  if (!/^[0-9]{1,15}$/.test(number)) throw new UsageError(`the token's run is not a number: ${quote(number)}`);
  return { strategy: parseStrategy(strategy), number: Number(number) };
}

function checkedChoices(choices: Choices): Choices {
  for (const [name, list] of Object.entries({ schedule: choices.schedule, draws: choices.draws })) {
    const fine = Array.isArray(list) && list.length % 2 === 0 && list.length <= CHOICES_MAX
      && list.every((value) => Number.isSafeInteger(value) && value >= 0);
    if (!fine) throw new UsageError(`the token's ${name} is not a list of pairs: ${quote(String(list).slice(0, 40))}`);
  }
  return choices;
}
