/** Where the accesses of a race stand in the modelled code: found on a replay, so that exploring costs nothing. */
import { replay, type Program } from "./explorer.ts";
import type { Failure } from "./failure.ts";
import type { Race } from "./happens-before.ts";
import type { Limits } from "./limits.ts";
import type { Choices } from "./recording.ts";

/** A race with the modelled call stack of each side, as {@link RaceQuery.stack} gave it. */
export interface LocatedRace extends Race {
  readonly firstSite: string;
  readonly secondSite: string;
}

/** What is needed to repeat the run of some races. */
export interface RaceQuery {
  readonly program: Program;
  readonly choices: Choices;
  readonly races: readonly Race[];
  readonly limits?: Limits;
  /** Called where an access is announced, with its routines on the stack; answers what to call the site. */
  readonly stack: () => string;
}

/** Replays the run, names the sites, and keeps one race per pair of sites on a word. */
export function raceSites(query: RaceQuery): readonly LocatedRace[] {
  const { program, choices, races, limits, stack } = query;
  const wanted = new Set(races.flatMap(({ first, second }) => [first.at, second.at]));
  const sites = new Map<number, string>();
  const observer = {
    announced: (_context: unknown, _word: number, at: number) => {
      if (wanted.has(at)) sites.set(at, stack());
    },
    switched: NOTHING,
    value: NOTHING,
    note: NOTHING,
  };
  replay(program, choices, limits === undefined ? { observer } : { observer, limits });
  const located = new Map<string, LocatedRace>();
  for (const race of races) {
    const firstSite = sites.get(race.first.at) ?? "";
    const secondSite = sites.get(race.second.at) ?? "";
    const key = JSON.stringify([race.object, ...[firstSite, secondSite].sort()]);
    if (!located.has(key)) located.set(key, { ...race, firstSite, secondSite });
  }
  return [...located.values()];
}

/** The race as a failure. */
export function raceFailure({ object, first, second }: Race): Failure {
  return {
    kind: "Race",
    id: "data-race",
    message: `Nothing orders two accesses to ${object}.`,
    facts: [
      ["first", `${first.kind} by ${first.context}`],
      ["second", `${second.kind} by ${second.context}`],
    ],
    sites: [first.at, second.at],
  };
}

const NOTHING = (): void => undefined;
