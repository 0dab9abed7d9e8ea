/** Programs of the small language as programs of the engine. */
import { Awaiting, type Execution, type MemoryModel, type Program } from "../sim/index.ts";
import { Code, ThreadCompiler, type Instruction } from "./code.ts";
import { RegisterNames } from "./expressions.ts";
import { Layout } from "./layout.ts";
import type { Block, Source } from "./language.ts";
import { RunMemory } from "./run-memory.ts";
import { Passage, Sleeper } from "./synchronising.ts";
import { ThreadRun } from "./thread.ts";

/** A thread, compiled. */
interface CompiledThread {
  readonly name: string;
  readonly code: readonly Instruction[];
  readonly registers: RegisterNames;
  readonly spawned: boolean;
  readonly joined: boolean;
  readonly sleeps: boolean;
  readonly waits: boolean;
}

/** How a program is compiled. */
export interface CompileOptions {
  /** An assertion that does not hold ends the run; otherwise it is counted in {@link Compiled.violations}. Default true. */
  readonly failing?: boolean;
  /** A thread is at its first operation as soon as it is spawned; otherwise its beginning is a step. Default false. */
  readonly startsAtOnce?: boolean;
  /** Default `sc`. */
  readonly memory?: MemoryModel;
}

/** A compiled program; explores like any other. What it says of a run is valid until the next one. */
export class Compiled implements Program {
  readonly source: Source;
  readonly memory: MemoryModel;
  readonly #layout = new Layout();
  readonly #threads: readonly CompiledThread[];
  readonly #failing: boolean;
  readonly #startsAtOnce: boolean;
  #memory: RunMemory | null = null;

  constructor(source: Source, options: CompileOptions = {}) {
    this.source = source;
    this.memory = options.memory ?? "sc";
    this.#failing = options.failing ?? true;
    this.#startsAtOnce = options.startsAtOnce ?? false;
    const main = source.final.length > 0 ? [joinAll(source)] : [];
    const compiled = [...source.threads, ...main].map((block, i) => this.#compile(block, i));
    const targets = (code: Code): ReadonlySet<number> =>
      new Set(compiled.flatMap((thread) => thread.code.filter((one) => one.code === code).map(({ target }) => target)));
    const spawned = targets(Code.Spawn);
    const joined = targets(Code.Join);
    this.#threads = compiled.map((thread, i) => ({ ...thread, spawned: spawned.has(i), joined: joined.has(i) }));
  }

  #compile(block: Block, i: number): Omit<CompiledThread, "spawned" | "joined"> {
    const registers = new RegisterNames();
    const code = new ThreadCompiler(registers, this.#layout).compile(block);
    const has = (...codes: readonly Code[]): boolean => code.some((one) => codes.includes(one.code));
    const name = i < this.source.threads.length ? `t${String(i)}` : "main";
    return { name, code, registers, sleeps: has(Code.Sleep, Code.Reacquire), waits: has(Code.Await, Code.AwaitSwap) };
  }

  setup(x: Execution): void {
    const memory = new RunMemory(x, this.#layout, this.source, this.#failing);
    this.#memory = memory;
    const threads = this.#threads.map((thread, id) => new ThreadRun(id, thread.name, thread.code, thread.registers.names.length, memory, {
      born: thread.spawned && !this.#startsAtOnce ? new Passage(x, `the spawn of ${thread.name}`) : null,
      over: thread.joined ? new Passage(x, `the end of ${thread.name}`) : null,
      sleeper: thread.sleeps ? new Sleeper(x, id) : null,
      wait: thread.waits ? new Awaiting(x, `a value that ${thread.name} waits for`) : null,
    }));
    memory.threads = threads;
    memory.fill();
    memory.buffered = Math.max(1, this.#layout.words);
    threads.forEach((thread, i) => {
      if (!this.#startsAtOnce || this.#threads[i]?.spawned !== true) thread.start();
    });
  }

  get #run(): RunMemory {
    if (this.#memory === null) throw new Error("no run yet");
    return this.#memory;
  }

  /** Did a thread wait for ever for a value, a mutex or an assumption in the last run? Cost: linear in the threads. */
  get isBlocked(): boolean {
    return this.#run.threads.some((thread) => thread.isBlocked);
  }

  /** Threads whose assertion failed in the last run. */
  get violations(): readonly string[] {
    return this.#run.violations;
  }

  /** What a thread stored in its n-th plain store of the last run. */
  stored(thread: number, nth: number): number | null {
    return this.#run.threads[thread]?.stored[nth] ?? null;
  }

  /** A register at the end of the last run; 0 where there is none of this name. */
  register(thread: number, name: string): number {
    const number = this.#threads[thread]?.registers.names.indexOf(name) ?? -1;
    return this.#run.threads[thread]?.registers[number] ?? 0;
  }

  /** Names of the registers of a thread, its own ones. */
  registersOf(thread: number): readonly string[] {
    return (this.#threads[thread]?.registers.names ?? []).filter((name) => !name.startsWith("_") && !name.includes(" "));
  }

  /** A word at the end of the last run; its initial value where nobody touched it. */
  word(name: string): number {
    const slot = this.#layout.wordAt(name);
    if (slot < 0) return this.source.vars[name] ?? 0;
    return this.#run.word(slot).peek();
  }
}

const joinAll = ({ threads, final }: Source): Block => [
  ...threads.map((_, i) => ["join", i] as const),
  ...final,
];
