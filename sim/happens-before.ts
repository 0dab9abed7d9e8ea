/**
 * Data races of a finished run: its recording, told to the race detector.
 *
 * An operation joins and publishes clocks as its mode in `operation.ts` says: locks, queues, sleep channels, atomic
 * words, the critical section of a CPU and its thread switches. Preempting and nesting make no edge: between
 * contexts of one CPU only critical sections (taken by whatever nests) and voluntary switches do, else races
 * with an interrupt would vanish. Lockless loads of published words make no edge and no race. An atomic store
 * replaces what its word published; everything else adds to it. Whoever makes a context run first is before
 * its start, and all of the setup, with what ran until it had settled, before everything.
 */
import { objectName } from "./describe.ts";
import type { Execution } from "./execution.ts";
import { RACES_MAX } from "./limits.ts";
import { LogReader, type LogVisitor } from "./log-reader.ts";
import { Op, opKind, opMode, opObject, opOnlyRead, opResult, type Mode } from "./operation.ts";
import { RaceDetector } from "./race-detector.ts";
import type { Access } from "./shadow.ts";

/** One side of a race. */
export interface RaceAccess {
  /** Its place in the log. */
  readonly at: number;
  readonly context: string;
  readonly kind: "load" | "store";
}

/** Two accesses to a word, at least one of them plain and at least one a store, that nothing orders. `first` came first in this run. */
export interface Race {
  readonly object: string;
  readonly first: RaceAccess;
  readonly second: RaceAccess;
}

/**
 * The races of a finished run, {@link RACES_MAX} at most; `raceSites` keeps one per pair of sites. Each access
 * is held against the last store of its word and the unordered loads since. Valid as long as the recording
 * is. Cost: linear in the log where the run has plain words, else nothing.
 */
export function findRaces(x: Execution): readonly Race[] {
  return x.plainWords === 0 ? NO_RACES : new Pass(x).run();
}

const NO_RACES: readonly Race[] = [];

class Pass implements LogVisitor {
  readonly #x: Execution;
  readonly #settledAt: number;
  /** Do atomic accesses touch memory that plain ones do? */
  readonly #mixed: boolean;
  readonly #found: Race[] = [];
  readonly #detector: RaceDetector;

  constructor(x: Execution) {
    this.#x = x;
    this.#settledAt = x.settledAt;
    this.#mixed = x.mixedWords > 0;
    this.#detector = new RaceDetector((object, first, second) => {
      this.#report(object, first, second);
    });
  }

  run(): readonly Race[] {
    const { recording, enabled } = this.#x;
    new LogReader(recording.log, this, enabled.length === 0).read();
    return this.#found;
  }

  started(parent: number, child: number): void {
    this.#detector.fork(parent, child);
  }

  performed(context: number, word: number, at: number): void {
    const kind = opKind(word);
    const object = opObject(word);
    const detector = this.#detector;
    if (this.#mixed && this.#touched(kind, context, word, at)) return;
    switch (roleOf(kind, word)) {
      case Role.None:
        return;
      case Role.Read:
        if (at >= this.#settledAt) detector.read(context, object, at);
        return;
      case Role.Write:
        if (at >= this.#settledAt) detector.write(context, object, at);
        return;
      case Role.Acquire:
        if (object !== 0) detector.acquire(context, object);
        return;
      case Role.Release:
        if (object !== 0) detector.release(context, object);
        return;
      case Role.Both:
        if (object === 0) return;
        detector.acquire(context, object);
        detector.release(context, object);
        return;
      case Role.Other:
        this.#ordered(opMode(kind), context, object, at);
    }
  }

  /** An atomic access of a word that may be accessed plainly too; false when it is something else. */
  #touched(kind: Op, context: number, word: number, at: number): boolean {
    if (at < this.#settledAt) return false;
    const object = opObject(word);
    const detector = this.#detector;
    if (kind === Op.AtomicLoad || (kind === Op.Cmpset && !opResult(word))) detector.atomicLoad(context, object, "acquire", at);
    else if (kind === Op.AtomicStore) detector.atomicStore(context, object, "release", at);
    else if (kind === Op.Rmw || kind === Op.Cmpset) detector.atomicUpdate(context, object, "acq_rel", at);
    else return false;
    return true;
  }

  /** Atomic stores, fences, and atomic accesses with a weaker order than usual. */
  #ordered(mode: Mode, context: number, object: number, at: number): void {
    const detector = this.#detector;
    if (mode === "replace") detector.replace(context, object, "release");
    else if (mode === "fence") detector.fence(context, "seq_cst");
    else if (mode === "relaxed load") detector.atomicLoad(context, object, "relaxed", at);
    else if (mode === "relaxed store") detector.atomicStore(context, object, "relaxed", at);
    else if (mode === "relaxed update") detector.atomicUpdate(context, object, "relaxed", at);
    else if (mode === "acquire update") detector.atomicUpdate(context, object, "acquire", at);
    else detector.atomicUpdate(context, object, "release", at);
  }

  #report(object: number, first: Access, second: Access): void {
    if (this.#found.length >= RACES_MAX) return;
    const name = objectName(this.#x, object);
    this.#found.push({ object: name, first: this.#side(first), second: this.#side(second) });
  }

  #side({ context, at }: Access): RaceAccess {
    const kind = opOnlyRead(this.#x.recording.words[at] as number) ? "load" : "store";
    return { at, context: this.#x.contexts[context]?.name ?? "", kind };
  }
}

/** Modes as small numbers, the frequent ones apart. */
const Role = { None: 0, Read: 1, Write: 2, Acquire: 3, Release: 4, Both: 5, Other: 6 } as const;
type Role = (typeof Role)[keyof typeof Role];

const ROLES: Readonly<Partial<Record<Mode, Role>>> = {
  none: Role.None,
  read: Role.Read,
  write: Role.Write,
  acquire: Role.Acquire,
  release: Role.Release,
  "acquire-release": Role.Both,
};
const BY_KIND: readonly Role[] = Array.from({ length: 128 }, (_, kind) => ROLES[opMode(kind as Op)] ?? Role.Other);

/** A try that failed saw a lock it did not get; a compare that failed only loaded. */
function roleOf(kind: Op, word: number): Role {
  if (kind === Op.Try && !opResult(word)) return Role.None;
  if (kind === Op.Cmpset && !opResult(word)) return Role.Acquire;
  return BY_KIND[kind] as Role; // a kind fits
}
