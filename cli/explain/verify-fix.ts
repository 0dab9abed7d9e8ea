/**
 * `verify-fix`: is a failure gone? All schedules within two reversals of the recorded one, then random runs, on the fixed
 * model; and whether the orderings that made it fail were reached at all. Where they were not, nothing is known.
 */
import { Pct, RandomWalk, TraceHasher, happenedIn, standingsIn, type Course, type Failure, type Ordering } from "../../sim/index.ts";
import type { Case, EngineSet, Ran } from "../engine-set.ts";
import { UsageError } from "../errors.ts";
import { examineCase } from "../examine.ts";
import { Exit } from "../exit-codes.ts";
import { say, type Io } from "../io.ts";
import type { EngineLoader, Loaded } from "../load-engine.ts";
import { finished } from "../lost.ts";
import { tokenText } from "../token-source.ts";
import { readToken, writeToken } from "../tokens.ts";
import { causesOf, sentence, witnessesOf, type Cause } from "./cause.ts";
import { findFlips, followed, isSame, type Followed } from "./flips.ts";

/** What is verified, and with what effort. */
export interface VerifyRequest {
  readonly source: string;
  readonly variant: string | null;
  /** Schedules around the recorded one. */
  readonly budget: number;
  /** Random runs. */
  readonly runs: number;
}

/** What is known of the failure in the model that had it. */
interface Recorded {
  readonly failure: Failure;
  readonly course: Course;
  readonly causes: readonly Cause[];
}

/** What the search came to. */
interface Verified {
  readonly schedules: number;
  /** Of the schedules. */
  readonly failing: number;
  /** Of the schedules: fail, or hit a bound, in another way. */
  readonly others: number;
  /** All within two flips were tried. */
  readonly complete: boolean;
  readonly random: number;
  readonly randomFailing: number;
  readonly reached: boolean;
  /** The first run that fails in the same way. */
  readonly fails: Case | null;
}

const FLIPS_BUDGET = 1000;

/** Runs the command; returns the exit code: fixed 0, still failing 1, not reached 6. */
export async function verifyFix(io: Io, load: EngineLoader, request: VerifyRequest): Promise<Exit> {
  const read = await readToken(tokenText(io.cwd, request.source));
  const before = await load(io, read.variant);
  before.engine.scenario(read.scenario);
  const token = finished(before.engine, read);
  const { scenario, config, choices, property } = token;
  const what: Case = { scenario, config, choices, property };
  const recorded = recordedIn(before.engine, what);
  if (recorded === null)
    throw new UsageError("the token's run does not fail on the model it was recorded on, so that nothing says what is to be fixed: keep that model as a variant, and the fix as another");
  const after = await load(io, request.variant);
  const { causes, failure } = recorded;
  const under = after.variant === null ? "the model" : `variant ${after.variant}`;
  say(io, [
    `verify-fix of ${failure.kind} ${failure.id} in scenario ${scenario}, on ${under}`,
    causes.length === 0 ? "no order is known in which it passes: the recorded schedule itself is the witness" : `it ${sentence(causes)}`,
  ]);
  const verified = verify(after.engine, what, recorded, request);
  if (verified.fails !== null) say(io, [`still fails: ${tokenOf(after, verified.fails)}`]);
  say(io, [lineOf(verified)]);
  if (verified.fails !== null) return Exit.Failed;
  return verified.reached ? Exit.Passed : Exit.Stale;
}

function recordedIn(engine: EngineSet, what: Case): Recorded | null {
  const { failure, course } = firstRun(engine, what);
  if (failure === null) return null;
  const { flips } = findFlips(engine, what, failure, FLIPS_BUDGET);
  return { failure, course, causes: causesOf(engine, flips) };
}

function firstRun(engine: EngineSet, what: Case): { readonly failure: Failure | null; readonly course: Course } {
  const { failure } = engine.replay(what);
  if (failure === null) return { failure, course: { steps: [], draws: new Map() } };
  return { failure, course: followed(engine, what, failure, null).traced.course };
}

