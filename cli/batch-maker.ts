/** A batch while its runs are made. */
import type { StandstillKind } from "../sim/index.ts";
import type { Batch, Fault, Look, Sighting } from "./batch.ts";
import type { Job, JobRun } from "./engine-set.ts";

/** Adds up runs; {@link done} makes the batch. */
export class BatchMaker {
  runs = 0;
  /** Something was seen that nobody should have to wait for. */
  urgent = false;
  readonly #unit: number;
  readonly #hashes: bigint[] = [];
  readonly #classes: bigint[] = [];
  readonly #classRuns: number[] = [];
  readonly #reached = new Set<string>();
  readonly #sightings: Sighting[] = [];
  readonly #looks: Look[] = [];
  readonly #unlooked = new Map<string, number>();
  #steps = 0;
  #switches = 0;
  #inconclusiveRuns = 0;
  readonly #standstills = new Map<StandstillKind, number>();

  constructor(unit: number) {
    this.#unit = unit;
  }

  /** Counts a run, whatever it showed. `offset`: its number in its row. */
  count(run: JobRun, offset: number): void {
    this.runs++;
    this.#steps += run.steps;
    this.#switches += run.switches;
    this.#hashes.push(run.hash);
    if (run.traceClass !== null) {
      this.#classes.push(run.traceClass);
      this.#classRuns.push(offset);
    }
    for (const name of run.reached) this.#reached.add(name);
    if (run.outcome !== "inconclusive") return;
    this.#inconclusiveRuns++;
    const why = run.standstill ?? "unknown";
    this.#standstills.set(why, (this.#standstills.get(why) ?? 0) + 1);
  }

  add(sighting: Sighting): void {
    this.#sightings.push(sighting);
  }

  addLook(look: Look): void {
    this.#looks.push(look);
  }

  addUnlooked(signature: string): void {
    this.#unlooked.set(signature, (this.#unlooked.get(signature) ?? 0) + 1);
  }

  /** The batch, whose last run was before `next`. */
  done(next: number, job: Job, fault: Fault | null, over: boolean): Batch {
    return {
      unit: this.#unit,
      next,
      runs: this.runs,
      steps: this.#steps,
      switches: this.#switches,
      inconclusiveRuns: this.#inconclusiveRuns,
      standstills: [...this.#standstills],
      hashes: BigUint64Array.from(this.#hashes),
      classes: BigUint64Array.from(this.#classes),
      classRuns: Uint32Array.from(this.#classRuns),
      reached: [...this.#reached],
      coverage: job.takeCoverage(),
      sightings: this.#sightings,
      looks: this.#looks,
      unlooked: [...this.#unlooked],
      fault,
      over,
      checkpoint: job.checkpoint(),
    };
  }
}
