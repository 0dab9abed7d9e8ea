/** Tokens: one run as text. What is read back is validated before anything runs. */
import { decodeToken, encodeToken, type Choices } from "../sim/index.ts";
import type { Config } from "../scenarios/index.ts";
import type { Case } from "./engine-set.ts";
import { UsageError, messageOf, quote } from "./errors.ts";

/** A token, taken apart. */
export interface ReadToken extends Case {
  readonly variant: string | null;
  /** What the run came to when the token was made. */
  readonly fingerprint: string;
  /** The code it was made with. */
  readonly code: string;
}

/** Makes a token. */
export function writeToken(token: ReadToken): string {
  const { scenario, config, choices, variant, fingerprint, code, property } = token;
  return encodeToken({
    format: 1,
    scenario,
    config,
    variant,
    choices,
    fingerprint: [fingerprint, code, ...(property === null ? [] : [property])].join("@"),
  });
}

/** Anything that starts like a token, of whatever version. */
export const looksLikeToken = (text: string): boolean => /^ilk[0-9]*:/.test(text);

const CHOICES_MAX = 2_000_000;

/** Reads a token; throws a {@link UsageError} for anything that is not one. */
export async function readToken(text: string): Promise<ReadToken> {
  let data: ReturnType<typeof decodeToken>;
  try {
    data = decodeToken(text);
  } catch (error) {
    throw new UsageError(`not a token this version can replay: ${messageOf(error)}`);
  }
  const { parseConfig } = await import("./config-schema.ts");
  const config: Config = parseConfig(data.config);
  if (typeof data.scenario !== "string") throw new UsageError("the token names no scenario");
  if (data.variant !== null && typeof data.variant !== "string") {
    throw new UsageError("the token's variant is not a name");
  }
  const [fingerprint = "", code = "", property = null] = data.fingerprint.split("@");
  return {
    scenario: data.scenario,
    config,
    choices: checkedChoices(data.choices),
    variant: data.variant,
    fingerprint,
    code,
    property,
  };
}

function checkedChoices(choices: Choices): Choices {
  for (const [name, list] of Object.entries({ schedule: choices.schedule, draws: choices.draws })) {
    const fine = Array.isArray(list) && list.length % 2 === 0 && list.length <= CHOICES_MAX
      && list.every((value) => Number.isSafeInteger(value) && value >= 0);
    if (!fine) throw new UsageError(`the token's ${name} is not a list of pairs: ${quote(String(list).slice(0, 40))}`);
  }
  return choices;
}
