/** A thread as a list of instructions: control flow is flattened once, so that running it is a loop over an array. */
import { compileExpression, type Evaluate, type RegisterNames } from "./expressions.ts";
import { OLD, WAITED, type Block, type Expression, type Place, type Sequence, type Statement } from "./language.ts";
import type { Layout, ObjectKind, Slot } from "./layout.ts";

/** What an instruction does. Those up to {@link Code.Yield} touch what is shared, the others are local. */
export const Code = {
  Load: 0,
  Store: 1,
  StoreFence: 2,
  Swap: 3,
  Update: 4,
  Cas: 5,
  Fence: 6,
  Lock: 7,
  Unlock: 8,
  Try: 9,
  Sleep: 10,
  Reacquire: 11,
  Signal: 12,
  Broadcast: 13,
  Await: 14,
  AwaitSwap: 15,
  Spawn: 16,
  Join: 17,
  Yield: 18,
  Set: 19,
  /** Goes to the target unless the expression is true. */
  Unless: 20,
  Jump: 21,
  Assume: 22,
  Assert: 23,
  Return: 24,
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/** One instruction; every one has the same shape. */
export interface Instruction {
  readonly code: Code;
  /** The word, mutex or condition variable. */
  readonly slot: Slot;
  /** The mutex of a condition variable. */
  readonly mutex: Slot;
  /** What is set; -1: nothing. */
  readonly register: number;
  readonly a: Evaluate;
  readonly b: Evaluate;
  /** Where to go, or a thread. */
  target: number;
}

/** What is said of an instruction. */
type Made = Partial<Instruction> & { readonly code: Code };
/** Statements that hold others. */
type Structured = Sequence | readonly ["if" | "while" | "repeat", ...unknown[]];

const NOWHERE: Slot = () => 0;
const ZERO: Evaluate = () => 0;

/** Compiles one thread. */
export class ThreadCompiler {
  readonly code: Instruction[] = [];
  readonly #registers: RegisterNames;
  readonly #layout: Layout;

  constructor(registers: RegisterNames, layout: Layout) {
    this.#registers = registers;
    this.#layout = layout;
    registers.numberOf(WAITED);
    registers.numberOf(OLD);
  }

  compile(block: Block): readonly Instruction[] {
    this.#block(block);
    this.#add({ code: Code.Return });
    return this.code;
  }

  #add(given: Made): Instruction {
    const instruction = { slot: NOWHERE, mutex: NOWHERE, register: -1, a: ZERO, b: ZERO, target: 0, ...given };
    this.code.push(instruction);
    return instruction;
  }

  #block(block: Block): void {
    for (const statement of block) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement[0]) {
      case "if":
        return this.#if(statement[1], statement[2], statement[3] ?? []);
      case "while":
        return this.#while(statement[1], statement[2]);
      case "repeat":
        return this.#repeat(statement[1], statement[2]);
      case "seq":
        return this.#block(statement.slice(1) as readonly Statement[]);
      default:
        this.#add(this.#simple(statement));
    }
  }

  #if(condition: Expression, then: Block, otherwise: Block): void {
    const test = this.#add({ code: Code.Unless, a: this.#expression(condition) });
    this.#block(then);
    if (otherwise.length === 0) {
      test.target = this.code.length;
      return;
    }
    const over = this.#add({ code: Code.Jump });
    test.target = this.code.length;
    this.#block(otherwise);
    over.target = this.code.length;
  }

  #while(condition: Expression, body: Block): void {
    const start = this.code.length;
    const test = this.#add({ code: Code.Unless, a: this.#expression(condition) });
    this.#block(body);
    this.#add({ code: Code.Jump, target: start });
    test.target = this.code.length;
  }

  /** A counter of its own, which no name reaches. */
  #repeat(times: Expression, body: Block): void {
    const register = this.#registers.numberOf(`repeat ${String(this.code.length)}`);
    this.#add({ code: Code.Set, register, a: this.#expression(times) });
    const start = this.code.length;
    const test = this.#add({ code: Code.Unless, a: (values) => ((values[register] as number) > 0 ? 1 : 0) });
    this.#add({ code: Code.Set, register, a: (values) => (values[register] as number) - 1 });
    this.#block(body);
    this.#add({ code: Code.Jump, target: start });
    test.target = this.code.length;
  }

  #simple(statement: Exclude<Statement, Structured>): Made {
    switch (statement[0]) {
      case "st":
      case "stsc": {
        const code = statement[0] === "st" ? Code.Store : Code.StoreFence;
        return { code, slot: this.#place("word", statement[1]), a: this.#expression(statement[2]) };
      }
      case "ld":
        return { code: Code.Load, register: this.#register(statement[1]), slot: this.#place("word", statement[2]) };
      case "rmw":
      case "xchg": {
        const code = statement[0] === "rmw" ? Code.Update : Code.Swap;
        return { code, register: this.#register(statement[1]), slot: this.#place("word", statement[2]), a: this.#expression(statement[3]) };
      }
      case "cas":
        return { code: Code.Cas, register: this.#register(statement[1]), slot: this.#place("word", statement[2]), a: this.#expression(statement[3]), b: this.#expression(statement[4]) };
      case "await":
        return { code: Code.Await, slot: this.#place("word", statement[1]), a: this.#expression(statement[2]) };
      case "awaitx":
        return { code: Code.AwaitSwap, register: this.#register(statement[1]), slot: this.#place("word", statement[2]), a: this.#expression(statement[3]), b: this.#expression(statement[4]) };
      case "set":
        return { code: Code.Set, register: this.#register(statement[1]), a: this.#expression(statement[2]) };
      case "assume":
      case "assert":
        return { code: statement[0] === "assume" ? Code.Assume : Code.Assert, a: this.#expression(statement[1]) };
      case "spawn":
      case "join":
        return { code: statement[0] === "spawn" ? Code.Spawn : Code.Join, target: statement[1] };
      case "fence":
        return { code: Code.Fence };
      case "yield":
        return { code: Code.Yield };
      case "return":
        return { code: Code.Return };
      default:
        return this.#synchronising(statement);
    }
  }

  #synchronising(
    statement: Extract<Statement, readonly ["lock" | "unlock" | "trylock" | "cwait" | "creacq" | "csignal" | "cbcast", ...unknown[]]>,
  ): Made {
    switch (statement[0]) {
      case "lock":
      case "unlock":
        return { code: statement[0] === "lock" ? Code.Lock : Code.Unlock, slot: this.#place("mutex", statement[1]) };
      case "trylock":
        return { code: Code.Try, register: this.#register(statement[1]), slot: this.#place("mutex", statement[2]) };
      case "cwait":
      case "creacq": {
        const code = statement[0] === "cwait" ? Code.Sleep : Code.Reacquire;
        return { code, slot: this.#place("condition", statement[1]), mutex: this.#place("mutex", statement[2]) };
      }
      case "csignal":
      case "cbcast":
        return { code: statement[0] === "csignal" ? Code.Signal : Code.Broadcast, slot: this.#place("condition", statement[1]) };
    }
  }

  #place(kind: ObjectKind, place: Place): Slot {
    if (typeof place === "string") {
      const slot = this.#layout.slotOf(kind, place);
      return () => slot;
    }
    return this.#layout.arrayOf(kind, place[0], this.#expression(place[1]));
  }

  #register(name: string): number {
    return this.#registers.numberOf(name);
  }

  #expression(expression: Expression): Evaluate {
    return compileExpression(expression, this.#registers);
  }
}
