/**
 * `explore`: the bounded configuration of a scenario, or else its smallest, searched completely. Every execution keeps every promise, or a
 * token shows one that does not; and if the search ends early, the last line says how much is left.
 */
import { join } from "node:path";
import type { MemoryModel } from "../../sim/index.ts";
import { columns, count } from "../../reports/index.ts";
import type { Job, JobRun } from "../engine-set.ts";
import { EngineFault, UsageError, quote } from "../errors.ts";
import { examineFailure } from "../examine.ts";
import { Exit, exitOfSignal } from "../exit-codes.ts";
import { loadFindings } from "../findings.ts";
import { say, type Io } from "../io.ts";
import { Known } from "../known.ts";
import type { EngineLoader, Loaded } from "../load-engine.ts";
import { Progress } from "../progress.ts";
import { parseStrategy } from "../strategies.ts";
import { unknownName } from "../suggest.ts";
import { writeToken } from "../tokens.ts";

/** What is explored, and how far. */
export interface ExploreRequest {
  readonly scenario: string;
  readonly strategy: string;
  /** At most. */
  readonly executions: number;
  readonly property: string | null;
  readonly variant: string | null;
  readonly memory: MemoryModel;
  /** A search that did not end is exit 7. */
  readonly strict: boolean;
}

/** Executions that failed in one way. */
interface Failed {
  readonly fingerprint: string;
  readonly kind: string;
  readonly id: string;
  readonly token: string;
  readonly known: boolean;
  executions: number;
}

/** What the search has come to so far. */
interface Came {
  executions: number;
  passed: number;
  /** Hit a bound: nothing is known of them. */
  bounded: number;
  /** Were given up: other executions cover them. */
  covered: number;
  /** The search has nothing more to explore. */
  over: boolean;
  readonly failed: Map<string, Failed>;
}

type Signal = "SIGINT" | "SIGTERM";

const SLICE_MS = 30;

/** Runs the command; returns the exit code. */
export async function explore(io: Io, load: EngineLoader, request: ExploreRequest): Promise<Exit> {
  const loaded = await load(io, request.variant);
  const spec = { ...parseStrategy(request.strategy), memory: request.memory, bounded: true };
  refuseUnknown(loaded, request);
  const job = loaded.engine.open(request.scenario, spec, request.property);
  if (job.left() === null) throw new UsageError(`explore needs a complete search, such as dpor or exhaustive, and ${quote(spec.name)} is none; check takes it`);
  const known = new Known(loaded.engine, loadFindings(join(io.root, "findings")));
  const heard: Signal[] = [];
  const off = io.onSignal((signal) => heard.push(signal));
  const came: Came = { executions: 0, passed: 0, bounded: 0, covered: 0, over: false, failed: new Map() };
  const progress = new Progress(io.stderr, request.executions);
  try {
    for (let due = 0; !came.over && came.executions < request.executions && heard.length === 0; ) {
      step(loaded, job, request, known, came);
      if (performance.now() < due) continue;
      progress.update(came.executions, request.scenario, came.failed.size);
      await new Promise((next) => setImmediate(next));
      due = performance.now() + SLICE_MS;
    }
  } finally {
    progress.done();
    off();
  }
  const which = loaded.engine.scenario(request.scenario).bounded === undefined ? "smallest" : "bounded";
  say(io, lines(request, which, came, job));
  const [signal] = heard;
  return signal === undefined ? exitOf(came, request, job.infeasible()) : exitOfSignal(signal);
}

function refuseUnknown({ engine }: Loaded, { scenario, property }: ExploreRequest): void {
  engine.scenario(scenario);
  const names = engine.properties.map(({ name }) => name);
  if (property !== null && !names.includes(property)) throw unknownName("property", property, names);
}

/** One execution. */
function step(loaded: Loaded, job: Job, request: ExploreRequest, known: Known, came: Came): void {
  const run = job.run(String(came.executions + came.covered));
  if (run === null) {
    came.over = true;
    return;
  }
  if (run.bound === "covered") {
    came.covered++;
    return;
  }
  came.executions++;
  if (run.failure !== null) return fail(loaded, request, known, came, run);
  if (run.outcome === "inconclusive") came.bounded++;
  else came.passed++;
}

function fail({ engine, variant, code }: Loaded, request: ExploreRequest, known: Known, came: Came, run: JobRun): void {
  const failure = run.failure;
  if (failure === null) return;
  const { scenario, property } = request;
  if (failure.kind === "Divergence" || failure.kind === "Misuse") {
    const exit = failure.kind === "Divergence" ? Exit.Nondeterminism : Exit.EngineFault;
    throw new EngineFault(`${failure.kind} ${failure.id} in ${scenario}: ${failure.message}`, exit);
  }
  const what = { scenario, config: run.config, choices: run.choices, property };
  const { fingerprint } = examineFailure(engine, what, run, failure, run.evidence);
  const seen = came.failed.get(fingerprint);
  if (seen !== undefined) {
    seen.executions++;
    return;
  }
  const token = writeToken({ ...what, variant, code, fingerprint });
  const { kind, id } = failure;
  came.failed.set(fingerprint, { fingerprint, kind, id, token, known: known.meet({ fingerprint, failure, what }), executions: 1 });
}

function lines(request: ExploreRequest, which: string, came: Came, job: Job): readonly string[] {
  const { scenario, strategy, memory } = request;
  const rows = [...came.failed.values()].map(({ executions, kind, id, known }) =>
    [`  ${String(executions)}`, `${kind} ${id}`, known ? "known" : "new"]);
  const failing = [...came.failed.values()].flatMap(({ kind, id, token }) => [`  ${kind} ${id}`, `    npx interlock replay ${token}`]);
  return [
    `${scenario}, its ${which} configuration, ${strategy}, ${memory}: ${count(came.passed, "execution")} passed`
      + (came.bounded === 0 ? "" : `, ${String(came.bounded)} hit a bound`)
      + (came.covered === 0 ? "" : `, ${String(came.covered)} given up because others cover them`),
    ...(rows.length === 0 ? [] : ["failing executions", ...columns(rows, [0]), ...failing]),
    lastLine(came, job),
  ];
}

/** What the search comes to, in one line. */
function lastLine({ executions, bounded, over, failed }: Came, job: Job): string {
  const total = count(executions, "execution");
  const failing = [...failed.values()].reduce((sum, each) => sum + each.executions, 0);
  const bad = failing === 0 ? "" : `, ${String(failing)} failing in ${count(failed.size, "way")}`;
  if (!over) return `incomplete: ${total}${bad}, ${leftText(job.left())}`;
  const lost = job.infeasible();
  const missing = lost === 0 ? "" : `, ${count(lost, "planned order")} could not come about: others may be missing`;
  if (failing > 0 && bounded === 0) return `failed: ${total}${bad}, none left${missing}`;
  if (bounded > 0) return `incomplete: ${total}${bad}, none left, ${String(bounded)} hit a bound${missing}`;
  return lost === 0 ? `verified: ${total}` : `incomplete: ${total}, none left${missing}`;
}

/** Branches show only while the search goes on: early on it is far too low. */
const leftText = (left: number | null): string => `about ${String(Math.max(1, left ?? 1))} left (weighted backtrack estimator)`;

function exitOf({ over, bounded, failed }: Came, { strict }: ExploreRequest, infeasible: number): Exit {
  if ([...failed.values()].some(({ known }) => !known)) return Exit.Failed;
  return strict && (!over || bounded > 0 || infeasible > 0) ? Exit.Inconclusive : Exit.Passed;
}
