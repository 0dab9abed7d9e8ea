/**
 * An execution under TSO or PSO. What fences waits until the store buffer of its CPU is empty: whatever else could be
 * seen of the stores meanwhile, choosing their flushes earlier shows. Kept in a class of its own, so that sequential
 * consistency pays nothing.
 *
 * Locked instructions and fences drain on x86 (Intel, "Software Developer's Manual", volume 3, section 9.2.2), a
 * compare that fails too. So do a thread switch and the sending of an IPI, as the kernel does them; entering and
 * leaving an interrupt does not: handlers take from the buffer of their CPU.
 */
import type { Context, Processor } from "./context.ts";
import { Execution } from "./execution.ts";
import type { Gate } from "./gate.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { MemoryModel } from "./memory-model.ts";
import { Op, opKind } from "./operation.ts";
import type { Routine } from "./point.ts";
import type { Recording } from "./recording.ts";
import { StoreBuffer } from "./store-buffer.ts";
import type { Strategy } from "./strategy.ts";

/** Operations that wait until the stores before them are visible. */
const FENCES: ReadonlySet<Op> = new Set<Op>([
  Op.Fence, Op.AtomicStore, Op.RelaxedStore, Op.Rmw, Op.RelaxedRmw, Op.AcquireRmw, Op.ReleaseRmw, Op.Cmpset, Op.Acquire,
  Op.Try, Op.Release, Op.Send, Op.Receive, Op.Interlock, Op.Sleep, Op.Wakeup, Op.Switch, Op.Exit,
]);

/** Does an operation of this kind wait until the stores before it are visible? */
export const opFences = (kind: Op): boolean => FENCES.has(kind);

/** Words that a CPU is expected to have in its buffer at a time; there may be more. */
const WORDS_OF_A_CPU = 8;

/** The execution of a program under a memory model. */
export function executionUnder(
  memory: MemoryModel,
  strategy: Strategy,
  recording: Recording,
  limits: Limits = DEFAULT_LIMITS,
): Execution {
  if (memory === "sc") return new Execution(strategy, recording, limits);
  return new BufferedExecution(memory, strategy, recording, limits);
}

class BufferedExecution extends Execution {
  override readonly memory: MemoryModel;

  constructor(memory: MemoryModel, strategy: Strategy, recording: Recording, limits: Limits) {
    super(strategy, recording, limits);
    this.memory = memory;
  }

  override processor(): Processor {
    const cpu = super.processor();
    cpu.buffer = this.#buffer(`cpu ${String(cpu.id)}`, WORDS_OF_A_CPU);
    return cpu;
  }

  protected override context(
    name: string,
    cpu: Processor | null,
    body: () => Routine<void>,
    daemon: boolean,
    buffered = 0,
  ): Context {
    const buffer = cpu === null && buffered > 0 ? this.#buffer(name, buffered) : (cpu?.buffer ?? null);
    const context = super.context(name, cpu, body, daemon);
    context.buffer = buffer;
    buffer?.owners.push(context);
    return context;
  }

  #buffer(label: string, words: number): StoreBuffer {
    const flusher = (name: string): Context => super.context(name, null, NO_BODY, true);
    return new StoreBuffer(this, this.memory, label, words, flusher);
  }

  override point(word: number): boolean {
    const { current } = this;
    const { buffer } = current;
    if (buffer === null || !FENCES.has(opKind(word))) return super.point(word);
    if (!buffer.isEmpty) {
      current.drains = true;
      this.leave(this.announce(word));
      return false;
    }
    buffer.drained();
    const goesOn = super.point(word);
    current.drains = !goesOn;
    return goesOn;
  }

  override pointAtGate(word: number, gate: Gate): boolean {
    const { current } = this;
    const goesOn = super.pointAtGate(word, gate);
    current.drains = !goesOn && current.buffer !== null;
    return goesOn;
  }

  protected override goOn(next: Context, chosen: boolean): void {
    if (next.drains) {
      next.drains = false;
      next.buffer?.drained();
    }
    super.goOn(next, chosen);
  }
}

const NO_BODY = (): never => {
  throw new Error("a store buffer has no routine");
};
