/** Runs the instructions of one thread, as a context of the engine. */
import { Op, fail, type Awaiting, type Context, type Routine } from "../sim/index.ts";
import { Code, type Instruction } from "./code.ts";
import type { Evaluate, Registers } from "./expressions.ts";
import type { RunMemory } from "./run-memory.ts";
import type { Passage, Sleeper } from "./synchronising.ts";

/** More instructions than this without an access are a loop that never ends. */
const LOCAL_MAX = 100_000;
/** Where every thread keeps the value waited on and the value before an update. */
const WAITED = 0;
const OLD = 1;

/** One thread in one run. */
export class ThreadRun {
  readonly id: number;
  readonly name: string;
  readonly code: readonly Instruction[];
  readonly registers: Registers;
  readonly memory: RunMemory;
  /** Open once it is spawned; null: it runs from the beginning. */
  readonly born: Passage | null;
  /** Open once it has ended; null: nobody joins it. */
  readonly over: Passage | null;
  readonly sleeper: Sleeper | null;
  readonly wait: Awaiting | null;
  context: Context | null = null;
  /** The instruction after the one that runs or is announced. */
  at = 0;
  /** What it stored, plainly and in this order. */
  readonly stored: number[] = [];
  /** An assumption did not hold: it goes no further. */
  stopped = false;

  constructor(
    id: number,
    name: string,
    code: readonly Instruction[],
    registers: number,
    memory: RunMemory,
    parts: Pick<ThreadRun, "born" | "over" | "sleeper" | "wait">,
  ) {
    this.id = id;
    this.name = name;
    this.code = code;
    this.registers = new Array<number>(registers).fill(0);
    this.memory = memory;
    this.born = parts.born;
    this.over = parts.over;
    this.sleeper = parts.sleeper;
    this.wait = parts.wait;
  }

  /** Makes it a context, which is at its first operation then. */
  start(): void {
    this.context = this.memory.x.spawn(this.name, () => run(this), { buffered: this.memory.buffered });
  }

  /** Does it wait for ever for a value, a mutex, or an assumption? To be asked when nothing is enabled. */
  get isBlocked(): boolean {
    if (this.stopped) return true;
    if (this.context?.life === "done" || this.at === 0) return false;
    const { code, slot } = this.code[this.at - 1] as Instruction;
    if (code === Code.Reacquire)
      return this.sleeper !== null && !this.memory.condition(slot(this.registers)).holds(this.sleeper);
    return code === Code.Lock || code === Code.Await || code === Code.AwaitSwap;
  }

  /** A value for the waits of this thread. */
  test(condition: Evaluate): (value: number) => boolean {
    const values = this.registers;
    return (value) => {
      values[WAITED] = value;
      return condition(values) !== 0;
    };
  }

  next(update: Evaluate): (old: number) => number {
    const values = this.registers;
    return (old) => {
      values[OLD] = old;
      return update(values);
    };
  }
}

function* run(t: ThreadRun): Routine<void> {
  if (t.born !== null) yield* t.born.pass(t.memory.threadObject(t.id));
  let local = 0;
  for (;;) {
    const i = t.code[t.at++] as Instruction;
    if (i.code <= Code.Yield) {
      local = 0;
      if (i.code <= Code.Fence) yield* access(t, i);
      else yield* synchronise(t, i);
      continue;
    }
    if (++local > LOCAL_MAX) fail("Stuck", "local-loop", `${t.name} turns in circles without touching anything.`);
    if (i.code === Code.Set) t.registers[i.register] = i.a(t.registers);
    else if (i.code === Code.Unless) t.at = i.a(t.registers) === 0 ? i.target : t.at;
    else if (i.code === Code.Jump) t.at = i.target;
    else if (i.code === Code.Return) break;
    else if (i.a(t.registers) === 0) {
      if (i.code === Code.Assert) t.memory.violated(t);
      else return stop(t);
    }
  }
  if (t.over === null) return;
  yield* t.memory.fence();
  // Without a step there is nothing to join.
  if (t.context !== null) t.memory.x.also(t.memory.threadObject(t.id));
  t.over.open();
}

function stop(t: ThreadRun): void {
  t.stopped = true;
}

function* access(t: ThreadRun, i: Instruction): Routine<void> {
  const values = t.registers;
  if (i.code === Code.Fence) return yield* t.memory.fence();
  const word = t.memory.word(i.slot(values));
  switch (i.code) {
    case Code.Load:
      values[i.register] = yield* word.load();
      return;
    case Code.Store:
    case Code.StoreFence: {
      const value = i.a(values);
      t.stored.push(value);
      yield* word.store(value);
      if (i.code === Code.StoreFence) yield* t.memory.fence();
      return;
    }
    case Code.Swap:
      values[i.register] = yield* word.swap(i.a(values));
      return;
    case Code.Update:
      values[i.register] = yield* word.update(t.next(i.a));
      return;
    case Code.Cas:
      values[i.register] = (yield* word.cmpset(i.a(values), i.b(values))) ? 1 : 0;
      return;
    default:
      return undefined;
  }
}

function* synchronise(t: ThreadRun, i: Instruction): Routine<void> {
  const { memory, registers: values } = t;
  switch (i.code) {
    case Code.Lock:
      return yield* memory.mutex(i.slot(values)).acquire();
    case Code.Unlock:
      return yield* memory.held(t, i.slot(values)).release();
    case Code.Try: {
      values[i.register] = (yield* memory.try(i.slot(values))) ? 1 : 0;
      return;
    }
    case Code.Sleep:
      return yield* memory.condition(i.slot(values)).sleep(t.sleeper as Sleeper, memory.held(t, i.mutex(values)));
    case Code.Reacquire:
      return yield* memory.condition(i.slot(values)).reacquire(t.sleeper as Sleeper, memory.mutex(i.mutex(values)));
    case Code.Signal:
      return yield* memory.condition(i.slot(values)).signal();
    case Code.Broadcast:
      return yield* memory.condition(i.slot(values)).broadcast();
    case Code.Await:
      yield* memory.word(i.slot(values)).awaitLoad(t.wait as Awaiting, t.test(i.a));
      return;
    case Code.AwaitSwap:
      values[i.register] = yield* memory.word(i.slot(values)).awaitSwap(t.wait as Awaiting, t.test(i.a), i.b(values));
      return;
    case Code.Spawn:
      return yield* memory.spawn(i.target);
    case Code.Join:
      return yield* memory.join(i.target);
    default:
      return yield* memory.x.pause(Op.Yield);
  }
}
