/**
 * Branches of the kernel's primitives, told by the operations of a run: what a lock was found in, who slept, what a
 * wakeup did. Each is told from an operation and the one its context performs next.
 */
import type { Execution } from "../sim/index.ts";
import { Callout, Mtx, Serializer, SpinLock, Token, type RecordedBranch } from "../model/index.ts";
import { Op, opKind, opObject } from "../sim/index.ts";
import { Verb } from "./verbs.ts";

/** What is remembered of a context. */
interface Memory {
  /** The serializer or mutex it found held and has not entered; 0: none. */
  waitsFor: number;
  /** It has queued itself to wait: it does not give up. */
  queued: boolean;
  slept: boolean;
  /** The operation before, where the next one says what it was. */
  open: "" | "sleep" | "exit" | "wakeup" | "found held";
  exited: number;
}

/** One run. */
export class Primitives {
  readonly #x: Execution;
  readonly #branch: (context: number, branch: RecordedBranch) => void;
  readonly #memories = new Map<number, Memory>();

  constructor(x: Execution, branch: (context: number, branch: RecordedBranch) => void) {
    this.#x = x;
    this.#branch = branch;
  }

  /** An operation took effect. */
  performed(context: number, word: number, verb: Verb): void {
    const number = opObject(word);
    const object = this.#x.objects[number];
    let memory = this.#memories.get(context);
    if (memory === undefined) {
      memory = { waitsFor: 0, queued: false, slept: false, open: "", exited: 0 };
      this.#memories.set(context, memory);
    }
    if (memory.open !== "" && !(memory.open === "sleep" && object instanceof Callout)) {
      this.#close(context, memory, verb, opKind(word), object);
    }
    if (verb === Verb.Enter) this.#enter(context, memory, word, object);
    else if (verb === Verb.FindsHeld) findHeld(memory, number, object);
    else if (verb === Verb.Sleep) memory.open = "sleep";
    else if (verb === Verb.Wakeup) memory.open = "wakeup";
    else if (opKind(word) === Op.Release) this.#exit(memory, number, object);
  }

  #enter(context: number, memory: Memory, word: number, object: unknown): void {
    const number = opObject(word);
    if (object instanceof Serializer) this.#branch(context, howEntered(memory, number));
    else if (object instanceof Mtx && memory.waitsFor !== number) this.#branch(context, "mutex: taken at once");
    else if (object instanceof Token) {
      const resumed = opKind(word) === Op.Acquire;
      this.#branch(context, resumed ? "token: taken on resumption" : "token: taken at once");
    }
    if (memory.waitsFor === number) forget(memory);
  }

  #exit(memory: Memory, number: number, object: unknown): void {
    // A mutex is handed over: who waited for it enters without an operation of its own.
    if (memory.waitsFor === number) forget(memory);
    if (!(object instanceof Serializer) && !(object instanceof Mtx)) return;
    memory.open = "exit";
    memory.exited = number;
  }

  /** What the operation before was is told by the next one. */
  #close(context: number, memory: Memory, verb: Verb, kind: Op, object: unknown): void {
    const { open } = memory;
    memory.open = "";
    if (open === "sleep") {
      const sleeps = kind === Op.Switch;
      memory.slept ||= sleeps;
      this.#branch(context, sleeps ? "sleep: goes to sleep" : "sleep: forestalled by a wakeup");
    } else if (open === "exit" && verb === Verb.Wakeup) {
      const lock = this.#x.objects[memory.exited];
      if (labelOf(object) !== `sleepers on ${labelOf(lock)}`) return;
      this.#branch(context, lock instanceof Mtx ? "mutex: handed over" : "serializer: exit wakes who waits");
    } else if (open === "wakeup" && verb === Verb.Send && labelOf(object).startsWith("ipiq ")) {
      this.#branch(context, "wakeup: sends IPIs");
    } else if (open === "found held") {
      if (verb === Verb.Interlock) memory.queued = true;
      if (memory.queued || !(this.#x.objects[memory.waitsFor] instanceof Serializer)) return;
      this.#branch(context, "serializer: a try gives up");
      forget(memory);
    }
  }
}

function howEntered(memory: Memory, number: number): RecordedBranch {
  if (memory.waitsFor !== number) return "serializer: entered at once";
  return memory.slept ? "serializer: entered after a sleep" : "serializer: entered at a second look";
}

function findHeld(memory: Memory, number: number, object: unknown): void {
  if (memory.waitsFor === number || object instanceof SpinLock) return;
  forget(memory);
  memory.waitsFor = number;
  memory.open = "found held";
}

function forget(memory: Memory): void {
  memory.waitsFor = 0;
  memory.queued = false;
  memory.slept = false;
}

function labelOf(object: unknown): string {
  const label: unknown = typeof object === "object" && object !== null ? Reflect.get(object, "label") : null;
  return typeof label === "string" ? label : "";
}
