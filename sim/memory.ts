/**
 * Shared memory, declared and never implied. Each field of a modelled struct is a cell of one kind; the way it
 * is read says what the reader claims, and the claim is checked on every access, on every schedule:
 *
 *   `.held`             the guard is held by this context (guarded, published)
 *   `yield* .load()`    no lock: a point (published, word, atomic)
 *   `.mine`             this CPU's own data, in a critical section or by its one thread
 *   `.here`             this CPU's own data, by its threads only
 *   `.fixed`            written before publication only
 *
 * Accessors exist once per kind, not per field: they are monomorphic and cost 1 to 2 ns, with no code
 * generated at run time (docs/decisions/0001-cells.md).
 */
import { BufferedFrozen, BufferedMixed, BufferedPublished, BufferedWord } from "./buffered-cells.ts";
import type { Stored, Struct } from "./cell.ts";
import type { Processor } from "./context.ts";
import type { Guard } from "./gate.ts";
import { Mixed } from "./mixed-cells.ts";
import { CpuThreads, Frozen, Guarded, PerCpu } from "./owned-cells.ts";
import { Atomic, PerCpuCounter, Published, Word } from "./shared-cells.ts";

export { Cell, Struct, UNWRITTEN, cellName, type Grave } from "./cell.ts";
export { Awaiting, Mixed } from "./mixed-cells.ts";
export { CpuThreads, Frozen, Guarded, PerCpu } from "./owned-cells.ts";
export { Atomic, PerCpuCounter, Published, Word } from "./shared-cells.ts";

/** A field that needs `guard` held by the accessing context. @see {@link explore} for an example */
export const guardedBy = <T>(owner: Struct, guard: Guard, initial: Stored<T>): Guarded<T> =>
  new Guarded<T>(owner, guard, initial);
/** A field stored under `guard` and loaded also without it. @see {@link explore} for an example */
export const published = <T>(owner: Struct, guard: Guard, initial: Stored<T>): Published<T> =>
  owner.x.memory === "sc" ? new Published<T>(owner, guard, initial) : new BufferedPublished<T>(owner, guard, initial);
/** A plain word without a common lock. @see {@link explore} for an example */
export const word = <T>(owner: Struct, initial: Stored<T>): Word<T> =>
  owner.x.memory === "sc" ? new Word<T>(owner, initial) : new BufferedWord<T>(owner, initial);
/** An atomic word. @see {@link explore} for an example */
export const atomic = <T>(owner: Struct, initial: Stored<T>): Atomic<T> =>
  new Atomic<T>(owner, initial);
/** A word with plain and atomic accesses, which can be waited for. @see {@link explore} for an example */
export const mixed = (owner: Struct, initial: number): Mixed =>
  owner.x.memory === "sc" ? new Mixed(owner, initial) : new BufferedMixed(owner, initial);
/** A field that belongs to one CPU. @see {@link explore} for an example */
export const perCpu = <T>(owner: Struct, cpu: Processor, initial: Stored<T>): PerCpu<T> =>
  new PerCpu<T>(owner, cpu, initial);
/** A field that the threads of one CPU share, and nothing that nests on them. @see {@link explore} for an example */
export const cpuThreads = <T>(owner: Struct, cpu: Processor, initial: Stored<T>): CpuThreads<T> =>
  new CpuThreads<T>(owner, cpu, initial);
/** A per-CPU statistic. @see {@link explore} for an example */
export const perCpuCounter = (owner: Struct, cpu: Processor): PerCpuCounter =>
  new PerCpuCounter(owner, cpu);
/** A field written before publication only. @see {@link explore} for an example */
export const frozen = <T>(owner: Struct, initial: Stored<T>): Frozen<T> =>
  owner.x.memory === "pso" ? new BufferedFrozen<T>(owner, initial) : new Frozen<T>(owner, initial);
