/**
 * How few preemptions, or rounds, a trace can do with: the minimum over its linearizations. (Musuvathi, Qadeer: "Iterative
 * context bounding for systematic testing of multithreaded programs", PLDI 2007; a bound that is complete speaks of some
 * linearization and not of the one that was explored: Marmanis, Vafeiadis: "SMT or stateless: reconciling preemption
 * bounding with DPOR", TACAS 2023.) Found by dynamic programming over the prefixes of the trace.
 */
import { Op, opKind, opObject, opResult } from "../sim/index.ts";
import type { OrderedEvent } from "./trace-order.ts";

const UNREACHED = 0x7fff;

/** What it costs to go from a thread to another; `-1` for the first step. */
type Cost = (from: number, to: number, prefix: readonly number[]) => number;

/**
 * Fewest preemptions: switches away from a thread that could have gone on. A thread can, unless it has ended or waits for
 * a mutex; other waits are not known here. Cost: prefixes times threads squared.
 */
export function fewestPreemptions(threads: readonly (readonly OrderedEvent[])[]): number {
  const held = threads.map(heldAfter);
  const canGoOn = (thread: number, prefix: readonly number[]): boolean => {
    const next = threads[thread]?.[prefix[thread] as number];
    if (next === undefined) return false;
    if (opKind(next.word) !== Op.Acquire) return true;
    const mutex = opObject(next.word);
    return held.every((byPrefix) => byPrefix === held[thread] || byPrefix[prefix[held.indexOf(byPrefix)] as number]?.has(mutex) !== true);
  };
  return fewest(threads, (from, to, prefix) => (from >= 0 && from !== to && canGoOn(from, prefix) ? 1 : 0));
}

/** Fewest extra rounds, when threads have their turns in order and a step back begins a round. */
export const fewestRounds = (threads: readonly (readonly OrderedEvent[])[]): number =>
  fewest(threads, (from, to) => (to < from ? 1 : 0));

/** By number of events: the mutexes a thread holds then. */
function heldAfter(events: readonly OrderedEvent[]): readonly ReadonlySet<number>[] {
  const byPrefix = [new Set<number>()];
  for (const { word } of events) {
    const held = new Set(byPrefix.at(-1));
    const kind = opKind(word);
    if (kind === Op.Acquire || (kind === Op.Try && opResult(word))) held.add(opObject(word));
    else if (kind === Op.Release) held.delete(opObject(word));
    byPrefix.push(held);
  }
  return byPrefix;
}

function fewest(threads: readonly (readonly OrderedEvent[])[], cost: Cost): number {
  const n = threads.length;
  const strides: number[] = [];
  let prefixes = 1;
  for (const events of threads) {
    strides.push(prefixes);
    prefixes *= events.length + 1;
  }
  const best = new Int16Array(prefixes * n).fill(UNREACHED);
  const prefix = threads.map(() => 0);
  const step = (at: number, from: number, soFar: number): void => {
    for (let to = 0; to < n; to++) {
      const next = threads[to]?.[prefix[to] as number];
      if (next === undefined || !isIn(next.after, prefix)) continue;
      const target = (at + (strides[to] as number)) * n + to;
      best[target] = Math.min(best[target] as number, soFar + cost(from, to, prefix));
    }
  };
  step(0, -1, 0);
  for (let at = 1; at < prefixes; at++) {
    count(prefix, threads);
    for (let from = 0; from < n; from++) {
      const soFar = best[at * n + from] as number;
      if (soFar < UNREACHED) step(at, from, soFar);
    }
  }
  return Math.min(...best.subarray((prefixes - 1) * n));
}

const isIn = (clock: readonly number[], prefix: readonly number[]): boolean =>
  clock.every((events, thread) => events <= (prefix[thread] as number));

/** The next prefix, the first thread counting fastest. */
function count(prefix: number[], threads: readonly (readonly OrderedEvent[])[]): void {
  for (let thread = 0; thread < prefix.length; thread++) {
    const more = (prefix[thread] as number) + 1;
    const done = more <= (threads[thread] as readonly OrderedEvent[]).length;
    prefix[thread] = done ? more : 0;
    if (done) return;
  }
}
