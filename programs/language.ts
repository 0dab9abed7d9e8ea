/**
 * The small language: threads of operations on shared words, mutexes and condition variables, with local registers.
 * What it means is told in docs/corpora.md; this is its shape, which is the shape of the corpora's JSON.
 */

/** A number, a register, or an operator with operands. Comparisons give 1 or 0; what is not 0 is true. */
export type Expression = number | string | Applied;
/** An operator and its operands. */
export interface Applied extends ReadonlyArray<Expression> {
  readonly 0: string;
}

/** A shared word or mutex by name (`"x"`, `"a[3]"`), or a cell of an array whose index is computed. */
export type Place = string | readonly [array: string, index: Expression];

/** A sequence of statements. */
export type Block = readonly Statement[];

/** One statement. */
export type Statement =
  | readonly ["st" | "stsc", Place, Expression]
  | readonly ["ld", string, Place]
  | readonly ["rmw" | "xchg", string, Place, Expression]
  | readonly ["cas", string, Place, Expression, Expression]
  | readonly ["fence"]
  | readonly ["lock" | "unlock", Place]
  | readonly ["trylock", string, Place]
  | readonly ["cwait" | "creacq", Place, Place]
  | readonly ["csignal" | "cbcast", Place]
  | readonly ["await", Place, Expression]
  | readonly ["awaitx", string, Place, Expression, Expression]
  | readonly ["assume" | "assert", Expression]
  | readonly ["spawn" | "join", number]
  | readonly ["set", string, Expression]
  | readonly ["if", Expression, Block, Block?]
  | readonly ["while" | "repeat", Expression, Block]
  | Sequence
  | readonly ["yield"]
  | readonly ["return"];

/** Statements in place of one. */
export interface Sequence extends ReadonlyArray<Statement | "seq"> {
  readonly 0: "seq";
}

/** A program. */
export interface Source {
  /** Initial values of words; 0 where there is none. */
  readonly vars: Readonly<Record<string, number>>;
  readonly threads: readonly Block[];
  /** What main does after it has joined all threads. */
  readonly final: Block;
  /** A trylock that fails is ordered with other uses of its mutex as one that succeeds. */
  readonly orderFailedTrylock: boolean;
}

/** Something that this language does not have; the message names it. */
export class Unsupported extends Error {
  constructor(what: string) {
    super(what);
    this.name = "Unsupported";
  }
}

/** What an expression calls the value that is waited on, and the value before an atomic update. */
export const WAITED = "_v";
export const OLD = "_old";

/** Operators of two operands; `+` and `&&` take more as well. */
export const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "==": (a, b) => (a === b ? 1 : 0),
  "!=": (a, b) => (a === b ? 0 : 1),
  "<": (a, b) => (a < b ? 1 : 0),
  "<=": (a, b) => (a <= b ? 1 : 0),
  ">": (a, b) => (a > b ? 1 : 0),
  ">=": (a, b) => (a >= b ? 1 : 0),
  "&&": (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
};
/** Those that take more than two. */
export const CHAINS: ReadonlySet<string> = new Set(["+", "&&"]);
/** The one operator with one operand. */
export const NOT = "!";
