/**
 * Looks at the failures of runs as they are made: each gets its fingerprint by a replay.
 *
 * A race that is benign is in nearly every run, and where its accesses stand shows only on a replay. Its words,
 * contexts and kinds of access (its *key*) tell most; so a run is looked at when it has a key that this lens has not
 * seen, or when it is its turn, by its seed. Whoever adds the runs up knows which of the former were the first of the
 * plan: together with the latter these do not depend on who ran what.
 */
import type { Failure } from "../sim/index.ts";
import type { PlanRow } from "../reports/index.ts";
import type { Shown, Sighting } from "./batch.ts";
import type { BatchMaker } from "./batch-maker.ts";
import type { Case, EngineSet, JobRun } from "./engine-set.ts";
import { examineFailure, examineRaces } from "./examine.ts";
import type { Loaded } from "./load-engine.ts";
import { writeToken } from "./tokens.ts";

/** Every so-manieth seed is looked at; a prime, so that the shards of a plan share the work. */
const LOOK_EVERY = 13;

/** What a lens remembers of a scenario. */
interface Memory {
  readonly keys: Set<string>;
  /** Steps of the shortest run that was told of each fingerprint, looks apart. */
  readonly bests: Map<string, number>;
  /** Runs of a memory ascend: who goes back to an earlier one begins anew. */
  last: number;
}

/** One per engine set: it remembers what it has seen, so that it tells everything once. */
export class Lens {
  readonly engine: EngineSet;
  readonly #loaded: Loaded;
  readonly #memories = new Map<string, Memory>();
  #row!: PlanRow;
  #property: string | null = null;
  #memory!: Memory;

  constructor(loaded: Loaded) {
    this.engine = loaded.engine;
    this.#loaded = loaded;
  }

  /** The runs from `at` on are of this row. */
  turnTo(row: PlanRow, property: string | null, at: number): void {
    const known = this.#memories.get(row.scenario);
    const memory = known !== undefined && known.last < at ? known : newMemory(at);
    this.#memories.set(row.scenario, memory);
    this.#row = row;
    this.#property = property;
    this.#memory = memory;
  }

  /** Looks at a run, if there is something to see. */
  look(batch: BatchMaker, run: JobRun, seed: number, at: number): void {
    this.#memory.last = at;
    if (run.races.length > 0) this.#lookAtRaces(batch, run, seed, at);
    if (run.failure === null) return;
    const what = this.#caseOf(run);
    const { fingerprint } = examineFailure(this.engine, what, run, run.failure, run.evidence);
    batch.add(this.#sighting(batch, run, what, run.failure, fingerprint, seed, at));
  }

  #lookAtRaces(batch: BatchMaker, run: JobRun, seed: number, at: number): void {
    const { keys } = this.#memory;
    const all = run.races.map(keyOf);
    const fresh = all.filter((key) => !keys.has(key));
    const due = seed % LOOK_EVERY === 0;
    if (fresh.length === 0 && !due) {
      batch.addUnlooked(signatureOf(all));
      return;
    }
    for (const key of fresh) keys.add(key);
    const what = this.#caseOf(run);
    const fingerprints = examineRaces(this.engine, what, run);
    const told = new Map<string, Failure>();
    run.races.forEach((race, i) => {
      const fingerprint = fingerprints[i] as string; // one for each
      if (!told.has(fingerprint)) told.set(fingerprint, race);
    });
    if (fresh.length === 0) {
      for (const [fingerprint, race] of told) batch.add(this.#sighting(batch, run, what, race, fingerprint, seed, at));
      return;
    }
    // Who adds up may leave it out, so it neither counts as told nor leaves anything to others.
    const sightings = [...told].map(([fingerprint, race]): Sighting =>
      ({ fingerprint, at, shown: this.#shown(run, what, race, fingerprint, seed) }));
    batch.addLook({ at, due, keys: all.map((key, i) => [key, fingerprints[i] as string]), sightings });
    batch.urgent = true;
  }

  #caseOf({ config, choices }: JobRun): Case {
    return { scenario: this.#row.scenario, config, choices, property: this.#property };
  }

  #sighting(
    batch: BatchMaker,
    run: JobRun,
    what: Case,
    failure: Failure,
    fingerprint: string,
    seed: number,
    at: number,
  ): Sighting {
    const { bests } = this.#memory;
    const best = bests.get(fingerprint);
    if (best === undefined) batch.urgent = true;
    else if (best <= run.steps) return { fingerprint, at, shown: null };
    bests.set(fingerprint, run.steps);
    return { fingerprint, at, shown: this.#shown(run, what, failure, fingerprint, seed) };
  }

  #shown(run: JobRun, what: Case, failure: Failure, fingerprint: string, seed: number): Shown {
    const { variant, code } = this.#loaded;
    return {
      failure,
      what,
      run: { steps: run.steps, switches: run.switches },
      strategy: this.#row.strategy,
      seed,
      token: writeToken({ ...what, variant, code, fingerprint }),
    };
  }
}

const newMemory = (at: number): Memory => ({ keys: new Set(), bests: new Map(), last: at });

/** A race by what can be told of it without a replay. */
const keyOf = ({ message, facts }: Failure): string => JSON.stringify([message, facts]);

/** The races of a run as one text. */
export const signatureOf = (keys: readonly string[]): string => JSON.stringify([...new Set(keys)].sort());

/** The keys of a signature. */
export const keysOf = (signature: string): readonly string[] => JSON.parse(signature) as string[];
