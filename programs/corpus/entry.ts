/** What every corpus is read into: entries that can be judged one by one. */
import { MEMORY_MODELS, type MemoryModel } from "../../sim/index.ts";
import { Unsupported } from "../language.ts";
import { isRecord, shown } from "../reading.ts";

/** What became of one entry. */
export interface Judged {
  /** Entries that are not asserted are printed beside the others, whatever comes out. */
  readonly verdict: "agree" | "disagree" | "unsupported" | "beside";
  /** What there is to say; empty when everything agrees and nothing is of note. */
  readonly lines: readonly string[];
}

/** One entry of a corpus. */
export interface Entry {
  readonly name: string;
  /** Explores what it holds and compares. Never throws. Cost: that of the exploration. */
  readonly judge: () => Judged;
}

/** The corpus cannot be read at all; the message says where and why. */
export class Malformed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Malformed";
  }
}

/** Memory models of the corpora. */
export const MODELS = ["SC", "TSO", "PSO"] as const;
export type ModelName = (typeof MODELS)[number];

/** The memory model of a name in a corpus. Throws {@link Unsupported}. */
export function memoryNamed(model: string): MemoryModel {
  const found = MEMORY_MODELS.find((memory) => memory.toUpperCase() === model);
  if (found === undefined) throw new Unsupported(`model ${shown(model)}`);
  return found;
}

/** Collects what differs between recorded figures and ours. */
export class Comparison {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  compared = 0;

  /** One figure; nothing is expected of an undefined one. */
  figure(what: string, expected: unknown, got: unknown): void {
    if (expected === undefined || expected === null) return;
    this.compared++;
    const same = JSON.stringify(expected) === JSON.stringify(got);
    if (!same) this.lines.push(`${what}: recorded ${shown(expected)}, found ${shown(got)}`);
  }

  get judged(): Judged {
    if (this.lines.length > 0) return { verdict: "disagree", lines: this.lines };
    if (this.compared === 0) return { verdict: "unsupported", lines: ["nothing recorded can be compared"] };
    return { verdict: "agree", lines: this.notes };
  }
}

/** An entry whose judgement may find something that is not in the language. */
export const entry = (name: string, judge: () => Judged): Entry => ({
  name,
  judge: () => {
    try {
      return judge();
    } catch (error) {
      if (error instanceof Unsupported) return { verdict: "unsupported", lines: [error.message] };
      throw error;
    }
  },
});

/** A member of an object of the file. */
export function member(value: unknown, name: string, where: string): unknown {
  if (!isRecord(value)) throw new Malformed(`${where} is no object`);
  if (value[name] === undefined) throw new Malformed(`${where} lacks ${name}`);
  return value[name];
}

/** A list in the file. */
export function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${where} is no list`);
  return value;
}

/** A text in the file. */
export function text(value: unknown, name: string, where: string): string {
  const found = member(value, name, where);
  if (typeof found !== "string") throw new Malformed(`${where}: ${name} is no text`);
  return found;
}
