/**
 * Parameters of strategies, and the text of a strategy with its parameters: `NAME`, `NAME:k=v,…`, or `NAME(…)`, in
 * which a value alone is that of the next parameter: `pct(2)`, `fair(pos,n=100)`, `schedule(a,b*3,a)`.
 */

/** Values of the parameters of a strategy: integers and words. */
export type StrategyParameters = Readonly<Record<string, number | string>>;

/** An integer parameter. */
export interface IntegerParameter {
  readonly name: string;
  readonly purpose: string;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** A parameter that is one of some words, or where none are listed, any text of {@link TEXT}. */
export interface WordParameter {
  readonly name: string;
  readonly purpose: string;
  readonly words: readonly string[];
  readonly usual: string;
}

/** Either kind. */
export type StrategyParameter = IntegerParameter | WordParameter;

/** What a free text may consist of: nothing that separates parameters or the parts of a token. */
const TEXT = /^[\w #./*>+-]{1,2000}$/;
const INTEGER = /^[0-9]{1,9}$/;

/** The text of a strategy, taken apart. A name is null where the value stands alone. */
export interface StrategyParts {
  readonly name: string;
  readonly given: readonly (readonly [name: string | null, value: string])[];
}

/** Takes the text of a strategy apart; knows no names. */
export function strategyParts(text: string): StrategyParts {
  const inside = /^([^:(]*)\((.*)\)$/.exec(text);
  if (inside !== null) return { name: inside[1] ?? "", given: insideParts(inside[2] ?? "") };
  const colon = text.indexOf(":");
  if (colon < 0) return { name: text, given: [] };
  const given = text.slice(colon + 1).split(",").map((pair) => named(pair));
  return { name: text.slice(0, colon), given };
}

function insideParts(text: string): StrategyParts["given"] {
  const pairs = text.split(",").map((pair) => pair.trim());
  return text === "" ? [] : pairs.map((pair) => (pair.includes("=") ? named(pair) : [null, pair]));
}

function named(pair: string): readonly [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/**
 * The values that the parts give, without the usual ones: in their order, with values alone given to the parameters in
 * theirs; several for a text that is the only parameter are its list. A name that no parameter has is kept.
 */
export function assigned(
  parameters: readonly StrategyParameter[],
  given: StrategyParts["given"],
): readonly (readonly [name: string, value: string])[] {
  const [only] = parameters;
  if (only !== undefined && parameters.length === 1 && isText(only) && given.length > 0 && given.every(([name]) => name === null)) {
    return [[only.name, given.map(([, value]) => value).join(LIST)]];
  }
  return given.map(([name, value], at) => [name ?? parameters[at]?.name ?? value, value]);
}

/** Between the items of a list in a text, since commas stand between parameters. */
export const LIST = ">";

const isText = (parameter: StrategyParameter): boolean => "words" in parameter && parameter.words.length === 0;

/** Reads the value of a parameter; null when it has no such value. */
export function parameterValue(parameter: StrategyParameter, text: string): number | string | null {
  if ("words" in parameter) {
    const fine = parameter.words.length === 0 ? TEXT.test(text) : parameter.words.includes(text);
    return fine ? text : null;
  }
  const value = Number(text);
  return INTEGER.test(text) && value >= parameter.least && value <= parameter.most ? value : null;
}

/** What its values are, in words. */
export function parameterRange(parameter: StrategyParameter): string {
  if (!("words" in parameter)) return `an integer from ${String(parameter.least)} to ${String(parameter.most)}`;
  return parameter.words.length === 0 ? "a text" : `one of ${parameter.words.join(", ")}`;
}

/** Reads values for the one who makes a strategy: the usual one where none is given. */
export class Values {
  readonly #parameters: readonly StrategyParameter[];
  readonly #given: StrategyParameters;

  constructor(parameters: readonly StrategyParameter[], given: StrategyParameters) {
    this.#parameters = parameters;
    this.#given = given;
  }

  integer(name: string): number {
    return Number(this.#value(name));
  }

  word(name: string): string {
    return String(this.#value(name));
  }

  #value(name: string): number | string | undefined {
    return this.#given[name] ?? this.#parameters.find((parameter) => parameter.name === name)?.usual;
  }
}
