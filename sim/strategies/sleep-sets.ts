/**
 * Sleep sets: depth-first over the schedules, without the ones that only repeat a trace (Godefroid: "Partial-order
 * methods for the verification of concurrent systems", LNCS 1032, chapter 5). Every trace is completed once, among runs
 * that are cut because everybody who could go on is asleep. Simple enough to hold other searches against.
 *
 * With a bound on delays it is the search of Emmi, Qadeer, Rakamarić: "Delay-bounded scheduling" (POPL 2011): a round-robin
 * scheduler stays with a context until it blocks, and each context it is made to pass over costs one delay; passing over one
 * that sleeps costs nothing. A sleep set may then cut the only run of a trace within the bound, so the two together count
 * explorations and not traces.
 */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import { Op, conflicting, opKind } from "../operation.ts";
import { isAlso } from "../recording.ts";
import type { Strategy } from "../strategy.ts";

/** A step that need not be taken here, by its context and what it would touch. */
interface Sleeping {
  readonly context: number;
  readonly words: readonly number[];
  /** The store buffer it flushes, by its first owner; -1: it is no flush. */
  readonly flushed: number;
}

/** One choice on the path. */
interface Node {
  /** Context ids in the order in which they are tried; empty for a data choice. */
  readonly contexts: readonly number[];
  readonly options: number;
  taken: number;
  readonly sleep: readonly Sleeping[];
  /** Tried before. Each of them was a delay for those that come after. */
  readonly done: Sleeping[];
  /** Delays before. */
  readonly delays: number;
  /** What the step that is being tried touched, over all data choices in it. */
  words: number[];
  /** See {@link Sleeping.flushed}. */
  flushed: number;
}

const NOBODY: readonly never[] = [];

/** How it searches. */
export interface SleepSetOptions {
  /** At most so many delays. Default: no bound. */
  readonly delays?: number;
  /** False: no sleep sets, all schedules. Default true. */
  readonly sleeping?: boolean;
}

/** Every trace once, or with a bound on delays what can be reached within it. */
export class SleepSets implements Strategy {
  readonly name = "sleep-sets";
  readonly everyPoint = true;
  /** Executions begun so far. */
  executions = 0;
  /** The current run was cut: everybody who could go on was asleep. It goes on without choices. */
  cut = false;
  /** Runs that were cut so far. */
  cuts = 0;
  readonly #bound: number;
  readonly #sleeping: boolean;
  readonly #path: Node[] = [];
  #depth = 0;
  #delays = 0;
  #last: Context | null = null;
  /** The step that is being taken: where its operation stands, and the length of the log when it was chosen. */
  #stepAt = 0;
  #stepFrom = 0;

  constructor({ delays = Number.POSITIVE_INFINITY, sleeping = true }: SleepSetOptions = {}) {
    this.#bound = delays;
    this.#sleeping = sleeping;
  }

