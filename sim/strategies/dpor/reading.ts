/** Reads off the log and the contexts what a step did, what it enabled and stopped, and what pending steps would do. */
import type { Context, Processor } from "../../context.ts";
import type { Execution } from "../../execution.ts";
import type { Gate } from "../../gate.ts";
import { Op, opKind, opObject } from "../../operation.ts";
import { Event, eventKind, isAlso, isWaitingAlso } from "../../recording.ts";
import {
  NOTHING,
  Deed,
  accessOf,
  addAccess,
  beginOf,
  conflict,
  deedOf,
  needOf,
  objectOf,
  tellOpen,
  touchOf,
  turnOf,
} from "./deed.ts";
import { addChanged, addFurther, addMemory, addPendingParts, addWritten } from "./parts.ts";
import type { Changes, Trace } from "./trace.ts";
import { since, type Waiting } from "./waiting.ts";

/** The step under way, and which contexts were enabled before it. */
export class Step {
  #context!: Context;
  /** Where its operation stands; -1: it is written down when it happens. */
  #pendingAt = -1;
  /** Where the log of the step begins. */
  #from = 0;
  #begins = false;
  /** Could an interrupt begin on its CPU before it? */
  #open = false;
  /** The gate it needed, and its object. */
  #needs = 0;
  readonly #enabled: boolean[] = [];
  readonly #accesses: number[] = [];
  /** The accesses of its operation, where that is on a divided object; empty otherwise. */
  readonly #divided: number[] = [];

  /** Whose step it is. */
  get context(): number {
    return this.#context.id;
  }

  /** An execution is to tell what its steps do besides what they announce. */
  listen(x: Execution): void {
    x.touches = [];
    x.changedBeside = [];
    x.looked = [];
    x.freed = [];
  }

