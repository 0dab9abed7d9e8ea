/** Small programs with known numbers, for the tests of strategies and detectors. */
import type { Execution } from "./execution.ts";
import type { Program } from "./explorer.ts";
import { fail } from "./failure.ts";
import { Gate } from "./gate.ts";
import { Struct, word, type Word } from "./memory.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";
import { checkStuck } from "./stuck.ts";

/** Threads of independent steps. */
export const independent = (...steps: readonly number[]): Program => ({
  setup(x) {
    steps.forEach((count, i) => {
      x.spawn(`t${String(i)}`, () => pauses(x, count));
    });
  },
});

function* pauses(x: Execution, count: number): Routine<void> {
  for (let i = 0; i < count; i++) yield* x.pause(Op.Yield);
}

/** Plain words by name, all 0 unless given. */
class Memory extends Struct {
  readonly words = new Map<string, Word<number>>();

  constructor(x: Execution, initial: Readonly<Record<string, number>>) {
    super(x, "m");
    for (const [name, value] of Object.entries(initial)) {
      const cell = word(this, value);
      this.words.set(name, cell);
      Object.defineProperty(this, name, { value: cell, enumerable: true });
    }
  }

  at(name: string): Word<number> {
    const cell = this.words.get(name);
    if (cell === undefined) throw new Error(`no word ${name}`);
    return cell;
  }
}

const bug = (): never => fail("Violation", "bug", "The program went wrong.");

/** SCTBench `reorder_N_bad`: a checker may see only one of two stores. */
export const reorder = (setters: number, checkers: number): Program => ({
  setup(x) {
    const m = new Memory(x, { a: 0, b: 0 });
    for (let i = 0; i < setters; i++) x.spawn(`setter ${String(i)}`, () => setBoth(m));
    for (let i = 0; i < checkers; i++) x.spawn(`checker ${String(i)}`, () => checkBoth(m));
  },
});

function* setBoth(m: Memory): Routine<void> {
  yield* m.at("a").store(1);
  yield* m.at("b").store(-1);
}

function* checkBoth(m: Memory): Routine<void> {
  if ((yield* m.at("a").load()) === 0 && (yield* m.at("b").load()) === 0) return;
  if ((yield* m.at("a").load()) === 1 && (yield* m.at("b").load()) === -1) return;
  bug();
}

/** SCTBench `deadlock01_bad`: two locks in two orders. */
export const crossedLocks: Program = {
  setup(x) {
    const a = new Gate(x, "lock a");
    const b = new Gate(x, "lock b");
    x.spawn("ab", () => lockBoth(a, b));
    x.spawn("ba", () => lockBoth(b, a));
  },
  atEnd: checkStuck,
};

function* lockBoth(first: Gate, second: Gate): Routine<void> {
  yield* first.acquire();
  yield* second.acquire();
  yield* second.release();
  yield* first.release();
}

/** SCTBench `twostage_bad`, one writer and one reader. */
export const twoStage: Program = {
  setup(x) {
    const m = new Memory(x, { d1: 0, d2: 0 });
    const one = new Gate(x, "one");
    const two = new Gate(x, "two");
    x.spawn("writer", () => writeStages(m, one, two));
    x.spawn("reader", () => readStages(m, one, two));
  },
};

function* writeStages(m: Memory, one: Gate, two: Gate): Routine<void> {
  yield* one.acquire();
  yield* m.at("d1").store(1);
  yield* one.release();
  yield* two.acquire();
  yield* m.at("d2").store((yield* m.at("d1").load()) + 1);
  yield* two.release();
}

function* readStages(m: Memory, one: Gate, two: Gate): Routine<void> {
  yield* one.acquire();
  const set = yield* m.at("d1").load();
  if (set === 0) return yield* one.release();
  const first = yield* m.at("d1").load();
  yield* one.release();
  yield* two.acquire();
  const second = yield* m.at("d2").load();
  yield* two.release();
  if (second !== first + 1) bug();
}

/** SCTBench `account_bad`: wrong whenever the check is last. */
export const account: Program = {
  setup(x) {
    const m = new Memory(x, { balance: 1, dd: 0, wd: 0 });
    const lock = new Gate(x, "m");
    x.spawn("check", () => checkBalance(m, lock));
    x.spawn("deposit", () => move(m, lock, 2, "dd"));
    x.spawn("withdraw", () => move(m, lock, -4, "wd"));
  },
};

function* move(m: Memory, lock: Gate, amount: number, done: string): Routine<void> {
  yield* lock.acquire();
  yield* m.at("balance").store((yield* m.at("balance").load()) + amount);
  yield* m.at(done).store(1);
  yield* lock.release();
}

function* checkBalance(m: Memory, lock: Gate): Routine<void> {
  yield* lock.acquire();
  const both = (yield* m.at("dd").load()) === 1 && (yield* m.at("wd").load()) === 1;
  if (both && (yield* m.at("balance").load()) !== 1 - 2 - 4) bug();
  yield* lock.release();
}