  begin(): boolean {
    if (this.executions > 0 && !this.#advance()) return false;
    this.executions++;
    this.cut = false;
    this.#depth = 0;
    this.#delays = 0;
    this.#last = null;
    return true;
  }

  choose(x: Execution, current: Context | null): Context {
    this.#observe(x);
    const order = this.#roundFrom(x, current);
    if (this.cut) return order[0] as Context;
    const path = this.#path;
    if (this.#depth === path.length && !this.#grow(x, order)) {
      this.cut = true;
      return order[0] as Context;
    }
    const node = path[this.#depth++] as Node;
    this.#delays = node.delays + node.done.length;
    const next = x.contexts[node.contexts[node.taken] as number] as Context;
    this.#last = next;
    node.flushed = next.flushes?.buffer.owners[0]?.id ?? -1;
    // What a handler's begin or a flush is, is written down when it happens.
    this.#stepAt = next.routine === null ? x.recording.length + (next === current ? 0 : 1) : next.pendingAt;
    this.#stepFrom = x.recording.length;
    return next;
  }

  draw(_x: Execution, n: number): number {
    if (this.cut) return 0;
    const path = this.#path;
    if (this.#depth === path.length) path.push({ contexts: NOBODY, options: n, taken: 0, sleep: NOBODY, done: [], delays: this.#delays, words: [], flushed: -1 });
    return (path[this.#depth++] as Node).taken;
  }

  end(x: Execution): void {
    this.#observe(x);
    if (this.cut) this.cuts++;
    this.#path.length = Math.min(this.#path.length, this.#depth);
  }

  /** Those who could go next, the one whose turn it is first. */
  #roundFrom({ enabled }: Execution, current: Context | null): readonly Context[] {
    const from = current ?? enabled.find(({ id }) => id > (this.#last?.id ?? 0)) ?? enabled[0];
    const at = from === undefined ? 0 : enabled.indexOf(from);
    return [...enabled.slice(at), ...enabled.slice(0, at)];
  }

  /** The step before is complete: what it touched. */
  #observe(x: Execution): void {
    const node = this.#lastStep();
    if (this.cut || node === undefined) return;
    const { words, length } = x.recording;
    const touched = [words[this.#stepAt] as number];
    for (let at = this.#stepAt + 1; at < this.#stepFrom && isAlso(words[at] as number); at++) touched.push(words[at] as number);
    for (let at = this.#stepFrom; at < length; at++) if (isAlso(words[at] as number)) touched.push(words[at] as number);
    for (const word of touched) if (!node.words.includes(word)) node.words.push(word);
  }

  #lastStep(): Node | undefined {
    for (let at = this.#depth - 1; at >= 0; at--) {
      const node = this.#path[at] as Node;
      if (node.contexts.length > 0) return node;
    }
    return undefined;
  }

  /** A choice that is new on the path; false: everybody is asleep. */
  #grow(x: Execution, order: readonly Context[]): boolean {
    const before = this.#lastStep();
    const contexts = order.map(({ id }) => id);
    const sleep = before === undefined ? NOBODY : stillAsleep(x, before);
    const node: Node = { contexts, options: contexts.length, taken: 0, sleep, done: [], delays: this.#delays, words: [], flushed: -1 };
    this.#path.push(node);
    if (this.#skipSleepers(node)) return true;
    this.#path.pop();
    return false;
  }

  #skipSleepers(node: Node): boolean {
    const sleeps = (context: number | undefined): boolean =>
      this.#sleeping && node.sleep.some((sleeping) => sleeping.context === context);
    if (node.delays + node.done.length > this.#bound) return false;
    while (node.taken < node.options && sleeps(node.contexts[node.taken])) node.taken++;
    return node.taken < node.options;
  }

  /** Moves on to the next path; false when there is none. */
  #advance(): boolean {
    const path = this.#path;
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      if (last.contexts.length > 0) last.done.push({ context: last.contexts[last.taken] as number, words: last.words, flushed: last.flushed });
      last.words = [];
      last.taken++;
      if (last.contexts.length > 0 ? this.#skipSleepers(last) : last.taken < last.options) return true;
      path.pop();
    }
    return false;
  }
}

/** Who need not go on after the step that is being tried at a node. */
function stillAsleep(x: Execution, { contexts, taken, sleep, done, words, flushed }: Node): readonly Sleeping[] {
  const context = contexts[taken];
  return [...sleep, ...done].filter((sleeping) => {
    if (sleeping.context === context) return false;
    // An agent takes its store from its buffer or, flushed meanwhile, from memory: it cannot tell.
    if (sleeping.context === flushed || sleeping.flushed === context) return true;
    // What it takes from its buffer nobody else changes, as long as it is there.
    const pending = opKind((x.contexts[sleeping.context] as Context).pending);
    if (isForward(pending) || words.some((word) => isForward(opKind(word)))) return true;
    return !sleeping.words.some((a) => words.some((b) => conflicting(a, b)));
  });
}

const isForward = (kind: Op): boolean => kind === Op.Forward || kind === Op.ForwardPeek;
