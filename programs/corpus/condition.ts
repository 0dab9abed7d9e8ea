/** Conditions on final states. */
import type { Compiled } from "../compile.ts";
import { Unsupported } from "../language.ts";
import { shown } from "../reading.ts";

/** A condition that has been read. */
export interface FinalCondition {
  /** Of the last run. */
  readonly holds: (program: Compiled) => boolean;
  /** Words it names. */
  readonly words: readonly string[];
}

const DEPTH_MAX = 100;

/** Reads `["and", …]`, `["or", …]`, `["reg", thread, name, value]`, `["mem", word, value]`. Throws {@link Unsupported}. */
export function readCondition(value: unknown, threads: number, depth = 0): FinalCondition {
  const [operator, ...operands] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (depth > DEPTH_MAX) throw new Unsupported("conditions nested too deeply");
  if (operator === "and" || operator === "or") {
    const parts = operands.map((operand) => readCondition(operand, threads, depth + 1));
    const words = [...new Set(parts.flatMap((part) => part.words))];
    if (operator === "and") return { words, holds: (program) => parts.every((part) => part.holds(program)) };
    return { words, holds: (program) => parts.some((part) => part.holds(program)) };
  }
  if (operator === "reg" && operands.length === 3) return register(operands, threads);
  const [word, expected] = operands;
  if (operator === "mem" && operands.length === 2 && typeof word === "string" && typeof expected === "number")
    return { words: [word], holds: (program) => program.word(word) === expected };
  throw new Unsupported(`condition ${shown(value)}`);
}

function register(operands: readonly unknown[], threads: number): FinalCondition {
  const [thread, name, expected] = operands;
  const fine = typeof thread === "number" && Number.isInteger(thread) && thread >= 0 && thread < threads
    && typeof name === "string" && typeof expected === "number";
  if (!fine) throw new Unsupported(`condition ${shown(["reg", ...operands])}`);
  return { words: [], holds: (program) => program.register(thread, name) === expected };
}
