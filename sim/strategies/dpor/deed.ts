/**
 * Deeds: what one step of a context did, as far as its order with other steps can be noticed.
 *
 * An event of the reduction is one step: the announced operation takes effect and local code runs up to the next
 * announcement. Its accesses are what the log says it touched: its operation with its result (a failed try or compare
 * only looked), further objects, and what was recorded without a point. Data choices made in it are part of it. Two
 * deeds depend on each other as their operations do; beside that, a handler's begin stops the thread of its CPU, which
 * is written as an access to one more object of the CPU: begun by the line, needed by every step of the thread.
 */
import { Op, opBuffered, opKind, opObject, opReads, opResult } from "../../operation.ts";

/** What an access is besides its object; an access is `object << FLAGS | flags`. */
export const WRITES = 1;
/** It is enabled only while its object is open: a lock that is free, a CPU that nothing masks, a condition. */
export const NEEDS = 2;
/** Its object was known to be open before it, or closed. */
export const OPEN = 4;
export const CLOSED = 8;
/** It finds out whether its object is open, or has a certain value, and changes it only then. */
export const TRIES = 16;
export const COMPARES = 32;
const FLAG_BITS = 6;
const FLAGS = (1 << FLAG_BITS) - 1;

/** No access. */
export const NOTHING = 0;
/** Depends on everything: a step in which a run was cut short. */
const EVERYTHING = -1;

/**
 * The object of an access: numbers of the engine times five; plus one for "the thread of this CPU may run"; contexts
 * times five plus two for what the handler of a line looks at; parts of divided objects times five plus three; allocations
 * times five plus four.
 */
export const accessObject = (access: number): number => access >> FLAG_BITS;
const packed = (object: number, flags: number): number => (object << FLAG_BITS) | flags;
const KINDS = 5;

/** The object of accesses to an object of the engine. */
export const objectOf = (object: number): number => KINDS * object;

/** The access that changes an object. */
export const changeOf = (object: number): number => packed(KINDS * object, WRITES);

/** The access to a part of a divided object, by the number of the part. */
export const partAccess = (part: number, changes: boolean): number => packed(KINDS * part + 3, changes ? WRITES : 0);

/** The access to the fields of an allocation: whoever frees it changes them all. */
export const memoryAccess = (allocation: number, frees: boolean): number =>
  packed(KINDS * allocation + 4, frees ? WRITES : 0);

/** The access of a step that raised a line, lowered it, or gave it something to look at; see `Machine.touches`. */
export const touchOf = (touch: number): number =>
  packed(KINDS * (touch >> 1) + 2, WRITES | ((touch & 1) === 0 ? CLOSED : OPEN));

/** The access of the begin of a line to what its handler looks at: it needs to have been raised. */
export const beginOf = (line: number): number => packed(KINDS * line + 2, WRITES | NEEDS | OPEN);

/** The access of a step of the thread of a CPU, and of the begin of a handler, to the CPU's being theirs. */
export const turnOf = (cpuObject: number, begins: boolean): number =>
  packed(KINDS * cpuObject + 1, begins ? WRITES : 0);

/** The access that a recorded operation was; {@link NOTHING} when it touched nothing that others see. */
export function accessOf(word: number): number {
  const object = opObject(word);
  const kind = opKind(word);
  if (object === 0 || kind === Op.Buffer || kind === Op.BufferPublish) return NOTHING;
  return packed(KINDS * object, opBuffered(kind) ? 0 : flagsOf(kind, word));
}

/** The access to one more object of an operation of this kind. What gives a lock up opens all it names. */
export function accessOfAlso(kind: Op, object: number): number {
  if (kind === Op.Acquire) return packed(KINDS * object, WRITES | NEEDS | OPEN);
  const opens = kind === Op.Release || kind === Op.Cmpset || kind === Op.Wakeup;
  return packed(KINDS * object, opens ? WRITES | CLOSED : WRITES);
}

/** The access of what waits until an object is open. */
export const needOf = (object: number): number => packed(KINDS * object, NEEDS);

