/** The units of a campaign under way: handed out in plan order, run by whoever is free, added up in plan order. */
import type { PlanRow } from "../reports/index.ts";
import type { Batch } from "./batch.ts";
import type { Campaign, CampaignOptions, LostRun, WorkerPosition } from "./campaign.ts";
import { WorkerLost, type Crew } from "./crew.ts";
import { EngineFault, messageOf } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { addBatch, emptyTally, type Tally } from "./fold.ts";
import type { Plan } from "./plan.ts";
import { offsetAt, runAt, runsFollow, unitsOf, type Unit } from "./units.ts";

/** A run may cost so many workers. */
const ATTEMPTS = 3;
/** One that does not come back is waited for so often. */
const SILENT_ATTEMPTS = 2;
/** So many lost runs say that waiting for the others makes no sense. */
const LOST_MOST = 10;
/** Units that may be ahead of the one that is added up, for each lane. */
const AHEAD = 64;

/** Batches of a unit that came before its turn. */
interface Waiting {
  readonly unit: Unit;
  readonly lane: number;
  readonly batches: Batch[];
  /** Where the next batch begins. */
  from: number;
  finished: boolean;
}

/** One for each campaign. */
export class Runs {
  readonly #crew: Crew;
  readonly #plan: Plan;
  readonly #options: CampaignOptions;
  readonly #units: readonly Unit[];
  readonly #tallies: Map<string, Tally>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #lost: LostRun[] = [];
  /** The next unit to hand out, and the one that is added up. */
  #next = 0;
  #turn = 0;
  #runs = 0;
  #ended = false;
  #stopped = false;
  #fault: EngineFault | null = null;
  /** Lanes that wait until the one that is added up has caught up. */
  #idle: (() => void)[] = [];

  constructor(crew: Crew, plan: Plan, options: CampaignOptions) {
    this.#crew = crew;
    this.#plan = plan;
    this.#options = options;
    this.#units = unitsOf(plan, options.shard ?? undefined, options.classes?.endsRows ?? false);
    this.#tallies = new Map(plan.rows.map(({ scenario }) => [scenario, emptyTally(scenario)]));
  }

  /** Runs that have been added up. */
  get done(): number {
    return this.#runs;
  }

  stop(): void {
    this.#stopped = true;
    this.#brake();
  }

