/**
 * The runs of a check: units of the plan are handed to a crew, and what comes back is added up in plan order. What
 * is run never depends on the clock, nor on who runs it. A run that kills its worker is run again; when it does so
 * every time it is left out and told, and costs no other run.
 */
import type { PlanRow } from "../reports/index.ts";
import type { Batch } from "./batch.ts";
import type { Crew, WorkerLost } from "./crew.ts";
import type { EngineFault } from "./errors.ts";
import type { Tally } from "./fold.ts";
import type { Plan } from "./plan.ts";
import type { RowClasses } from "./row-classes.ts";
import { Runs } from "./runs.ts";
import type { Shard } from "./units.ts";

/** A run that does not come back. */
export interface LostRun {
  /** Its number in the plan. */
  readonly at: number;
  readonly row: PlanRow;
  readonly seed: number;
  readonly how: WorkerLost["how"];
}

/** Where a worker is: the runs it is in, or may be. Numbers of runs in the plan. */
export interface WorkerPosition {
  readonly worker: number;
  /** The first run that nobody has heard of, and one past the last that it was given. */
  readonly from: number;
  readonly to: number;
  /** From one of its runs to the next. */
  readonly stride: number;
}

/** What the runs need besides the plan. */
export interface CampaignOptions {
  /** The only property that is armed; null: all are. */
  readonly property: string | null;
  readonly shard: Shard | null;
  /** Collect protocol coverage. */
  readonly coverage: boolean;
  /** Count happens-before classes; null: do not. */
  readonly classes: RowClasses | null;
  /** Stop at the first failure for which this is true; null: never. */
  readonly endsAt: ((fingerprint: string) => boolean) | null;
  /** Ends the runs early; what has been run counts. */
  readonly signal: AbortSignal | null;
  /** A batch has come in, before anything is done with it. */
  readonly onBatch: (batch: Batch, row: PlanRow) => void;
  readonly onProgress: (runs: number, row: PlanRow, tallies: readonly Tally[]) => void;
  /** Called every {@link TICK_MS} at most, and before runs are given to a worker: how far the campaign is. */
  readonly onTick: (done: number, workers: readonly WorkerPosition[]) => void;
  /** A worker is gone; `again`: its run is tried once more. */
  readonly onLost: (lost: LostRun, why: string, again: boolean) => void;
}

const USUAL: CampaignOptions = {
  property: null,
  shard: null,
  coverage: false,
  classes: null,
  endsAt: null,
  signal: null,
  onBatch: () => undefined,
  onProgress: () => undefined,
  onTick: () => undefined,
  onLost: () => undefined,
};

/** How a campaign went. */
export interface Campaign {
  readonly tallies: readonly Tally[];
  /** False when it was ended early. */
  readonly complete: boolean;
  readonly fault: EngineFault | null;
  readonly lost: readonly LostRun[];
}

const TICK_MS = 50;

/** Runs the plan. */
export async function runCampaign(crew: Crew, plan: Plan, given: Partial<CampaignOptions> = {}): Promise<Campaign> {
  const options = { ...USUAL, ...given };
  const { signal } = options;
  const runs = new Runs(crew, plan, options);
  const stop = (): void => {
    runs.stop();
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop);
  const ticks = setInterval(() => {
    options.onTick(runs.done, runs.positions());
  }, TICK_MS);
  try {
    await Promise.all(Array.from({ length: crew.lanes }, (_, lane) => runs.work(lane)));
  } finally {
    clearInterval(ticks);
    signal?.removeEventListener("abort", stop);
  }
  return runs.result();
}
