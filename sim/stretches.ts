/**
 * A schedule as the stretches that contexts run for, told by meaning: who, until how many operations of its own, and
 * whether it was preempted then. What is left out or runs on leaves the others in their order, which is what deviations
 * from a default ({@link ./guide.ts}) do not: there, everything behind a change falls back on who comes first.
 */
import type { Context } from "./context.ts";
import { Whereabouts } from "./guide.ts";
import { opObject } from "./operation.ts";
import { Event, eventKind } from "./recording.ts";
import type { Draws } from "./rng.ts";
import type { Places } from "./strategies/sparing.ts";

/** What one context runs in one go. */
export interface Stretch {
  readonly name: string;
  /** Operations that the context has announced since exploration began when it is left. */
  readonly until: number;
  /** It could have gone on. False: it runs until it cannot. */
  readonly preempted: boolean;
}

/** The stretches of a finished run. `preemptions`: where in the log they stand. Cost: linear in the log. */
export function stretchesOf(
  log: Int32Array,
  settledAt: number,
  contexts: readonly Context[],
  preemptions: readonly number[],
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const where = new Whereabouts();
  const preempted = new Set(preemptions);
  for (let at = settledAt; at < log.length; at++) {
    const word = log[at] as number;
    if (word > 0 || !isSwitch(word)) continue;
    where.readTo(log, at, settledAt);
    const { context, announced } = where;
    stretches.push({ name: contexts[context]?.name ?? "", until: announced[context] ?? 0, preempted: preempted.has(at) });
  }
  where.readTo(log, log.length, settledAt);
  const { context, announced } = where;
  return [...stretches, { name: contexts[context]?.name ?? "", until: announced[context] ?? 0, preempted: false }].slice(1);
}

const isSwitch = (word: number): boolean => eventKind(word) === Event.Chosen || eventKind(word) === Event.Switch;

/** What may come in the place of a stretch that is preempted: it goes on instead. */
export const runsOn = (stretch: Stretch): readonly Stretch[] => [{ ...stretch, preempted: false }];

/** What may come in its place: it does not run before the next turn of its context. */
export const waits = (): readonly Stretch[] => [];

/** The same order, but that so many of the preemptions from the `from`-th on are spared. */
export function spared(stretches: readonly Stretch[], from: number, many: number, instead: typeof runsOn): readonly Stretch[] {
  let nth = -1;
  return stretches.flatMap((each) => {
    if (!each.preempted) return [each];
    nth++;
    return nth >= from && nth < from + many ? instead(each) : [each];
  });
}

/**
 * The same order with other preemptions: those there were run on or wait for their next turn, and so many new ones are
 * drawn, each with what is left of its stretch some stretches later.
 */
export function respaced(stretches: readonly Stretch[], preemptions: number, draws: Draws): readonly Stretch[] {
  const calm = stretches.flatMap((each): readonly Stretch[] => {
    if (!each.preempted) return [each];
    return draws.below(2) === 0 ? waits() : runsOn(each);
  });
  for (let i = 0; i < preemptions && calm.length > 0; i++) {
    const at = draws.below(calm.length);
    const { name, until } = calm[at] as Stretch;
    const before = calm.slice(0, at).findLast((other) => other.name === name)?.until ?? 0;
    if (until - before < 2) continue;
    calm.splice(at, 1, { name, until: before + 1 + draws.below(until - before - 1), preempted: true });
    calm.splice(Math.min(calm.length, at + 2 + draws.below(FARTHER)), 0, { name, until, preempted: false });
  }
  return calm;
}

/** The rest of a stretch that is cut stands behind one other or a few more. */
const FARTHER = 3;

/** Objects that several contexts touch in a finished run with these draws, and how often. Cost: linear in the log. */
export function sharedIn(log: Int32Array, settledAt: number, draws: readonly number[]): Places {
  const by = new Map<number, number>();
  const counts = new Map<number, number>();
  const shared = new Set<number>();
  let steps = 0;
  const where = new Whereabouts();
  where.readTo(log, settledAt, settledAt);
  for (let at = settledAt; at < log.length; at++) {
    where.readTo(log, at + 1, settledAt);
    const word = log[at] as number;
    if (word > 0) steps++;
    const object = word > 0 ? opObject(word) : 0;
    if (object === 0) continue;
    counts.set(object, (counts.get(object) ?? 0) + 1);
    if ((by.get(object) ?? where.context) !== where.context) shared.add(object);
    by.set(object, where.context);
  }
  return { shared, draws, steps, operations: [...shared].reduce((sum, object) => sum + (counts.get(object) ?? 0), 0) };
}
