/**
 * Why a run hit a bound: watched from inside when it is made once more, so that exploring pays nothing for it.
 *
 *   livelock     a state came back over at least half the bound with nothing to show for it, and everybody who could run
 *                did: they can go on like that for ever, whatever the schedule does for them
 *   starvation   the same, but somebody could run now and then and never did: somebody else always got there first
 *                (a schedule that is fair to who can run all the time may do this: locks without fairness)
 *   unfair       the same, but somebody could run all the time and never did: it is the schedule that stands still
 *   going-on     the bound on all steps: there was progress, and nobody waited for his turn all along
 *   unknown      no state came back: a long way, or a state that is not seen
 *
 * A state is what cells, gates and CPUs hold and what every context is about to do; what routines keep in their own
 * variables is not seen. So a loop that counts its turns where nobody sees it is taken for a livelock when its turns fill
 * half the bound, and not before. (Weak and strong fairness: Francez, "Fairness", 1986, chapter 1.)
 */
import type { Cell } from "./cell.ts";
import type { Context } from "./context.ts";
import { describeOp } from "./describe.ts";
import type { Execution } from "./execution.ts";
import type { Failure, Inconclusive } from "./failure.ts";
import { Gate } from "./gate.ts";
import { Hash64 } from "./hash.ts";
import type { Observer } from "./observer.ts";

/** Why a run hit a bound. */
export type StandstillKind = "livelock" | "starvation" | "unfair" | "going-on" | "unknown";

/** Why, and by whose doing. */
export interface Standstill {
  readonly kind: StandstillKind;
  /** Who ran in circles (a livelock), or never ran (starvation, unfair). */
  readonly contexts: readonly string[];
  /** The livelock as a failure; else null. */
  readonly failure: Failure | null;
}

/** One operation that was announced. */
interface Moment {
  readonly context: Context;
  readonly at: number;
  readonly word: number;
  /** 53 bits of a hash. */
  readonly state: number;
  readonly enabled: readonly Context[];
}

/** A stretch of moments, the first not included. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** How often the state at both ends was there. */
  readonly times: number;
}

/** Watches one run; hook it to `x.observer` before it begins. Memory: linear in the run. */
export class ProgressWatch implements Observer {
  readonly #x: Execution;
  readonly #moments: Moment[] = [];
  /** The first moment behind the last progress. */
  #since = 0;
  #progressAt = 0;
  readonly #cells = new Map<object, number>();
  readonly #values = new Map<unknown, number>();
  /** What was written, as a sum over cells, in two halves. */
  #low = 0;
  #high = 0;
  readonly #gates: Gate[] = [];
  readonly #hash = new Hash64();
  #objectsSeen = 0;
  #enabled: readonly Context[] = [];

  constructor(x: Execution) {
    this.#x = x;
  }

  announced(context: Context, word: number, at: number): void {
    const { recording } = this.#x;
    if (recording.progressAt !== this.#progressAt) {
      this.#progressAt = recording.progressAt;
      this.#since = this.#moments.length;
    }
    this.#moments.push({ context, at, word, state: this.#state(), enabled: this.#whoCould() });
  }

  switched(): void {
    // Whoever goes on shows by what he announces next.
  }

  value(cell: Cell<unknown>, before: unknown, after: unknown): void {
    const number = numberOf(this.#cells, cell);
    this.#add(number, after, 1);
    this.#add(number, before, -1);
  }

  note(): void {
    // Says nothing about progress.
  }

  /** Why the run that was watched hit this bound. Cost: linear in the run. */
  explain(bound: Inconclusive["bound"]): Standstill {
    const count = this.#moments.length;
    if (bound === "steps") {
      const { noProgressMax } = this.#x.limits;
      return this.#judge({ from: Math.max(0, count - noProgressMax), to: count - 1, times: 0 });
    }
    const circle = this.#circle(this.#x.limits.noProgressMax / 2);
    return circle === null ? { kind: "unknown", contexts: [], failure: null } : this.#judge(circle);
  }

  /** Between the first and the last time of the state that was there over the longest stretch. */
  #circle(least: number): Stretch | null {
    const firsts = new Map<number, { readonly from: number; times: number }>();
    let longest: Stretch | null = null;
    for (let i = this.#since; i < this.#moments.length; i++) {
      const { state } = this.#moments[i] as Moment; // below length
      const first = firsts.get(state);
      if (first === undefined) {
        firsts.set(state, { from: i, times: 1 });
        continue;
      }
      first.times++;
      const length = i - first.from;
      if (length < least || (longest !== null && length < longest.to - longest.from)) continue;
      longest = { from: first.from, to: i, times: first.times };
    }
    return longest;
  }