  /** A context is about to go on. `known`: who is enabled has been noted at the end of the step before. */
  begin(x: Execution, context: Context, known: boolean): void {
    this.#context = context;
    this.#begins = context.routine === null;
    this.#pendingAt = this.#begins ? -1 : context.pendingAt;
    this.#from = x.recording.length;
    this.#open = context.cpu?.value === true;
    this.#needs = context.gatedBy === null ? 0 : neededObject(context, context.needed);
    this.#divided.length = 0;
    if (!this.#begins) addPendingParts(this.#divided, x, context);
    if (x.touches !== null) x.touches.length = 0;
    if (x.changedBeside !== null) x.changedBeside.length = 0;
    if (x.looked !== null) x.looked.length = 0;
    if (x.freed !== null) x.freed.length = 0;
    if (known) return;
    const enabled = this.#enabled;
    enabled.length = 0;
    for (const each of x.contexts) enabled.push(each.enabled);
  }

  /** What it did. */
  deed(x: Execution, draws: readonly number[] | null): Deed {
    const context = this.#context;
    const accesses = this.#accesses;
    accesses.length = 0;
    if (this.#needs !== 0) addAccess(accesses, needOf(this.#needs));
    if (this.#divided.length > 0) for (const each of this.#divided) addAccess(accesses, each);
    if (this.#pendingAt >= 0)
      addOperation(accesses, x, this.#pendingAt, this.#divided.length > 0);
    this.#addWritten(x, this.#announcedAt());
    const { cpu } = context;
    if (x.changedBeside !== null && x.changedBeside.length > 0) addChanged(accesses, x, x.changedBeside);
    addMemory(accesses, x);
    if (cpu !== null) this.#addTurn(x, cpu);
    else if (x.touches !== null && x.touches.length > 0) this.#addTouches(x.touches);
    const only = accesses[0] ?? NOTHING;
    return accesses.length < 2 ? new Deed(context.id, draws, only, null) : deedOf(context.id, draws, accesses);
  }

  #addTurn({ touches }: Execution, { object }: Processor): void {
    tellOpen(this.#accesses, object, this.#open);
    addAccess(this.#accesses, turnOf(object, this.#begins));
    if (this.#begins) addAccess(this.#accesses, beginOf(this.#context.id));
    if (touches !== null) this.#addTouches(touches);
  }

  #addTouches(touches: number[]): void {
    for (const touch of touches) addAccess(this.#accesses, touchOf(touch));
    touches.length = 0;
  }

  /** Where the operation stands that was announced at the end of the step; -1: none was. */
  #announcedAt(): number {
    const { pendingAt, life, routine } = this.#context;
    return life === "live" && routine !== null && pendingAt >= this.#from ? pendingAt : -1;
  }

  /** What was written down during the step, the announcement of the next one aside. */
  #addWritten(x: Execution, announcedAt: number): void {
    const { words, length } = x.recording;
    let depth = 0;
    let kind: Op = this.#pendingAt < 0 ? Op.Begin : opKind(words[this.#pendingAt] as number);
    for (let at = this.#from; at < length; at++) {
      const word = words[at] as number;
      if (word < 0) {
        const event = eventKind(word);
        if (event === Event.Prime) depth++;
        else if (event === Event.Primed) depth--;
      } else if (isAlso(word)) {
        if (!isWaitingAlso(word)) addFurther(this.#accesses, x, kind, opObject(word));
      } else {
        const pending = depth === 0 ? at === announcedAt && opKind(word) !== Op.Begin : isFirstPoint(words, at, length);
        if (pending) continue;
        kind = opKind(word);
        addWritten(this.#accesses, x, this.#context, word);
      }
    }
  }

  /** Whom the step enabled, and whom it stopped; null: nobody. */
  changes(x: Execution, deed: Deed): Changes | null {
    const enabled = this.#enabled;
    const { contexts } = x;
    let changes: { opened: number[]; stopped: number[]; unseen: number[] } | null = null;
    for (let id = 0; id < contexts.length; id++) {
      const context = contexts[id] as Context;
      const was = enabled[id] === true;
      if (context.enabled === was) continue;
      enabled[id] = context.enabled;
      if (id === deed.context) continue;
      changes ??= { opened: [], stopped: [], unseen: [] };
      if (!was) changes.opened.push(id);
      else if (context.life !== "done") {
        changes.stopped.push(id);
        if (!conflict(deed, pendingDeed(x, context))) changes.unseen.push(id);
      }
    }
    return changes;
  }

  /** The deed of a step that stopped somebody. */
  stopping(deed: Deed, { unseen }: Changes): Deed {
    if (unseen.length === 0) return deed;
    const { context, draws, access, further } = deed;
    const before = further ?? (access === NOTHING ? [] : [access]);
    return deedOf(context, draws, [...before, ...unseen.map((id) => ~id)]);
  }
}

/** Is this operation, announced while a context is being started, the one it stops at? */
function isFirstPoint(words: Int32Array, at: number, length: number): boolean {
  for (let next = at + 1; next < length; next++) {
    const word = words[next] as number;
    if (word < 0) return eventKind(word) === Event.Primed;
    if (!isAlso(word)) return false;
  }
  return false;
}

/** An operation and the further objects that were named while it waited. */
function addOperation(accesses: number[], x: Execution, pendingAt: number, divided: boolean): void {
  const { words, length } = x.recording;
  const word = words[pendingAt] as number;
  if (!divided) addAccess(accesses, accessOf(word));
  for (let at = pendingAt + 1; at < length; at++) {
    const next = words[at] as number;
    if (next < 0) continue;
    if (!isWaitingAlso(next)) return;
    addFurther(accesses, x, opKind(word), opObject(next));
  }
}

/** The object that has to be open for the pending operation of a context; 0: none. */
const neededObject = ({ pending }: Context, gate: Gate | null): number =>
  gate === null ? 0 : gate.condition === null ? gate.object : opObject(pending);

/** What a pending operation needs that is no lock; null: nothing, or the accesses tell. */
export function waitingOf(trace: Trace, context: Context): Waiting | null {
  const gate = context.gatedBy === null || context.routine === null ? null : context.needed;
  if (gate === null) return null;
  const { pending } = context;
  const { condition } = gate;
  const object = objectOf(opObject(pending));
  if (condition !== null) return since(trace, context.id, object, (event) => condition(trace.before(event, object)));
  if (gate.object !== opObject(pending) || opKind(pending) === Op.Acquire) return null;
  const opened = trace.eventAt(gate.openedAt);
  return since(trace, context.id, object, (event) => event !== opened);
}

/** What the pending step of a context would touch, as far as that is known. */
export function pendingDeed(x: Execution, context: Context): Deed {
  const accesses: number[] = [];
  const begins = context.routine === null;
  const gate = begins ? null : context.needed;
  const needs = neededObject(context, gate);
  if (needs !== 0) addAccess(accesses, needOf(needs));
  // What waits at a gate other than its lock: only what it waits for is of interest.
  if (needs === 0 || needs === opObject(context.pending)) {
    if (begins || context.flushes !== null) addAccess(accesses, accessOf(context.pending));
    else {
      const divided = addPendingParts(accesses, x, context);
      addOperation(accesses, x, context.pendingAt, divided);
    }
  }
  if (context.cpu !== null) addAccess(accesses, turnOf(context.cpu.object, begins));
  if (begins && context.flushes === null) addAccess(accesses, beginOf(context.id));
  return deedOf(context.id, null, accesses);
}

/** A thread that is not the current one of its CPU: what it waits for is its CPU's business. */
export const isAway = (context: Context): boolean =>
  context.cpu !== null && context.cpu.thread !== context && context.cpu.nested !== context;
