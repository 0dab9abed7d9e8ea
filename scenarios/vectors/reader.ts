/**
 * Reading recorded data: each look says what it needs, and what is missing or wrong ends the reading with one
 * line that says where. A recording is data: nothing in it is evaluated.
 */

/** What could not be read, as one line. Never leaves `scenarios/vectors`. */
export class Unreadable extends Error {
  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.name = "Unreadable";
  }
}

/** The answer for a file that could not be read. */
export interface UnreadableFile {
  /** One line: where, and what is wrong. */
  readonly unreadable: string;
}

/** Runs a reader; what it could not read becomes data. */
export function reading<T>(read: () => T): T | UnreadableFile {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
}

const SHOWN_MAX = 40;

/** A value as a short line. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : jsonOf(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}

/** What is nested deeper than the stack goes is no value of any format: it is said in words. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return "something nested too deeply";
    throw error;
  }
}

/** Parses JSON. */
export function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unreadable(where, `not JSON: ${shown(text.slice(0, SHOWN_MAX))}`);
  }
}

/** One JSON object, whose fields are looked at by name. */
export class Fields {
  readonly where: string;
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Unreadable(where, `an object is needed, not ${shown(value)}`);
    this.where = where;
    this.#fields = new Map(Object.entries(value));
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  get(name: string): unknown {
    if (!this.#fields.has(name)) throw new Unreadable(this.where, `"${name}" is missing`);
    return this.#fields.get(name);
  }

  /** An integer in `[least, most]`. */
  integer(name: string, least: number, most: number): number {
    return integer(this.get(name), `${this.where}: "${name}"`, least, most);
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string") throw new Unreadable(this.where, `"${name}" must be a string, not ${shown(value)}`);
    return value;
  }

  array(name: string): readonly unknown[] {
    return array(this.get(name), `${this.where}: "${name}"`);
  }

  /** An array of integers in `[least, most]`. */
  integers(name: string, least: number, most: number): readonly number[] {
    const where = `${this.where}: "${name}"`;
    return array(this.get(name), where).map((value) => integer(value, where, least, most));
  }
}

/** An array. */
export function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unreadable(where, `an array is needed, not ${shown(value)}`);
  return value as readonly unknown[];
}

/** An integer in `[least, most]`. */
export function integer(value: unknown, where: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
    throw new Unreadable(where, `must be an integer from ${least} to ${most}, not ${shown(value)}`);
  return value;
}
