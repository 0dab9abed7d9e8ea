/** `explain`: why a run fails. What has to come after what for it to pass, by runs that were really made. */
import { RandomWalk, type Failure, type Strategy } from "../../sim/index.ts";
import { underMemory } from "../../scenarios/index.ts";
import { count } from "../../reports/index.ts";
import type { Case } from "../engine-set.ts";
import { UsageError } from "../errors.ts";
import { raceIn, sitesIn, INCONCLUSIVE } from "../examine.ts";
import { Exit } from "../exit-codes.ts";
import { PASSED } from "../fingerprint.ts";
import { say, type Io } from "../io.ts";
import type { EngineLoader, Loaded } from "../load-engine.ts";
import { finished } from "../lost.ts";
import { tokenText } from "../token-source.ts";
import { readToken, writeToken, type ReadToken } from "../tokens.ts";
import { assumptionsOf, type Assumption } from "./assumptions.ts";
import { causesOf, sentence, type Cause } from "./cause.ts";
import { classOf, classOfRace } from "./class.ts";
import { drawsText, findDraws, type Draw, type FoundDraws } from "./draws.ts";
import { findFlips, type Followed } from "./flips.ts";
import { sliceOf, type SliceStep } from "./slice.ts";
import { spreadCase } from "./spread.ts";
import { Onward } from "./turning.ts";

/** What is explained, and with what effort. */
export interface ExplainRequest {
  readonly source: string;
  readonly variant: string | null;
  /** Runs. */
  readonly budget: number;
  readonly json: boolean;
}

/** Why a run fails. */
export interface Explanation {
  readonly failure: { readonly kind: string; readonly id: string; readonly message: string };
  /**
   * `ordering`: it passes in another order; `choice`: in this one, with other data choices; `every order`: in none that was
   * tried; `not found`: random orders pass, but none was found of which can be said what makes them; `race`: nothing orders
   * the two accesses.
   */
  readonly verdict: "ordering" | "choice" | "every order" | "not found" | "race" | "passes";
  /** The root ordering in one sentence, or what is said in its place. */
  readonly sentence: string;
  readonly class: string;
  /** The minimal flip set. */
  readonly flips: readonly Cause[];
  /** Of the verdict `choice`: the data choices that matter. */
  readonly draws: readonly Draw[];
  /** Ordered pairs of operations that are the other way round in the passing run. */
  readonly reversed: number;
  /** The passing run. */
  readonly passing: string | null;
  readonly slice: readonly SliceStep[];
  /** Operations of the run, those of the boot apart. */
  readonly steps: number;
  readonly assumptions: readonly Assumption[];
  /** Runs spent on the flips; and whether all there was to try was tried. */
  readonly runs: number;
  readonly complete: boolean;
  /** The ordering is of runs with so many CPUs, each thread on its own; absent: of the recorded run. */
  readonly cpus?: number;
}

/** Runs the command; returns the exit code. */
export async function explain(io: Io, load: EngineLoader, request: ExplainRequest): Promise<Exit> {
  const read = await readToken(tokenText(io.cwd, request.source));
  const loaded = await load(io, request.variant ?? read.variant);
  loaded.engine.scenario(read.scenario);
  const explanation = explanationOf(loaded, finished(loaded.engine, read), request.budget);
  if (request.json) io.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else say(io, linesOf(read, loaded, explanation, request.budget));
  return Exit.Passed;
}

/**
 * Explains a run. Deterministic; `budget` in runs for the flips, of which a twentieth again goes into each switch. What fails in
 * every order is looked for with a CPU for each thread as well, and explained there if that is of an order.
 */
export function explanationOf(loaded: Loaded, { scenario, config, choices, property, fingerprint }: ReadToken, budget: number): Explanation {
  const what: Case = { scenario, config, choices, property };
  const here = explanationHere(loaded, what, fingerprint, budget);
  if (here.verdict !== "every order") return here;
  const apart = spreadCase(loaded.engine, what, here.failure);
  if (apart === null) return here;
  const there = explanationHere(loaded, apart, fingerprint, budget);
  if (there.verdict !== "ordering") return here;
  const cpus = apart.config.topology.ncpus;
  return { ...there, cpus, runs: here.runs + there.runs, sentence: `${here.sentence}; with ${count(cpus, "CPU")} and each thread on its own it ${there.sentence}` };
}

