/** Contexts on common words, for the tests of the race check. */
import type { Execution } from "./execution.ts";
import { explore, type Program } from "./explorer.ts";
import { Gate } from "./gate.ts";
import { findRaces, type Race } from "./happens-before.ts";
import { Struct, atomic, published, word } from "./memory.ts";
import type { Routine } from "./point.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";

/** What the contexts share. */
export class Shared extends Struct {
  readonly data = word(this, 0);
  readonly other = word(this, 0);
  readonly flag = atomic(this, 0);
  readonly sync = atomic(this, 0);
  readonly lock = new Gate(this.x, "lock");
  readonly seen = published(this, this.lock, 0);
}

/** A body. */
export type Thread = (s: Shared, x: Execution) => Routine<void>;

/** A program of these bodies. */
export const threads = (...bodies: readonly Thread[]): Program => ({
  setup(x) {
    const s = new Shared(x, "s");
    bodies.forEach((body, i) => void x.spawn(`t${String(i)}`, () => body(s, x)));
  },
});

/** What all schedules say together. */
export interface Verdict {
  readonly runs: number;
  readonly racy: number;
  readonly kinds: readonly string[];
}

const kindsOf = ({ object, first, second }: Race): string =>
  `${object}: ${[first.kind, second.kind].sort().join("/")}`;

/** Over all schedules: how many race, and what was seen. */
export function verdict(program: Program): Verdict {
  const kinds = new Set<string>();
  let racy = 0;
  const { runs } = explore({ program, strategy: new Exhaustive(), seed: "none", runs: 100_000 }, ({ x }) => {
    const races = findRaces(x);
    if (races.length > 0) racy++;
    for (const race of races) kinds.add(kindsOf(race));
    return undefined;
  });
  return { runs, racy, kinds: [...kinds].sort() };
}

export function* store(s: Shared): Routine<void> {
  yield* s.data.store(1);
}
export function* load(s: Shared): Routine<void> {
  yield* s.data.load();
}
