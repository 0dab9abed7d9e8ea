/** Accesses to objects that are in parts, one per CPU (`sim/divided.ts`). */
import type { Context } from "../../context.ts";
import { dividedOf } from "../../divided.ts";
import type { Execution } from "../../execution.ts";
import { opKind, opObject, type Op } from "../../operation.ts";
import { accessOf, accessOfAlso, addAccess, changeOf, memoryAccess, partAccess } from "./deed.ts";

/** Adds the accesses of the pending operation of a context, if its object is in parts; is it? */
export function addPendingParts(accesses: number[], x: Execution, context: Context): boolean {
  const object = opObject(context.pending);
  const divided = dividedOf(x.objects[object]);
  if (divided === null) return false;
  const { cpu } = context;
  const kind = opKind(context.pending);
  if (cpu === null) addAll(accesses, x, object);
  else {
    addAccess(accesses, partOf(x, object, cpu.id, divided.mayChange(kind, context)));
    if (divided.looksAtOthers(kind))
      for (const { id } of x.cpus) if (id !== cpu.id) addAccess(accesses, partOf(x, object, id, false));
  }
  return true;
}

/** Adds the access of an operation that was written down within a step: of a divided object, to the part of its CPU alone. */
export function addWritten(accesses: number[], x: Execution, { cpu }: Context, word: number): void {
  const object = opObject(word);
  if (dividedOf(x.objects[object]) === null) addAccess(accesses, accessOf(word));
  else if (cpu === null) addAll(accesses, x, object);
  else addAccess(accesses, partOf(x, object, cpu.id, true));
}

/** Adds the accesses to what a step changed without naming it. */
export function addChanged(accesses: number[], x: Execution, changed: number[]): void {
  for (let i = 0; i < changed.length; i += 2) {
    const object = changed[i] as number;
    const whole = dividedOf(x.objects[object]) === null;
    addAccess(accesses, whole ? changeOf(object) : partOf(x, object, changed[i + 1] as number, true));
  }
  changed.length = 0;
}

/** Adds the accesses to the fields of allocations, and to allocations that are freed. */
export function addMemory(accesses: number[], { looked, freed }: Execution): void {
  if (freed !== null) for (const each of freed) addAccess(accesses, memoryAccess(each, true));
  if (looked !== null) for (const each of looked) addAccess(accesses, memoryAccess(each, false));
}

/** Adds the accesses of a further object of an operation: of a divided object, to all of its parts. */
export function addFurther(accesses: number[], x: Execution, kind: Op, object: number): void {
  if (dividedOf(x.objects[object]) === null) addAccess(accesses, accessOfAlso(kind, object));
  else addAll(accesses, x, object);
}

function addAll(accesses: number[], x: Execution, object: number): void {
  for (const { id } of x.cpus) addAccess(accesses, partOf(x, object, id, true));
}

const partOf = (x: Execution, object: number, cpu: number, changes: boolean): number =>
  partAccess((dividedOf(x.objects[object])?.belongsTo ?? object) * x.cpus.length + cpu, changes);