  positions(): readonly WorkerPosition[] {
    const at = ({ unit, lane, from }: Waiting): WorkerPosition => {
      return { worker: lane, from: runAt(unit, from), to: runAt(unit, unit.count - 1) + 1, stride: unit.stride };
    };
    return [...this.#waiting.values()].filter(({ finished }) => !finished).map(at);
  }

  result(): Campaign {
    // Behind a stop there are gaps.
    for (const waiting of this.#waiting.values()) this.#addBatches(waiting);
    const complete = !this.#ended && !this.#stopped;
    const { classes } = this.#options;
    const lost = classes === null ? this.#lost : this.#lost.filter(({ at }) => classes.counts(at));
    return { tallies: [...this.#tallies.values()], complete, fault: this.#fault, lost };
  }

  /** A lane: one unit after the other. */
  async work(lane: number): Promise<void> {
    while (!this.#over && this.#next < this.#units.length) {
      if (this.#next > this.#turn + AHEAD * this.#crew.lanes) {
        await new Promise<void>((resolve) => this.#idle.push(resolve));
        continue;
      }
      const unit = this.#units[this.#next++] as Unit; // below length
      if (this.#rowHasEnded(unit)) {
        this.#leaveOut(unit, lane);
        continue;
      }
      try {
        await this.#run(lane, unit);
      } catch (error) {
        this.#fault ??= new EngineFault(`internal error: ${messageOf(error)}`, Exit.EngineFault, error);
        this.#end();
      }
    }
  }

  /** Runs a unit, by as many workers as it takes. */
  async #run(lane: number, unit: Unit): Promise<void> {
    const row = this.#rowOf(unit);
    const waiting: Waiting = { unit, lane, batches: [], from: 0, finished: false };
    this.#waiting.set(unit.id, waiting);
    this.#options.onTick(this.done, this.positions());
    const { property, coverage, classes, endsAt } = this.#options;
    const skip: number[] = [];
    const attempts = new Map<number, number>();
    let checkpoint: unknown = null;
    let eager = endsAt !== null;
    const onBatch = (batch: Batch): void => {
      waiting.from = batch.next;
      checkpoint = batch.checkpoint;
      this.#options.onBatch(batch, row);
      waiting.batches.push(batch);
      this.#addUp();
    };
    while (!this.#over) {
      try {
        await this.#crew.run(lane, { unit, row, property, coverage, classes: classes !== null, from: waiting.from, checkpoint, skip, eager }, onBatch);
        break;
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        const position = positionOf(unit, error.at, waiting.from);
        const again = this.#tryAgain(unit, row, position, error, attempts);
        // What stood between the last batch and the end of the worker is run again, told run by run.
        eager = true;
        if (again) continue;
        // Runs that follow from one another end where one does not come back.
        if (runsFollow(row)) break;
        skip.push(position);
      }
    }
    waiting.finished = true;
    this.#addUp();
  }

  #tryAgain(unit: Unit, row: PlanRow, position: number, error: WorkerLost, attempts: Map<number, number>): boolean {
    const attempt = (attempts.get(position) ?? 0) + 1;
    attempts.set(position, attempt);
    const again = attempt < (error.how === "silent" ? SILENT_ATTEMPTS : ATTEMPTS);
    const lost: LostRun = { at: runAt(unit, position), row, seed: row.firstSeed + offsetAt(unit, position), how: error.how };
    if (!again) this.#lost.push(lost);
    this.#options.onLost(lost, error.message, again);
    if (this.#lost.length >= LOST_MOST) {
      this.#fault ??= new EngineFault(`${String(LOST_MOST)} runs did not come back: the others are not waited for`);
      this.stop();
    }
    return again;
  }

  #rowOf(unit: Unit): PlanRow {
    return this.#plan.rows[unit.row] as PlanRow; // units are made of rows
  }

  /** Adds up what can be added up in plan order. */
  #addUp(): void {
    for (let unit = this.#units[this.#turn]; unit !== undefined && !this.#ended; unit = this.#units[this.#turn]) {
      const waiting = this.#waiting.get(unit.id);
      if (waiting === undefined) break;
      this.#addBatches(waiting);
      if (!waiting.finished) break;
      this.#waiting.delete(unit.id);
      if (!this.#rowHasEnded(unit)) this.#options.classes?.unitDone(unit);
      this.#turn++;
    }
    for (const resume of this.#idle.splice(0)) resume();
  }

  #addBatches({ unit, batches }: Waiting): void {
    const { endsAt, classes, onProgress } = this.#options;
    if (this.#rowHasEnded(unit)) batches.length = 0;
    const row = this.#rowOf(unit);
    const tally = this.#tallies.get(row.scenario) as Tally; // of the plan
    for (const batch of batches.splice(0)) {
      if (this.#ended) return;
      const fingerprints = addBatch(tally, batch);
      classes?.take(unit.row, batch);
      this.#runs += batch.runs;
      onProgress(this.#runs, row, [...this.#tallies.values()]);
      if (batch.fault !== null) this.#fault = new EngineFault(batch.fault.message, batch.fault.exit);
      if (batch.fault !== null || (endsAt !== null && fingerprints.some(endsAt))) this.#end();
    }
  }

  #rowHasEnded({ row }: Unit): boolean {
    return this.#options.classes?.hasEnded(row) === true;
  }

  /** A unit that is not run any more. */
  #leaveOut(unit: Unit, lane: number): void {
    this.#waiting.set(unit.id, { unit, lane, batches: [], from: unit.count, finished: true });
    this.#addUp();
  }

  /** Nothing more counts. */
  #end(): void {
    this.#ended = true;
    this.#brake();
  }

  /** Nothing more is run. */
  #brake(): void {
    this.#crew.stop();
    for (const resume of this.#idle.splice(0)) resume();
  }

  get #over(): boolean {
    return this.#ended || this.#stopped;
  }
}

/** The position of a run in its unit; when the worker was in none, the one it would have begun with. */
function positionOf(unit: Unit, at: number, from: number): number {
  const position = (at - unit.start - unit.first) / unit.stride;
  return Number.isInteger(position) && position >= from && position < unit.count ? position : from;
}
