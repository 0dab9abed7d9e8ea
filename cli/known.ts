/**
 * What is known of the failures that a search finds: fingerprints that `findings/` lists, and what an entry *claims*.
 *
 * One missing lock shows in many ways, and every seed finds another pair of routines, or another promise that breaks
 * behind them. An entry may say which: the words and the routines that the lock is missing in, and the promises that break.
 * Then these are its, and no others:
 *   a race on one of its words, between two of its routines;
 *   one of its promises, broken in a run in which such a race is *seen*, and, where a routine noticed it, by (and behind)
 *   its routines.
 *   a look at one of its *objects* (memory that is what the entry is about, as the detector calls it) in one of its routines.
 * An entry that needs a memory model claims under it only.
 * The race in the same run is what tells the defect from a mistake that breaks the same promise by itself: with the lock
 * held there is no race, and nothing is claimed.
 */
import type { Failure } from "../sim/index.ts";
import type { Batch } from "./batch.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import type { Finding } from "./findings.ts";
import { causesOf } from "./fingerprint.ts";
import type { Stack } from "./stack.ts";

/** What an entry answers for besides its own fingerprint. */
export interface Claims {
  /** Why these are one defect. */
  readonly why: string;
  /** Words that are raced for. */
  readonly words: readonly string[];
  /** Kernel routines, whatever they call included; `driver load` and `driver store` for a driver's. */
  readonly routines: readonly string[];
  /** What a failing access was to: words of its message. */
  readonly objects: readonly string[];
  /** Ids of failures: properties, or what the detectors call theirs. */
  readonly promises: readonly string[];
}

/** A failure, and a run that shows it. */
interface Met {
  readonly fingerprint: string;
  readonly failure: Failure;
  readonly what: Case;
}

/** Listed and claimed fingerprints of a check. */
export class Known {
  readonly #engine: EngineSet;
  readonly #claiming: readonly (Finding & { readonly claims: Claims })[];
  readonly #met = new Set<string>();
  readonly #fingerprints: Set<string>;
  readonly #owners = new Map<string, string>();

  constructor(engine: EngineSet, findings: readonly Finding[]) {
    this.#engine = engine;
    this.#claiming = findings.filter((finding): finding is Finding & { readonly claims: Claims } => finding.claims !== null);
    this.#fingerprints = new Set(findings.map(({ fingerprint }) => fingerprint));
    for (const { fingerprint, name } of findings) this.#owners.set(fingerprint, name);
  }

  /** Everything known so far; it grows as failures are met. */
  get fingerprints(): ReadonlySet<string> {
    return this.#fingerprints;
  }

  /** The entry that a known fingerprint belongs to; null: none. */
  ownerOf(fingerprint: string): string | null {
    return this.#owners.get(fingerprint) ?? null;
  }

  /** A batch has come in: whatever it shows for the first time is looked at. Costs two replays for each that nobody lists. */
  meetBatch({ sightings, looks }: Batch): void {
    for (const { fingerprint, shown } of [...sightings, ...looks.flatMap((look) => look.sightings)]) {
      if (shown !== null) this.meet({ ...shown, fingerprint });
    }
  }

  /** Is the failure known? It is looked at once. */
  meet(met: Met): boolean {
    const { fingerprint } = met;
    if (this.#fingerprints.has(fingerprint) || this.#met.has(fingerprint) || this.#claiming.length === 0) {
      return this.#fingerprints.has(fingerprint);
    }
    this.#met.add(fingerprint);
    const owner = claimant(this.#engine, this.#claiming, met);
    if (owner === null) return false;
    this.#fingerprints.add(fingerprint);
    this.#owners.set(fingerprint, owner);
    return true;
  }
}

/** The first entry that claims the failure. */
function claimant(engine: EngineSet, claiming: readonly (Finding & { readonly claims: Claims })[], { failure, what }: Met): string | null {
  const isAbout = ({ objects }: Claims): boolean => failure.kind === "Memory" && objects.some((object) => failure.message.includes(object));
  const candidates = claiming.filter(({ claims, memory }) => (memory === null || memory === what.config.memory) &&
    (failure.kind === "Race" || claims.promises.includes(failure.id) || isAbout(claims)));
  if (candidates.length === 0) return null;
  const run = engine.replay(what);
  const races = racesOf(engine, what, run.races);
  const [noticed, ...causes] = failure.kind === "Race" ? [] : placesOf(engine, what, run.evidence);
  const found = candidates.find(({ claims }) => {
    const isIn = (place: Place): boolean => place.some((routine) => claims.routines.includes(routine));
    if (isAbout(claims) && noticed !== undefined && isIn(noticed)) return true;
    const own = races.filter(({ word, places }) => claims.words.includes(word) && places.every(isIn));
    if (failure.kind === "Race") return own.some(({ race }) => isSame(race, failure));
    return own.length > 0 && [...(noticed === undefined ? [] : [noticed]), ...causes].every(isIn);
  });
  return found?.name ?? null;
}

/** The routines that were running somewhere; of a driver's access only that it is one. */
type Place = readonly string[];

interface PlacedRace {
  readonly race: Failure;
  readonly word: string;
  readonly places: readonly Place[];
}

const isSame = (a: Failure, b: Failure): boolean => a.message === b.message && JSON.stringify(a.facts) === JSON.stringify(b.facts);

const placeOf = (stack: Stack): Place => stack.map(({ routine }) => routine);

/** The races of a run, with where their accesses are. */
function racesOf(engine: EngineSet, what: Case, races: readonly Failure[]): readonly PlacedRace[] {
  const { stacks } = engine.stacks(what, races.flatMap(({ sites = [] }) => sites));
  let at = 0;
  return races.map((race) => {
    const { length } = race.sites ?? [];
    at += length;
    const own = stacks.slice(at - length, at);
    const [word = "", ...sites] = causesOf(race, own, null);
    const places = own.map((stack): Place => {
      const access = stack.at(-1)?.driver === true ? sites.find((site) => site.startsWith("driver ")) : undefined;
      return access === undefined ? placeOf(stack) : [access];
    });
    return { race, word, places };
  });
}

/** Where a routine noticed the failure, and where its causes are: nowhere, at rest. */
function placesOf(engine: EngineSet, what: Case, evidence: readonly number[]): readonly Place[] {
  const { run: { failure }, stacks, thrown } = engine.stacks(what, evidence);
  if (failure === null || thrown === null) return [];
  return [placeOf(thrown), ...(failure.sites === undefined ? [] : stacks.map(placeOf))];
}