function explanationHere(loaded: Loaded, what: Case, recorded: string, budget: number): Explanation {
  const { engine } = loaded;
  const run = engine.replay(what);
  const race = run.races.length === 0 ? null : raceIn(engine, what, recorded);
  if (race !== null) return ofRace(race, sitesIn(engine, what, recorded) ?? [], run.steps, recorded);
  if (run.failure === null) return passes(run.outcome === "passed" ? PASSED : INCONCLUSIVE, run.steps);
  const { failure } = run;
  if (failure.kind === "Misuse" || failure.kind === "Divergence") throw new UsageError(`this run cannot be made: ${failure.id}: ${failure.message}`);
  const { base, flips, passing, reversed, runs: spent, complete } = findFlips(engine, what, failure, budget);
  const drawn = flips.length > 0 ? NO_DRAWS : findDraws(engine, base, failure);
  const found = flips.length + drawn.draws.length > 0;
  const random = found ? NO_RUNS : randomRuns(engine, what, base);
  const runs = spent + drawn.runs + random.runs;
  const causes = causesOf(engine, flips);
  const slice = sliceOf(engine, base);
  const assumptions = assumptionsOf(engine, what, failure, base.traced.course, Math.max(4, Math.ceil(budget / 20)));
  const { variant, code } = loaded;
  const pass = passing ?? drawn.passing;
  return {
    failure: told(failure),
    verdict: flips.length > 0 ? "ordering" : found ? "choice" : random.passed > 0 ? "not found" : "every order",
    sentence: flips.length > 0 ? sentence(causes) : found ? drawsText(drawn.draws) : noneText(runs, random, complete),
    class: classOf(engine, what, failure, causes),
    flips: causes,
    draws: drawn.draws,
    reversed,
    passing: pass === null ? null : writeToken({ ...pass.what, variant, code, fingerprint: PASSED }),
    slice,
    steps: base.traced.steps.length - 1,
    assumptions,
    runs,
    complete,
  };
}

const noneText = (runs: number, random: typeof NO_RUNS, complete: boolean): string =>
  random.passed === 0
    ? `fails in every order tried (${count(runs, "run")})`
    : `no one or two orderings ${complete ? "make" : "were found within the budget that make"} it pass; ${String(random.passed)} of ${count(random.runs, "random run")} do`;

/** Another look at what no flip repairs: does it fail whatever the schedule? */
function randomRuns(engine: Loaded["engine"], what: Case, { traced: { course } }: Followed): typeof NO_RUNS {
  let passed = 0;
  const walk = (): Strategy => new Onward({ ...course, steps: [] }, new RandomWalk());
  for (let i = 0; i < RANDOM; i++) if (engine.runUnder(what, walk(), `explain/${String(i)}`).outcome === "passed") passed++;
  return { runs: RANDOM, passed };
}

const RANDOM = 50;
const NO_RUNS = { runs: 0, passed: 0 };
const NO_DRAWS: FoundDraws = { draws: [], passing: null, runs: 0 };

const told = ({ kind, id, message }: Failure): Explanation["failure"] => ({ kind, id, message });

const NOTHING = { flips: [], draws: [], reversed: 0, passing: null, slice: [], assumptions: [], runs: 1, complete: true } as const;

const ofRace = (race: Failure, sites: readonly string[], steps: number, fingerprint: string): Explanation =>
  ({ failure: told(race), verdict: "race", sentence: `nothing orders the ${sites.join(" and the ")}: it is a race in either order`, class: classOfRace(race, fingerprint), steps, ...NOTHING });

const passes = (outcome: string, steps: number): Explanation =>
  ({ failure: { kind: "", id: outcome, message: "" }, verdict: "passes", sentence: `this run does not fail: ${outcome}`, class: "", steps, ...NOTHING });

/** Of the slice, so many of the last are printed; all are in the JSON. */
const SHOWN = 30;

function linesOf({ scenario, config }: ReadToken, { variant }: Loaded, told: Explanation, budget: number): readonly string[] {
  const { failure, verdict, slice, flips } = told;
  const under = variant === null ? "" : `, variant ${variant}`;
  const memory = underMemory(config).memory === config.memory ? "" : `, memory ${String(config.memory)}`;
  const head = `explain of scenario ${scenario}${under}${memory}`;
  if (verdict === "passes") return [head, told.sentence];
  const lines = [head, `${failure.kind} ${failure.id}: ${failure.message}`, ""];
  if (verdict === "race") return [...lines, told.sentence];
  lines.push(`what it depends on: ${String(slice.length)} of ${count(told.steps, "step")} happen before it and touch what others change`);
  if (slice.length > SHOWN) lines.push(`  (the last ${String(SHOWN)}; all with --json)`);
  for (const { actor, cpu, routine, text } of slice.slice(-SHOWN))
    lines.push(`  ${cpu === null ? "     " : `cpu ${String(cpu)}`}  ${actor}  ${text}${routine === "" ? "" : `  in ${routine}`}`);
  lines.push("");
  flips.forEach(({ first, second }, i) => lines.push(`flip ${String(i + 1)}: ${first.text}`, `  before ${second.text}`));
  for (const { text, nth, value } of told.draws) lines.push(`data choice ${String(nth)} of ${text}: ${String(value)}`);
  if (told.passing !== null) lines.push(`passing run, with ${count(told.reversed, "ordered pair")} the other way round:`, `  ${told.passing}`);
  lines.push("", "assumptions it depends on:");
  for (const { name, needed, detail } of told.assumptions) lines.push(`  ${name}: ${needed} (${detail})`);
  lines.push("", `class ${told.class}, ${String(told.runs)} of ${count(budget, "run")} spent`, told.sentence);
  return lines;
}
