/** The hold model: processes that wait for exponential times, driven by the event queue. */
import { EventQueue } from "../sim/index.ts";

export const PROCESSES = 100;
/** Events per repetition. */
export const EVENTS = 1000;

const MEAN_NS = 1000;
const HOLDS = 4096;
/** Exponential holding times, drawn once. */
const TABLE = Uint32Array.from({ length: HOLDS }, () => 1 - MEAN_NS * Math.log(1 - Math.random()));

/** Holds for ever; starts somewhere in the table. */
export function* holder(first: number): Generator<number, never, void> {
  for (let i = first; ; i++) yield TABLE[i & (HOLDS - 1)] as number;
}

const queue = new EventQueue<Generator<number, never, void>>();
for (let i = 0; i < PROCESSES; i++) queue.schedule(i, holder(i * 41));

/** Goes on for so many events. */
export function hold(): void {
  for (let i = 0; i < EVENTS; i++) {
    const next = queue.take();
    if (next === null) throw new Error("nobody holds");
    queue.schedule(queue.now + next.next().value, next);
  }
}
