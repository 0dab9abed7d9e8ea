/**
 * Happens-before and data races, as a pass over the recording of a finished run.
 *
 * An operation joins and publishes clocks as its mode in `operation.ts` says: locks, queues, sleep channels, atomic
 * words, the critical section of a CPU and its thread switches. Preempting and nesting make no edge: between
 * contexts of one CPU only critical sections (taken by whatever nests) and voluntary switches do, else races
 * with an interrupt would vanish. Lockless loads of published words make no edge and no race. An atomic store
 * replaces what its word published; everything else adds to it. Whoever makes a context run first is before
 * its start, and all of the setup, with what ran until it had settled, before everything.
 */
import { Clock, WordHistory, type Access } from "./clocks.ts";
import { objectName } from "./describe.ts";
import type { Execution } from "./execution.ts";
import { RACES_MAX } from "./limits.ts";
import { LogReader } from "./log-reader.ts";
import { Op, opKind, opMode, opObject, opResult } from "./operation.ts";

/** One side of a race. */
export interface RaceAccess {
  /** Its place in the log. */
  readonly at: number;
  readonly context: string;
  readonly kind: "load" | "store";
}

/** Two accesses to a plain word, at least one a store, that nothing orders. `first` came first in this run. */
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

class Pass {
  readonly #x: Execution;
  readonly #contexts: Clock[] = [];
  readonly #objects: (Clock | undefined)[] = [];
  readonly #words: (WordHistory | undefined)[] = [];
  readonly #found: Race[] = [];

  constructor(x: Execution) {
    this.#x = x;
  }

  run(): readonly Race[] {
    const reader = new LogReader(this.#x.recording.log, {
      performed: (context, word, at) => this.#perform(context, word, at),
      started: (parent, child) => this.#start(parent, child),
    });
    reader.read();
    return this.#found;
  }

  #start(parent: number, child: number): void {
    const clock = this.#clockOf(parent);
    this.#clockOf(child).join(clock);
    clock.tick(parent);
  }

  #perform(context: number, word: number, at: number): void {
    const kind = opKind(word);
    const object = opObject(word);
    if (object === 0) return;
    const mode = modeOf(kind, word);
    switch (mode) {
      case "read":
      case "write":
        if (at < this.#x.settledAt) return;
        return mode === "read" ? this.#load(context, object, at) : this.#store(context, object, at);
      case "acquire":
        return this.#acquire(context, object);
      case "release":
        return this.#release(context, object, kind === Op.AtomicStore);
      case "acquire-release":
        this.#acquire(context, object);
        return this.#release(context, object, false);
      case "none":
        return;
    }
  }

  #acquire(context: number, object: number): void {
    const published = this.#objects[object];
    if (published !== undefined) this.#clockOf(context).join(published);
  }

  #release(context: number, object: number, replaces: boolean): void {
    const clock = this.#clockOf(context);
    const published = (this.#objects[object] ??= new Clock());
    if (replaces) published.assign(clock);
    else published.join(clock);
    clock.tick(context);
  }

  #load(context: number, object: number, at: number): void {
    const clock = this.#clockOf(context);
    const access: Access = { context, count: clock.of(context), at };
    const store = this.#wordOf(object).load(access, clock);
    if (store !== null) this.#report(object, store, access);
  }

  #store(context: number, object: number, at: number): void {
    const clock = this.#clockOf(context);
    const access: Access = { context, count: clock.of(context), at };
    for (const other of this.#wordOf(object).store(access, clock)) this.#report(object, other, access);
  }

  #report(object: number, first: Access, second: Access): void {
    if (this.#found.length >= RACES_MAX) return;
    const name = objectName(this.#x, object);
    this.#found.push({ object: name, first: this.#side(first), second: this.#side(second) });
  }

  #side({ context, at }: Access): RaceAccess {
    const kind = opKind(this.#x.recording.words[at] as number) === Op.Load ? "load" : "store";
    return { at, context: this.#x.contexts[context]?.name ?? "", kind };
  }

  #clockOf(context: number): Clock {
    const known = this.#contexts[context];
    if (known !== undefined) return known;
    const clock = new Clock();
    clock.tick(context);
    this.#contexts[context] = clock;
    return clock;
  }

  #wordOf(object: number): WordHistory {
    return (this.#words[object] ??= new WordHistory());
  }
}

/** A try that failed saw a lock it did not get; a compare that failed only loaded. */
function modeOf(kind: Op, word: number): ReturnType<typeof opMode> {
  if (kind === Op.Try && !opResult(word)) return "none";
  if (kind === Op.Cmpset && !opResult(word)) return "acquire";
  return opMode(kind);
}
