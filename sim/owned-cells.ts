/** Cells whose accesses are no points but checked claims: guarded, per CPU, of the threads of a CPU, frozen. */
import { Cell, UNWRITTEN, cellName, guardViolation, type Stored, type Struct } from "./cell.ts";
import type { Context, Processor } from "./context.ts";
import { fail } from "./failure.ts";
import type { Guard } from "./gate.ts";

/** Read and written only while its lock is held by this context. Not a point. */
export class Guarded<T> extends Cell<T> {
  readonly guard: Guard;

  constructor(owner: Struct, guard: Guard, initial: Stored<T>) {
    super(owner, initial);
    this.guard = guard;
  }

  get held(): T {
    if (this.guard.owner !== this.x.current || this.grave !== null) this.#refuse("read");
    this.looked();
    const value = this.value;
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  set held(value: T) {
    if (this.guard.owner !== this.x.current || this.grave !== null) this.#refuse("written");
    this.looked();
    this.traced(this.value, value);
    this.value = value;
  }

  #refuse(verb: string): void {
    if (this.grave !== null) this.gone();
    guardViolation(this, this.guard, verb);
  }
}

/** Own data of one CPU. */
abstract class OfCpu<T> extends Cell<T> {
  readonly cpu: Processor;

  constructor(owner: Struct, cpu: Processor, initial: Stored<T>) {
    super(owner, initial);
    this.cpu = cpu;
  }

  /** Ends the run: an access breaks the rule `id`. `here`: why, if it is from this CPU. */
  protected refuse(id: string, verb: string, here: string, whose: string): never {
    if (this.grave !== null) this.gone();
    const { current } = this.x;
    const why = current.cpu === this.cpu ? here : "from another CPU";
    return fail("Discipline", id, `${cellName(this)} ${verb} ${why}`, [
      ["by", current.name],
      ["belongs to", `${whose}${String(this.cpu.id)}`],
    ]);
  }
}

/** Own data of one CPU: every access in a critical section or nested context of it, or all by one thread. */
export class PerCpu<T> extends OfCpu<T> {
  #sole: Context | null = null;
  #shared = false;
  #exposed = false;

  get mine(): T {
    this.looked();
    this.#check("read");
    return this.checked(this.value);
  }

  set mine(value: T) {
    this.#check("written");
    this.looked();
    if (this.grave !== null) this.gone();
    this.traced(this.value, value);
    this.value = value;
  }

  #check(verb: string): void {
    const context = this.x.current;
    const cpu = this.cpu;
    if (context !== this.#sole) {
      if (this.#sole === null) this.#sole = context;
      else this.#shared = true;
    }
    if (!cpu.masked && cpu.nested !== context) this.#exposed = true;
    if (context.cpu === cpu && !(this.#shared && this.#exposed)) return;
    this.refuse("per-cpu", verb, "outside a critical section, by several contexts", "cpu ");
  }
}

/**
 * Own data of one CPU that only its threads touch: they switch at points alone, so what lies between two points is
 * one piece, in a critical section or not. An access by what nests on a thread, or from another CPU, ends the run.
 */
export class CpuThreads<T> extends OfCpu<T> {
  get here(): T {
    this.looked();
    this.#check("read");
    return this.checked(this.value);
  }

  set here(value: T) {
    this.#check("written");
    this.looked();
    if (this.grave !== null) this.gone();
    this.traced(this.value, value);
    this.value = value;
  }

  #check(verb: string): void {
    const context = this.x.current;
    const cpu = this.cpu;
    if (context.cpu === cpu && cpu.nested !== context) return;
    this.refuse("cpu-threads", verb, "by what interrupts a thread", "threads of cpu ");
  }
}

/** Written before publication only. */
export class Frozen<T> extends Cell<T> {
  #published = false;

  get fixed(): T {
    if (this.grave !== null) this.gone();
    this.looked();
    const value = this.value;
    if (value === UNWRITTEN) this.unwritten();
    return value;
  }

  set fixed(value: T) {
    this.writable();
    this.traced(this.value, value);
    this.value = value;
  }

  /** Ends the run where a write is not legal. */
  protected writable(): void {
    if (this.grave !== null) this.gone();
    if (this.#published) {
      fail("Discipline", "frozen", `${cellName(this)} written after publication`, [
        ["by", this.x.current.name],
      ]);
    }
  }

  /** No write is legal from now on. */
  publish(): void {
    this.#published = true;
  }
}
