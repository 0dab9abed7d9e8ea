/** The end of a check, or of the shards of one: from what was counted to results, reports and the exit code. */
import type { Property } from "../properties/index.ts";
import type { LostResult, PropertyResult, ProtocolCoverageFile, Results } from "../reports/index.ts";
import type { Campaign } from "./campaign.ts";
import { groupedByCause, type Explained } from "./causes.ts";
import { showCoverage, type CoverageShown } from "./coverage.ts";
import { EngineFault } from "./errors.ts";
import { exitOfSignal, worstOf, type Exit } from "./exit-codes.ts";
import { failuresOf } from "./fold.ts";
import type { Io } from "./io.ts";
import type { Keeping } from "./keeping.ts";
import type { Loaded } from "./load-engine.ts";
import type { Plan } from "./plan.ts";
import type { Reporting } from "./reporters.ts";
import type { RowClasses } from "./row-classes.ts";
import { classLines } from "./show-classes.ts";
import { budgetFor } from "./shrinking.ts";
import { shardText, type Shard } from "./units.ts";
import { exitOf, scenarioResults, totalsOf, unreachedBy, type Judging, type Strictness } from "./verdicts.ts";

/** What was run, and what came of it. */
export interface Counted {
  readonly loaded: Loaded;
  readonly plan: Plan;
  readonly property: string | null;
  readonly shard: Shard | null;
  readonly campaign: Pick<Campaign, "tallies" | "complete">;
  readonly lost: readonly LostResult[];
  readonly findings: Results["findings"];
  readonly regressions: Results["regressions"];
  /** Fingerprints that findings/ lists or claims. */
  readonly known: ReadonlySet<string>;
  readonly covered: ProtocolCoverageFile | null;
  /** Happens-before classes; null unless they were counted. */
  readonly classes: RowClasses | null;
  readonly interrupted: Results["interrupted"];
  /** Of what went wrong on the way. */
  readonly fault: EngineFault | null;
  readonly timing: Pick<Results["timing"], "started" | "seconds">;
}

/** Where it is told. */
export interface Telling {
  readonly io: Io;
  readonly keeping: Keeping;
  readonly reporting: Reporting;
  /** Asked between failures: true leaves those to come as they are. */
  readonly signal: () => "SIGINT" | "SIGTERM" | null;
}

/** How it is judged and shown. */
export interface ConcludeOptions extends Strictness {
  /** How much of the coverage is printed. */
  readonly coverage: CoverageShown | null;
  /** Runs that may be spent on shrinking each new failure; null: as many as there is time for. */
  readonly shrinkBudget: number | null;
}

/** Shows and keeps the new failures, reports, and gives the exit code. */
export async function conclude(counted: Counted, { io, keeping, reporting, signal }: Telling, options: ConcludeOptions): Promise<Exit> {
  const { covered } = counted;
  const shown = counted.fault === null ? await showFailures(reporting, keeping, counted, options.shrinkBudget, () => signal() !== null) : { explained: [], fault: counted.fault };
  const { fault } = shown;
  const results = resultsOf(counted, groupedByCause(shown.explained, counted.campaign.tallies), io.version);
  if (results.classes !== null) {
    const { plan, property, loaded: { variant }, classes } = counted;
    reporting.say(classLines(results.classes, classes?.taken ?? plan, { property, variant }));
  }
  if (covered !== null) showCoverage(io, reporting, covered, options.coverage);
  const ofReporters = await reporting.end(results, fault);
  const heard = signal() ?? counted.interrupted;
  if (heard !== null) return exitOfSignal(heard);
  return worstOf([exitOf(results, options, fault?.exit ?? null), ...(ofReporters === null ? [] : [ofReporters])]);
}

/** The properties that are armed, or only the one. */
const armed = ({ engine }: Loaded, only: string | null): readonly Property[] =>
  engine.properties.filter(({ name }) => only === null || name === only);

const asResult = (property: Property): PropertyResult => {
  const { name, kind, promise } = property;
  return { name, kind, promise, scenarios: property.kind === "sometimes" ? property.scenarios : [] };
};

function resultsOf(counted: Counted, causes: Results["causes"], version: string): Results {
  const { loaded, plan, property, shard, campaign, lost, findings, regressions, known, covered, classes, interrupted, timing } = counted;
  const properties = armed(loaded, property);
  const sometimes = properties.filter((each) => each.kind === "sometimes");
  const judging: Judging = { known, sometimes, lost: new Set(lost.map(({ scenario }) => scenario)) };
  const scenarios = scenarioResults(campaign, judging);
  const unreached = unreachedBy(campaign, judging, loaded.engine.scenarios);
  const totals = totalsOf(scenarios, findings, regressions, unreached);
  const runsPerSecond = timing.seconds > 0 ? Math.round(totals.runs / timing.seconds) : 0;
  return {
    schema: 1,
    version,
    seed: plan.seed,
    plan: (classes?.taken ?? plan).rows,
    variant: loaded.variant,
    shard: shard === null ? null : shardText(shard),
    properties: properties.map(asResult),
    complete: campaign.complete,
    scenarios,
    causes,
    findings,
    regressions,
    lost,
    unreached,
    coverage: covered?.totals ?? null,
    classes: classes?.result ?? null,
    interrupted,
    totals,
    timing: { ...timing, runsPerSecond },
  };
}

/** New failures that were told. */
interface Shown {
  readonly explained: readonly Explained[];
  /** The engine contradicted itself while it was asked for them. */
  readonly fault: EngineFault | null;
}

/** Tells of every distinct new failure once. */
async function showFailures(
  reporting: Reporting,
  keeping: Keeping,
  { campaign, known }: Counted,
  budget: number | null,
  stopped: () => boolean,
): Promise<Shown> {
  const all = campaign.tallies.flatMap(failuresOf);
  const distinct = new Map(all.toReversed().map((seen) => [seen.fingerprint, seen]));
  const news = all.filter((seen) => distinct.get(seen.fingerprint) === seen && !known.has(seen.fingerprint) && !keeping.isTold(seen.fingerprint));
  const explained: Explained[] = [];
  let fault: EngineFault | null = null;
  for (const seen of news) {
    const told = await keeping.report(seen, stopped() ? 0 : (budget ?? budgetFor(news.length)));
    if (told instanceof EngineFault) fault ??= told;
    else {
      explained.push(told);
      await reporting.failure(told.report);
    }
  }
  return { explained, fault };
}
