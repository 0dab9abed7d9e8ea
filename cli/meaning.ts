/**
 * What a regression says of its run by meaning, so that it can be followed in an edited model: its choices, and the
 * *witnesses*, the orderings that made it fail.
 *
 * Witnesses are, of these, the first there are:
 *   of a race, its two accesses, in the order in which they came;
 *   the fewest orderings in which the run passes when they are the other way round, as `explain` finds them;
 *   where it passes by default, its last preemptions: the operation that was taken before the one that waited;
 *   that the context that failed (at rest: that ran last) came from its first operation to its last.
 */
import { createHash } from "node:crypto";
import {
  Naming,
  Replay,
  happenedIn,
  standingsIn,
  type Failure,
  type Happened,
  type Happening,
  type NamedChoice,
  type NamedChoices,
  type Ordering,
} from "../sim/index.ts";
import type { Case, EngineSet, Ran } from "./engine-set.ts";
import { witnessesOf, type Cause } from "./explain/cause.ts";
import { isSame } from "./explain/flips.ts";

/** An operation as files say it. */
export type Told = readonly [actor: string, operation: string, object: string, occurrence: number];

/** The part of a regression file. */
export interface Meaning {
  /** When the first was what its context had announced last, the second went on instead of whom the default takes. */
  readonly choices: readonly (readonly [at: Told, take: Told])[];
  /** The n-th draw of its context since that, from 0, and its value. */
  readonly draws: readonly (readonly [at: Told, nth: number, value: number])[];
  /** Names the contexts that there were at the first choice: with others it is another workload. */
  readonly cast: string;
  /** The first came before the second. */
  readonly witnesses: readonly (readonly [before: Told, after: Told])[];
}

const PREEMPTIONS = 3;

/** What a failing run says by meaning; `causes`: the orderings that undo it. Deterministic; costs a few runs. */
export function meaningOf(engine: EngineSet, what: Case, failure: Failure, causes: readonly Cause[]): Meaning {
  const naming = new Naming(new Replay(what.choices));
  const run = engine.runUnder(what, naming, "");
  const { choices, draws } = naming;
  const happened = happenedIn(run.x);
  const witnesses = failure.kind === "Race" ? accesses(happened, failure) : witnessesFor(engine, what, failure, { run, happened, choices, causes });
  return {
    choices: choices.map(({ at, take }) => [told(at), told(take)]),
    draws: draws.map(({ at, nth, value }) => [told(at), nth, value]),
    cast: castOf(naming.cast),
    witnesses: witnesses.map(({ before, after }) => [told(before), told(after)]),
  };
}

interface Failed {
  readonly run: Ran;
  readonly happened: readonly Happened[];
  readonly choices: readonly NamedChoice[];
  readonly causes: readonly Cause[];
}

function witnessesFor(engine: EngineSet, what: Case, failure: Failure, { run: { site, x }, happened, choices, causes }: Failed): readonly Ordering[] {
  const actor = site?.context ?? x.current.name;
  const own = happened.filter(({ what: each }) => each.actor === actor);
  const [first, last] = [own[0], own.at(-1)];
  const flips = inThis(happened, witnessesOf(causes));
  if (flips.length > 0) return flips;
  const preemptions = choices.filter(({ at, take }) => at.actor !== take.actor).map(({ at, take }): Ordering => ({ before: take, after: at }));
  const these = inThis(happened, preemptions).slice(-PREEMPTIONS);
  if (these.length > 0 && !isSame(engine.replay({ ...what, choices: { schedule: [], draws: what.choices.draws } }), failure)) return these;
  return first === undefined || last === undefined || first === last ? [] : [{ before: first.what, after: last.what }];
}

/** Those that hold in the run. The second operation may be missing, because the run ended before it. */
function inThis(happened: readonly Happened[], orderings: readonly Ordering[]): readonly Ordering[] {
  const standings = standingsIn(happened, orderings);
  return orderings.filter((_, i) => standings[i] !== "reversed");
}

function accesses(happened: readonly Happened[], { sites = [] }: Failure): readonly Ordering[] {
  const [before, after] = happened.filter(({ at }) => sites.includes(at));
  return before === undefined || after === undefined ? [] : [{ before: before.what, after: after.what }];
}

const told = ({ actor, operation, object, occurrence }: Happening): Told => [actor, operation, object, occurrence];

const happening = ([actor, operation, object, occurrence]: Told): Happening => ({ actor, operation, object, occurrence });

/** 8 hexadecimal digits. */
export const castOf = (names: readonly string[]): string => createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 8);

/** The choices of a file, to be followed. */
export const namedIn = ({ choices, draws }: Meaning): NamedChoices => ({
  choices: choices.map(([at, take]) => ({ at: happening(at), take: happening(take) })),
  draws: draws.map(([at, nth, value]) => ({ at: happening(at), nth, value })),
});

/** The witnesses of a file. */
export const orderingsIn = ({ witnesses }: Meaning): readonly Ordering[] =>
  witnesses.map(([before, after]) => ({ before: happening(before), after: happening(after) }));