  #judge({ from, to, times }: Stretch): Standstill {
    const stretch = this.#moments.slice(from, to);
    const ran = new Map<Context, Moment>();
    for (const moment of this.#moments.slice(from + 1, to + 1)) ran.set(moment.context, moment);
    const could = new Map<Context, number>();
    for (const { enabled } of stretch) for (const context of enabled) could.set(context, (could.get(context) ?? 0) + 1);
    const left = [...could].filter(([context]) => !ran.has(context));
    const always = left.filter(([, moments]) => moments === stretch.length);
    const none = { failure: null };
    if (always.length > 0) return { kind: "unfair", contexts: names(always), ...none };
    if (left.length > 0) return { kind: "starvation", contexts: names(left), ...none };
    if (times === 0) return { kind: "going-on", contexts: [], ...none };
    return { kind: "livelock", contexts: names([...ran]), failure: this.#failure(to - from, times, ran) };
  }

  #failure(steps: number, times: number, ran: ReadonlyMap<Context, Moment>): Failure {
    const loop = [...ran.values()].sort((a, b) => a.context.id - b.context.id);
    return {
      kind: "Stuck",
      id: "livelock",
      message: "Everybody who can run does, and what they come to is where they were.",
      facts: [
        ["the same state", `${String(times)} times in ${String(steps)} steps without progress`],
        ...loop.map(({ context, word }) => [context.name, `goes in circles, at last: ${describeOp(this.#x, word)}`] as const),
      ],
      sites: loop.map(({ at }) => at),
    };
  }

  /** Everything that is seen of the machine. */
  #state(): number {
    const x = this.#x;
    const hash = this.#hash;
    hash.set(0, 0);
    hash.add(this.#low);
    hash.add(this.#high);
    for (const { life, blocked, pending, gate, enabled } of x.contexts) {
      hash.add(pending);
      hash.add(gate === null ? 0 : gate.object);
      hash.add((enabled ? 1 : 0) + (blocked ? 2 : 0) + (life === "new" ? 4 : 0) + (life === "done" ? 8 : 0));
    }
    for (const { thread, nested, raised, masked } of x.cpus) {
      hash.add(thread?.id ?? -1);
      hash.add(nested?.id ?? -1);
      hash.add(raised * 2 + (masked ? 1 : 0));
    }
    for (const { owner } of this.#allGates()) hash.add(owner?.id ?? -1);
    return (hash.low >>> 0) + (hash.high & 0x1f_ffff) * 0x1_0000_0000;
  }

  #allGates(): readonly Gate[] {
    const { objects } = this.#x;
    for (; this.#objectsSeen < objects.length; this.#objectsSeen++) {
      const object = objects[this.#objectsSeen];
      if (object instanceof Gate) this.#gates.push(object);
    }
    return this.#gates;
  }

  /** Who could run now; the same list as long as it does not change. */
  #whoCould(): readonly Context[] {
    const { enabled } = this.#x;
    const last = this.#enabled;
    if (last.length !== enabled.length || enabled.some((context, i) => context !== last[i])) this.#enabled = [...enabled];
    return this.#enabled;
  }

  #add(cell: number, value: unknown, sign: 1 | -1): void {
    const hash = this.#hash;
    hash.set(0, 0);
    hash.add(cell);
    hash.add(numberOf(this.#values, value));
    this.#low = (this.#low + sign * hash.low) | 0;
    this.#high = (this.#high + sign * hash.high) | 0;
  }
}

/** In the order of creation. */
const names = (entries: readonly (readonly [Context, unknown])[]): readonly string[] =>
  entries.toSorted(([a], [b]) => a.id - b.id).map(([{ name }]) => name);

/** Numbers by first appearance. */
function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
