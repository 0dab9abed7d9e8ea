/** Expressions as functions of the registers of a thread. */
import { NOT, OPERATORS, type Expression } from "./language.ts";

/** The registers of a thread by number. */
export type Registers = number[];
/** An expression. Pure. */
export type Evaluate = (registers: Registers) => number;

/** Numbers for the names of the registers of a thread; what was never set is 0. */
export class RegisterNames {
  readonly names: string[] = [];

  numberOf(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}

/** Compiles an expression that has been read. */
export function compileExpression(expression: Expression, registers: RegisterNames): Evaluate {
  if (typeof expression === "number") return () => expression;
  if (typeof expression === "string") {
    const register = registers.numberOf(expression);
    return (values) => values[register] as number;
  }
  const [operator, ...operands] = expression as readonly [string, ...Expression[]];
  const compiled = operands.map((operand) => compileExpression(operand, registers));
  const [first = ZERO, ...rest] = compiled;
  if (operator === NOT) return (values) => (first(values) === 0 ? 1 : 0);
  const operate = OPERATORS[operator] ?? ((): number => 0);
  return rest.reduce<Evaluate>((left, right) => (values) => operate(left(values), right(values)), first);
}

const ZERO: Evaluate = () => 0;
