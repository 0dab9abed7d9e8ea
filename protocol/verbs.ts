/** Operations as protocol coverage tells them apart, and which of them make a pair. */
import { Op, opKind, opResult } from "../sim/index.ts";

/** What a context does to an object. The numbers are private to this folder. */
export const Verb = {
  None: 0,
  Load: 1,
  Store: 2,
  Update: 3,
  Cmpset: 4,
  CmpsetFails: 5,
  Enter: 6,
  FindsHeld: 7,
  Send: 8,
  Receive: 9,
  Interlock: 10,
  Sleep: 11,
  Wakeup: 12,
  CritEnter: 13,
  Begin: 14,
  Device: 15,
  /** The end of what `Enter` or `CritEnter` began; no operation of its own. */
  Exit: 16,
} as const;
export type Verb = (typeof Verb)[keyof typeof Verb];

const WORD = 1;
const LOCK = 2;
const QUEUE = 3;
const SLEEPERS = 4;
const CPU = 5;
const REGISTERS = 6;

interface VerbInfo {
  readonly name: string;
  /** Only verbs of one family are about the same thing. */
  readonly family: number;
  /** Two of these could change places unnoticed. */
  readonly soft: boolean;
}

const info = (name: string, family: number, soft: boolean): VerbInfo => ({ name, family, soft });

const INFOS: readonly VerbInfo[] = [
  info("", 0, true),
  info("load", WORD, true),
  info("store", WORD, false),
  info("update", WORD, false),
  info("cmpset", WORD, false),
  info("cmpset fails", WORD, true),
  info("enter", LOCK, false),
  info("finds it held", LOCK, true),
  info("send", QUEUE, false),
  info("receive", QUEUE, true),
  info("interlock", SLEEPERS, true),
  info("sleep", SLEEPERS, true),
  info("wakeup", SLEEPERS, false),
  info("crit_enter", CPU, true),
  info("begin", CPU, false),
  info("access", REGISTERS, false),
  info("", 0, true),
];

/** Numbers of verbs are below this. */
export const VERBS = INFOS.length;

/** What tables call it. */
export const verbName = (verb: number): string => INFOS[verb]?.name ?? "";

/** Do two operations of different contexts on one object make a pair, whose order somebody could notice? */
export const makePair = (a: number, b: number): boolean => PAIRS[a * VERBS + b] === 1;

const PAIRS = Uint8Array.from({ length: VERBS * VERBS }, (_, i) => {
  const a = INFOS[Math.trunc(i / VERBS)];
  const b = INFOS[i % VERBS];
  if (a === undefined || b === undefined || a.family === 0) return 0;
  return a.family === b.family && !(a.soft && b.soft) ? 1 : 0;
});

const OF_KIND: ReadonlyMap<number, Verb> = new Map<number, Verb>([
  [Op.Load, Verb.Load],
  [Op.Peek, Verb.Load],
  [Op.AtomicLoad, Verb.Load],
  [Op.RelaxedLoad, Verb.Load],
  [Op.Store, Verb.Store],
  [Op.Publish, Verb.Store],
  [Op.AtomicStore, Verb.Store],
  [Op.RelaxedStore, Verb.Store],
  [Op.Rmw, Verb.Update],
  [Op.RelaxedRmw, Verb.Update],
  [Op.AcquireRmw, Verb.Update],
  [Op.ReleaseRmw, Verb.Update],
  [Op.Acquire, Verb.Enter],
  [Op.Release, Verb.Exit],
  [Op.CritEnter, Verb.CritEnter],
  [Op.CritExit, Verb.Exit],
  [Op.Switch, Verb.Exit],
  [Op.Send, Verb.Send],
  [Op.Receive, Verb.Receive],
  [Op.Interlock, Verb.Interlock],
  [Op.Sleep, Verb.Sleep],
  [Op.Wakeup, Verb.Wakeup],
  [Op.Begin, Verb.Begin],
  [Op.Device, Verb.Device],
]);

const BY_KIND: readonly Verb[] = Array.from({ length: 64 }, (_, kind) => OF_KIND.get(kind) ?? Verb.None);

/** What a recorded operation is. `word`: from the log, after its effect. */
export function verbOf(word: number): Verb {
  const kind = opKind(word);
  if (kind === Op.Try) return opResult(word) ? Verb.Enter : Verb.FindsHeld;
  if (kind === Op.Cmpset) return opResult(word) ? Verb.Cmpset : Verb.CmpsetFails;
  return BY_KIND[kind] ?? Verb.None;
}