/** Searches. Deterministic. */
function verify(engine: EngineSet, what: Case, recorded: Recorded, { budget, runs }: Pick<VerifyRequest, "budget" | "runs">): Verified {
  const near = new Near(engine, what, recorded, budget);
  near.search();
  const setting = { scenario: what.scenario, property: what.property, config: what.config };
  const steps = Math.max(2, recorded.course.steps.length);
  let randomFailing = 0;
  for (let i = 0; i < runs; i++) {
    const run = engine.runUnder(setting, i % 2 === 0 ? new RandomWalk() : new Pct({ depth: 2 + (i % 3), steps }), `verify/${String(i)}`);
    if (!near.reached) near.look(run);
    if (!isSame(run, recorded.failure)) continue;
    randomFailing++;
    near.fails ??= { ...setting, choices: run.choices };
  }
  const { schedules, failing, others, complete, reached, fails } = near;
  return { schedules, failing, others, complete, random: runs, randomFailing, reached, fails };
}

/** The schedules within two flips of a course. */
class Near {
  schedules = 0;
  failing = 0;
  others = 0;
  complete = true;
  reached = false;
  fails: Case | null = null;
  readonly #engine: EngineSet;
  readonly #what: Case;
  readonly #recorded: Recorded;
  readonly #budget: number;
  readonly #witnesses: readonly Ordering[];
  readonly #hasher = new TraceHasher();
  readonly #seen = new Set<bigint>();

  constructor(engine: EngineSet, what: Case, recorded: Recorded, budget: number) {
    this.#engine = engine;
    this.#what = what;
    this.#recorded = recorded;
    this.#budget = budget;
    this.#witnesses = witnessesOf(recorded.causes);
  }

  search(): void {
    let level = this.#along([this.#recorded.course]);
    for (let flips = 0; flips < FLIPS; flips++) level = this.#along(level.flatMap(({ traced }) => traced.reversals.map(({ course }) => course)));
  }

  #along(courses: readonly Course[]): readonly Followed[] {
    const fresh: Followed[] = [];
    for (const course of courses) {
      if (this.schedules >= this.#budget) {
        this.complete = false;
        return fresh;
      }
      this.schedules++;
      const each = followed(this.#engine, this.#what, this.#recorded.failure, course);
      this.look(each.run);
      if (each.came === "same") {
        this.failing++;
        this.fails ??= each.what;
      } else if (each.came === "other") this.others++;
      const trace = this.#hasher.hash(each.run.x);
      if (this.#seen.has(trace)) continue;
      this.#seen.add(trace);
      fresh.push(each);
    }
    return fresh;
  }

  /** Were the witness orderings reached? Without any, the recorded schedule is the witness. */
  look({ x }: Ran): void {
    this.reached ||= standingsIn(happenedIn(x), this.#witnesses).every((standing) => standing === "holds");
  }
}

const FLIPS = 2;

const tokenOf = ({ engine, variant, code }: Loaded, what: Case): string =>
  writeToken({ ...what, variant, code, fingerprint: examineCase(engine, what).fingerprint });

function lineOf({ schedules, failing, others, complete, random, randomFailing, reached }: Verified): string {
  const within = complete ? "within two flips" : "within two flips (not all: --budget)";
  const near = `${thousands(failing)} of ${thousands(schedules)} schedules ${within} fail${others === 0 ? "" : ` (${thousands(others)} in other ways)`}`;
  // A run that fails is known to, whatever came before what.
  const nothing = failing + randomFailing > 0 ? "" : ": nothing is known (the fix excludes them, or the code has moved)";
  const witness = reached ? "witness orderings reached" : `witness orderings not reached${nothing}`;
  const far = randomFailing === 0 ? `${thousands(random)} random runs pass` : `${thousands(randomFailing)} of ${thousands(random)} random runs fail`;
  return [near, witness, ...(random === 0 ? [] : [far])].join(", ");
}

const thousands = (n: number): string => n.toLocaleString("en-US");
