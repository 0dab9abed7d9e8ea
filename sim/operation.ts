/**
 * Operations: what a context announces at a point, and which of them depend on each other.
 *
 * Dependence is a property of operations, in this one table: two operations are dependent when they name
 * a common object and at least one of them changes it. Strategies, the race check, shrinking and coverage
 * all read this table; none keeps a notion of its own.
 */

/** Kinds of operation. The numbers are part of the recording format. */
export const Op = {
  /** A plain word, loaded or stored; races are reported on these. */
  Load: 1,
  Store: 2,
  /** A word under `published`: lockless load (makes no edge), store under its lock. */
  Peek: 3,
  Publish: 4,
  /** An atomic word. */
  AtomicLoad: 5,
  AtomicStore: 6,
  Rmw: 7,
  /** A lock: taken (waits while held), tried, released. */
  Acquire: 8,
  Try: 9,
  Release: 10,
  /** The critical section of a CPU: 0 to 1 and 1 to 0. */
  CritEnter: 11,
  CritExit: 12,
  /** A queue other contexts consume from: a message port, an IPI ring, a run queue. */
  Send: 13,
  Receive: 14,
  /** A sleep queue: queueing oneself, going to sleep, waking the sleepers. */
  Interlock: 15,
  Sleep: 16,
  Wakeup: 17,
  /** The CPU changes its thread, and the thread comes back. */
  Switch: 18,
  Resume: 19,
  /** An interrupt line begins and ends; a context ends. */
  Begin: 20,
  End: 21,
  Exit: 22,
  /** A place where pending interrupts may land inside a critical section. */
  Window: 23,
  /** Time passes, or a device acts. */
  Tick: 24,
  Device: 25,
  /** A memory fence; orders the announcing context only. */
  Fence: 26,
  /** A place where others may run that touches nothing. */
  Yield: 27,
  /** A foreign load of a per-CPU counter: monitoring, makes no edge and no race. */
  Sample: 28,
  /** Not an operation: one more object of the operation announced just before. */
  Also: 29,
  /** Compare and store: with its result false it only loaded. */
  Cmpset: 30,
  /** An atomic word, accessed with a weaker order than it usually is. */
  RelaxedLoad: 31,
  RelaxedStore: 32,
  RelaxedRmw: 33,
  AcquireRmw: 34,
  ReleaseRmw: 35,
  /** A plain word, or one under `published`, is stored into the store buffer of its CPU: nobody else sees it yet. */
  Buffer: 36,
  BufferPublish: 37,
  /** A plain word, or one under `published`, is loaded from the store buffer of its CPU. */
  Forward: 38,
  ForwardPeek: 39,
  /** The oldest buffered store becomes visible; a step of the store buffer. */
  Flush: 40,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/**
 * How an operation acts on its object, for happens-before: what it joins and what it publishes. A *replacing* store
 * makes its object forget what others published; the last six order like the accesses of C11 with these names.
 */
export type Mode =
  | "none"
  | "read"
  | "write"
  | "acquire"
  | "release"
  | "acquire-release"
  | "replace"
  | "fence"
  | "relaxed load"
  | "relaxed store"
  | "relaxed update"
  | "acquire update"
  | "release update";

interface OpInfo {
  readonly name: string;
  /** True when it leaves its object as it was: two of these commute. */
  readonly reads: boolean;
  readonly mode: Mode;
}

const info = (name: string, reads: boolean, mode: Mode): OpInfo => ({ name, reads, mode });

const TABLE: ReadonlyMap<number, OpInfo> = new Map<number, OpInfo>([
  [Op.Load, info("load", true, "read")],
  [Op.Store, info("store", false, "write")],
  [Op.Peek, info("load", true, "none")],
  [Op.Publish, info("store", false, "none")],
  [Op.AtomicLoad, info("atomic load", true, "acquire")],
  [Op.AtomicStore, info("atomic store", false, "replace")],
  [Op.Rmw, info("atomic", false, "acquire-release")],
  [Op.Acquire, info("enter", false, "acquire")],
  [Op.Try, info("try", false, "acquire")],
  [Op.Release, info("exit", false, "release")],
  [Op.CritEnter, info("crit_enter", false, "acquire")],
  [Op.CritExit, info("crit_exit", false, "release")],
  [Op.Send, info("send", false, "release")],
  [Op.Receive, info("receive", false, "acquire")],
  [Op.Interlock, info("interlock", false, "acquire-release")],
  [Op.Sleep, info("sleep", false, "acquire-release")],
  [Op.Wakeup, info("wakeup", false, "acquire-release")],
  [Op.Switch, info("switch", false, "release")],
  [Op.Resume, info("resume", false, "acquire")],
  [Op.Begin, info("begin", false, "acquire")],
  [Op.End, info("end", false, "release")],
  [Op.Exit, info("exit context", false, "release")],
  [Op.Window, info("window", false, "none")],
  [Op.Tick, info("tick", false, "acquire-release")],
  [Op.Device, info("device", false, "acquire-release")],
  [Op.Fence, info("fence", true, "fence")],
  [Op.Yield, info("yield", true, "none")],
  [Op.Sample, info("sample", true, "none")],
  [Op.Also, info("also", false, "acquire-release")],
  [Op.Cmpset, info("cmpset", false, "acquire-release")],
  [Op.RelaxedLoad, info("relaxed load", true, "relaxed load")],
  [Op.RelaxedStore, info("relaxed store", false, "relaxed store")],
  [Op.RelaxedRmw, info("relaxed atomic", false, "relaxed update")],
  [Op.AcquireRmw, info("acquiring atomic", false, "acquire update")],
  [Op.ReleaseRmw, info("releasing atomic", false, "release update")],
  [Op.Buffer, info("buffered store", false, "write")],
  [Op.BufferPublish, info("buffered store", false, "none")],
  [Op.Forward, info("load from the store buffer of", true, "read")],
  [Op.ForwardPeek, info("load from the store buffer of", true, "none")],
  [Op.Flush, info("flush", false, "none")],
]);

/** The word one recorded operation fits in: kind, result of a try, object. */
const OBJECT_BITS = 23;
/** Largest object number; a run that needs more ends with `Misuse`. */
export const OBJECT_MAX = (1 << OBJECT_BITS) - 2;
/** Set in a recorded word when a try succeeded or a choice was taken. */
export const RESULT_BIT = 1 << OBJECT_BITS;
const KIND_SHIFT = OBJECT_BITS + 1;

/** Packs a kind and an object number; the inverse of {@link opKind} and {@link opObject}. */
export const packOp = (kind: Op, object: number): number => (kind << KIND_SHIFT) | object;
/** The kind of a packed operation. */
export const opKind = (word: number): Op => (word >>> KIND_SHIFT) as Op;
/** The object number of a packed operation; 0 is "no object". */
export const opObject = (word: number): number => word & (RESULT_BIT - 1);
/** Did the try succeed? Meaningful for `Op.Try` and `Op.Cmpset` only. */
export const opResult = (word: number): boolean => (word & RESULT_BIT) !== 0;

const infoOf = (kind: Op): OpInfo => TABLE.get(kind) ?? info(`op ${String(kind)}`, false, "none");
/** The verb reports use. */
export const opName = (kind: Op): string => infoOf(kind).name;
/** The happens-before mode of a kind. */
export const opMode = (kind: Op): Mode => MODES[kind] ?? "none";

/** Does an operation of this kind leave its object as it was? */
export const opReads = (kind: Op): boolean => READS[kind] === true;

/** Did this operation leave its object as it was? A try or a compare that failed only looked. */
export const opOnlyRead = (word: number): boolean => {
  const kind = opKind(word);
  return READS[kind] === true || ((kind === Op.Try || kind === Op.Cmpset) && !opResult(word));
};

/** {@link dependent}, for two operations that have taken effect: it is known which tries failed. */
export function conflicting(a: number, b: number): boolean {
  if (opBuffered(opKind(a)) || opBuffered(opKind(b))) return dependent(a, b);
  const object = opObject(a);
  return object !== 0 && object === opObject(b) && !(opOnlyRead(a) && opOnlyRead(b));
}

const KINDS_MAX = 64;
const MODES: readonly Mode[] = Array.from({ length: KINDS_MAX }, (_, i) => TABLE.get(i)?.mode ?? "none");
const READS: readonly boolean[] = Array.from({ length: KINDS_MAX }, (_, i) => TABLE.get(i)?.reads ?? false);

/** Does an operation of this kind stay in the store buffer of its CPU, so that no other CPU notices it? */
export const opBuffered = (kind: Op): boolean => kind >= Op.Buffer && kind <= Op.ForwardPeek;

/** True when executing the two packed operations in the other order could be noticed. Pure, constant cost. */
export function dependent(a: number, b: number): boolean {
  const object = opObject(a);
  if (object === 0 || object !== opObject(b)) return false;
  if (READS[a >>> KIND_SHIFT] === true && READS[b >>> KIND_SHIFT] === true) return false;
  return opBuffered(a >>> KIND_SHIFT as Op) ? forwards(a, b) : !opBuffered(b >>> KIND_SHIFT as Op) || forwards(b, a);
}

/**
 * A load from a store buffer takes something else once its word has been flushed. (By another buffer: nothing else,
 * but operations do not tell whose they are.)
 */
const forwards = (buffered: number, other: number): boolean =>
  READS[buffered >>> KIND_SHIFT] === true && opKind(other) === Op.Flush;
