/** The floors: the same programs as hand-written generators picked at random, nothing recorded or checked. */

import { EVENTS, PROCESSES, holder } from "./hold.ts";

type Thread = Generator<void, void, void>;

/** P1 by hand: a thread that meets a held lock turns in a circle (faster than keeping a list of waiters). */
export function lockedCounterByHand(): void {
  let held = false;
  let value = 0;
  function* thread(): Thread {
    for (let i = 0; i < 100; i++) {
      yield;
      while (held) yield;
      held = true;
      value++;
      yield;
      held = false;
    }
  }
  pickAtRandom([thread(), thread()]);
  if (value !== 200) throw new Error(`floor of P1 counted ${value}`);
}

/** P2 by hand. */
export function atomicWordsByHand(): void {
  const words = [0, 0, 0, 0];
  function* thread(i: number): Thread {
    for (let j = 0; j < 50; j++) {
      yield;
      const at = (i + j) & 3;
      words[at] = (words[at] as number) + 1;
    }
  }
  pickAtRandom([thread(0), thread(1), thread(2), thread(3)]);
  if (words[0] !== 50) throw new Error(`floor of P2 counted ${String(words[0])}`);
}

function pickAtRandom(threads: Thread[]): void {
  while (threads.length > 0) {
    const at = (Math.random() * threads.length) | 0;
    if ((threads[at] as Thread).next().done === true) threads.splice(at, 1);
  }
}

interface Waiting {
  readonly time: number;
  readonly process: Generator<number, never, void>;
}

const heap: Waiting[] = [];
for (let i = 0; i < PROCESSES; i++) push({ time: i, process: holder(i * 41) });

/** The hold model by hand: a bare binary heap. */
export function holdByHand(): void {
  for (let i = 0; i < EVENTS; i++) {
    const { time, process: next } = pop();
    push({ time: time + next.next().value, process: next });
  }
}

function push(item: Waiting): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Waiting;
    if (parent.time <= item.time) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(): Waiting {
  const first = heap[0] as Waiting;
  const item = heap.pop() as Waiting;
  const { length } = heap;
  if (length === 0) return first;
  let at = 0;
  for (let below = 1; below < length; below = 2 * at + 1) {
    if (below + 1 < length && (heap[below + 1] as Waiting).time < (heap[below] as Waiting).time) below++;
    const child = heap[below] as Waiting;
    if (child.time >= item.time) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = item;
  return first;
}