function flagsOf(kind: Op, word: number): number {
  switch (kind) {
    case Op.Acquire:
    case Op.Begin:
      return WRITES | NEEDS | OPEN;
    case Op.CritEnter:
      return WRITES | OPEN;
    case Op.Release:
    case Op.CritExit:
    case Op.End:
      return WRITES | CLOSED;
    case Op.Try:
      return opResult(word) ? WRITES | OPEN | TRIES : CLOSED | TRIES;
    case Op.Cmpset:
      return opResult(word) ? COMPARES | WRITES : COMPARES;
    default:
      return opReads(kind) ? 0 : WRITES;
  }
}

/** One event, as wakeup trees and sleep sets keep it. Immutable. */
export class Deed {
  readonly context: number;
  /** The data choices made in it, in order; null: none. */
  readonly draws: readonly number[] | null;
  /** Its access, where it has one at most. */
  readonly access: number;
  /** All of its accesses, where it has several, then `~context` for each context it stopped; null otherwise. */
  readonly further: readonly number[] | null;

  constructor(context: number, draws: readonly number[] | null, access: number, further: readonly number[] | null) {
    this.context = context;
    this.draws = draws;
    this.access = access;
    this.further = further;
  }
}

const NONE: readonly number[] = [];

/** A deed with these accesses, one per object. */
export function deedOf(context: number, draws: readonly number[] | null, accesses: readonly number[]): Deed {
  if (accesses.length > 1) return new Deed(context, draws, NOTHING, accesses.slice());
  const only = accesses.length === 0 ? NOTHING : (accesses[0] as number);
  return only < 0 ? new Deed(context, draws, NOTHING, [only]) : new Deed(context, draws, only, null);
}

/** The step in which a run was cut short: who knows what it would have done. */
export const cutDeed = (context: number, draws: readonly number[] | null): Deed =>
  new Deed(context, draws, EVERYTHING, NONE);

/** Is this the deed of a step that was cut short? */
export const isCut = (deed: Deed): boolean => deed.access === EVERYTHING;

/** Adds an access to a list, joined with another to the same object. */
export function addAccess(accesses: number[], access: number): void {
  if (access === NOTHING) return;
  for (let i = 0; i < accesses.length; i++) {
    const other = accesses[i] as number;
    if (other >= 0 && (other ^ access) <= FLAGS) {
      // What came first decides what was open before.
      accesses[i] = other | (access & (WRITES | NEEDS));
      return;
    }
  }
  accesses.push(access);
}

/** Says of the access to an object, if there is one that changes it, whether that was open before. */
export function tellOpen(accesses: number[], object: number, open: boolean): void {
  for (let i = 0; i < accesses.length; i++) {
    const access = accesses[i] as number;
    if (access >= 0 && accessObject(access) === objectOf(object) && (access & WRITES) !== 0)
      accesses[i] = (access & ~(OPEN | CLOSED)) | (open ? OPEN : CLOSED);
  }
}

const clash = (a: number, b: number): boolean => (a ^ b) <= FLAGS && ((a | b) & WRITES) !== 0;

/** Would the other order of these two steps of different contexts be noticed? Pure. */
export function conflict(a: Deed, b: Deed): boolean {
  if (a.further === null && b.further === null) return clash(a.access, b.access);
  return conflictOfMany(a, b);
}

function conflictOfMany(a: Deed, b: Deed): boolean {
  if (isCut(a) || isCut(b)) return true;
  const of = a.further ?? [a.access];
  const to = b.further ?? [b.access];
  for (const one of of) {
    if (one < 0) {
      if (~one === b.context) return true;
      continue;
    }
    for (const other of to) {
      if (other < 0) {
        if (~other === a.context) return true;
      } else if (clash(one, other)) return true;
    }
  }
  return false;
}

/** Do the data choices agree, as far as both are known? */
export function agree(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === null || b === null) return true;
  for (let i = Math.min(a.length, b.length) - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * What finds out about its object, on the other side of what changed that: a try fails where it succeeded, and the other
 * way round; a comparison succeeds as `equal` says.
 */
export function turned(deed: Deed, object: number, equal: boolean): Deed {
  const turn = (access: number): number => {
    if (access < 0 || accessObject(access) !== object) return access;
    if ((access & TRIES) !== 0) return access ^ (WRITES | OPEN | CLOSED);
    return (access & COMPARES) === 0 ? access : (access & ~WRITES) | (equal ? WRITES : 0);
  };
  const { context, draws, access, further } = deed;
  if (further === null) return access === turn(access) ? deed : new Deed(context, draws, turn(access), null);
  return new Deed(context, draws, access, further.map(turn));
}
