/** The simulated machine: its CPUs, contexts and numbered objects. */
import { Context, Processor, type ContextOptions } from "./context.ts";
import { misuse } from "./failure.ts";
import { CONTEXTS_MAX } from "./limits.ts";
import type { MemoryModel } from "./memory-model.ts";
import { OBJECT_MAX, Op, packOp } from "./operation.ts";
import type { Routine } from "./point.ts";
import { NOTHING_OWED, Turn } from "./turn.ts";

/** What a run consists of. {@link Execution} adds the schedule. */
export abstract class Machine {
  /** When stores become visible. */
  readonly memory: MemoryModel = "sc";
  readonly cpus: Processor[] = [];
  readonly contexts: Context[] = [];
  /** Registered objects by number, for names; index 0 is "no object". */
  readonly objects: object[] = [NO_OBJECT];
  /** What was handed out and not yet consumed by `yield*`; kept by {@link Turn}. */
  owed = NOTHING_OWED;
  /**
   * Where a strategy wants to know: lines that were raised, lowered or given something to look at since it last asked, as
   * twice the context's number, plus one where the line was pending before. Null: nobody asks.
   */
  touches: number[] | null = null;
  /**
   * Are locks on which threads would sleep attempted only while they are free (decision 0006)? Set before the locks are
   * made. Default false: waiting is explored step by step.
   */
  patient = false;
  /** Where a strategy wants to know: objects that a step changed beside those it names, each with the CPU whose part it is. */
  changedBeside: number[] | null = null;
  /** Where a strategy wants to know: allocations whose fields a step looked at, or changed, without a point (`Struct.memory`). */
  looked: number[] | null = null;
  /** The same for allocations that a step frees. */
  freed: number[] | null = null;
  /** Allocations of this run. */
  allocations = 0;
  /** Plain words of this run: without any, there is nothing that could race. */
  plainWords = 0;
  /** Words of this run that are accessed both plainly and atomically. */
  mixedWords = 0;

  /** Something that the handler of a line looks at changes, whether it is raised for it or not. Not a point. */
  touch(line: Context): void {
    const { touches } = this;
    const { cpu, id } = line;
    if (touches !== null && cpu !== null) touches.push(2 * id + ((cpu.raised >> cpu.lines.indexOf(line)) & 1));
  }

  /** Gives an allocation its number. */
  allocated(struct: { memory: number }): void {
    struct.memory = ++this.allocations;
  }

  /** A step changes an object that its operation does not name; of a divided one, the part of a CPU. Not a point. */
  changeBeside(object: number, cpu = 0): void {
    if (this.changedBeside !== null) this.changedBeside.push(object, cpu);
  }

  /** Gives an object its number in this run (allocation order). Throws `Misuse` past {@link OBJECT_MAX}. */
  register(object: object): number {
    const id = this.objects.push(object) - 1;
    if (id > OBJECT_MAX) misuse("too-many-objects", `more than ${String(OBJECT_MAX)} objects`);
    return id;
  }

  /** Adds a CPU. */
  processor(): Processor {
    const cpu = new Processor(this.cpus.length, 0);
    (cpu as { object: number }).object = this.register(cpu);
    this.cpus.push(cpu);
    return cpu;
  }

  /** A thread that does not run yet: {@link setThread} or a switch makes it current on its CPU. */
  thread(
    name: string,
    cpu: Processor,
    body: () => Routine<void>,
    options: ContextOptions = {},
  ): Context {
    return this.context(name, cpu, body, options.daemon ?? false);
  }

  /** An interrupt line of a CPU; `body` makes the handler of one activation. */
  line(name: string, cpu: Processor, body: () => Routine<void>): Context {
    const line = this.context(name, cpu, body, true);
    line.pending = packOp(Op.Begin, cpu.object);
    cpu.lines.push(line);
    return line;
  }

  /** Adds a context that does not run yet. */
  protected context(
    name: string,
    cpu: Processor | null,
    body: () => Routine<void>,
    daemon: boolean,
    _buffered = 0,
  ): Context {
    const id = this.contexts.length;
    if (id >= CONTEXTS_MAX) misuse("too-many-contexts", `more than ${String(CONTEXTS_MAX)}`);
    const context = new Context(id, name, cpu, body, new Turn(this), daemon);
    this.contexts.push(context);
    return context;
  }
}

const NO_OBJECT = { label: "nothing" };
