/** Reads programs from JSON, and believes nothing: whatever is not in the language is refused by name. */
import {
  CHAINS,
  NOT,
  OPERATORS,
  Unsupported,
  type Block,
  type Source,
  type Statement,
} from "./language.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;
const CELL = /^[A-Za-z_][A-Za-z0-9_.]*\[(?:0|[1-9][0-9]{0,5})\]$/;
/** Deeper nesting is a mistake, and would overflow the stack. */
const DEPTH_MAX = 100;
const THREADS_MAX = 200;

const KNOWN: ReadonlySet<string> = new Set(["vars", "threads", "final", "order_failed_trylock"]);

/** A piece of JSON for messages. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : jsonOf(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
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

const refuse = (what: string): never => {
  throw new Unsupported(what);
};

/** Is it an object with names, and no list? */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The program a corpus entry holds. Throws {@link Unsupported}. */
export function readProgram(value: unknown): Source {
  if (!isRecord(value)) return refuse(`a program is an object with threads, not ${shown(value)}`);
  for (const key of Object.keys(value)) if (!KNOWN.has(key)) refuse(`program member ${shown(key)}`);
  const { threads, final = [], order_failed_trylock: order = false } = value;
  if (!Array.isArray(threads)) return refuse(`threads is a list of lists of ops, not ${shown(threads)}`);
  if (typeof order !== "boolean") return refuse(`order_failed_trylock is true or false, not ${shown(order)}`);
  return readThreads(value["vars"] ?? {}, threads, final, order);
}

/** A program from its parts. Throws {@link Unsupported}. */
export function readThreads(vars: unknown, threads: readonly unknown[], final: unknown = [], order = false): Source {
  if (threads.length === 0 || threads.length > THREADS_MAX) refuse(`${String(threads.length)} threads`);
  const read = (block: unknown): Block => readBlock(block, threads.length, 0);
  return { vars: readVars(vars), threads: threads.map(read), final: read(final), orderFailedTrylock: order };
}

function readVars(vars: unknown): Source["vars"] {
  if (!isRecord(vars)) return refuse(`vars is an object of numbers, not ${shown(vars)}`);
  for (const [name, value] of Object.entries(vars)) {
    if (!isName(name)) refuse(`variable name ${shown(name)}`);
    if (!isNumber(value)) refuse(`initial value ${shown(value)} of ${name}`);
  }
  return vars as Source["vars"];
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value);
const isName = (value: unknown): value is string => typeof value === "string" && (NAME.test(value) || CELL.test(value));
const isRegister = (value: unknown): value is string => typeof value === "string" && NAME.test(value);

function readBlock(block: unknown, threads: number, depth: number): Block {
  if (!Array.isArray(block)) return refuse(`a list of ops is needed, not ${shown(block)}`);
  if (depth > DEPTH_MAX) return refuse("ops nested too deeply");
  for (const statement of block) checkStatement(statement, threads, depth);
  return block as Block;
}

/** What an operand has to be. */
type Operand = (value: unknown, threads: number, depth: number) => void;

const place: Operand = (value, _threads, depth) => {
  if (isName(value)) return;
  const isCell = Array.isArray(value) && value.length === 2 && isRegister(value[0]);
  if (!isCell) refuse(`place ${shown(value)}`);
  else checkExpression(value[1], depth + 1);
};
const register: Operand = (value) => {
  if (!isRegister(value)) refuse(`register ${shown(value)}`);
};
const expression: Operand = (value, _threads, depth) => checkExpression(value, depth);
const thread: Operand = (value, threads) => {
  if (!isNumber(value) || value < 0 || value >= threads) refuse(`thread ${shown(value)}`);
};
const block: Operand = (value, threads, depth) => {
  readBlock(value, threads, depth + 1);
};

const OPERANDS: Readonly<Record<Exclude<Statement[0], "if" | "seq" | "yield">, readonly Operand[]>> = {
  st: [place, expression],
  stsc: [place, expression],
  ld: [register, place],
  rmw: [register, place, expression],
  xchg: [register, place, expression],
  cas: [register, place, expression, expression],
  fence: [],
  lock: [place],
  unlock: [place],
  trylock: [register, place],
  cwait: [place, place],
  creacq: [place, place],
  csignal: [place],
  cbcast: [place],
  await: [place, expression],
  awaitx: [register, place, expression, expression],
  assume: [expression],
  assert: [expression],
  spawn: [thread],
  join: [thread],
  set: [register, expression],
  while: [expression, block],
  repeat: [expression, block],
  return: [],
};

function operandsOf(op: string, given: readonly unknown[]): readonly Operand[] {
  if (op === "if") return given.length === 2 ? [expression, block] : [expression, block, block];
  if (op === "seq") return given.map(() => (value, threads, depth) => checkStatement(value, threads, depth + 1));
  return Object.hasOwn(OPERANDS, op) ? OPERANDS[op as keyof typeof OPERANDS] : refuse(`op ${shown(op)}`);
}

function checkStatement(statement: unknown, threads: number, depth: number): void {
  if (!Array.isArray(statement) || typeof statement[0] !== "string") return refuse(`op ${shown(statement)}`);
  if (depth > DEPTH_MAX) return refuse("ops nested too deeply");
  const [op, ...given] = statement as [string, ...unknown[]];
  const operands = operandsOf(op, given);
  if (operands.length !== given.length) return refuse(`op ${shown(statement)}: ${String(operands.length)} operands are needed`);
  operands.forEach((check, i) => check(given[i], threads, depth));
}

function checkExpression(value: unknown, depth: number): void {
  if (isNumber(value) || isRegister(value)) return;
  if (!Array.isArray(value) || typeof value[0] !== "string") return refuse(`expression ${shown(value)}`);
  if (depth > DEPTH_MAX) return refuse("expressions nested too deeply");
  const [operator, ...operands] = value as [string, ...unknown[]];
  const needed = operator === NOT ? 1 : Object.hasOwn(OPERATORS, operator) ? 2 : refuse(`operator ${shown(operator)}`);
  const fits = operands.length === needed || (operands.length > needed && CHAINS.has(operator));
  if (!fits) return refuse(`expression ${shown(value)}: ${String(needed)} operands are needed`);
  for (const operand of operands) checkExpression(operand, depth + 1);
}

