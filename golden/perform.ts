/** Golden runs, made: nothing here but the engine, so it runs wherever JavaScript does. */
import {
  DEFAULT_LIMITS,
  Hash64,
  Recording,
  Replay,
  decodeToken,
  encodeToken,
  strategyNamed,
  type Strategy,
} from "../sim/index.ts";
import { NO_FAULTS, PLAIN, SCENARIOS, startWorld, type Config, type Scenario } from "../scenarios/index.ts";
import { PROPERTIES, configFor, runOnce, type RunReport } from "../properties/index.ts";
import type { GoldenEntry, GoldenRuns, RunMark } from "./format.ts";

/** A finished run. */
interface Performed {
  readonly config: Config;
  readonly report: RunReport;
  readonly mark: RunMark;
}

/** One recording for all runs, as a check does it: what a run leaves must not depend on the one before. */
const recording = new Recording();

function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
}

function perform(strategy: Strategy, config: Config): Performed {
  const report = runOnce({
    start: (x) => startWorld(x, config),
    strategy,
    limits: DEFAULT_LIMITS,
    recording,
    properties: PROPERTIES,
  });
  return { config, report, mark: markOf(report) };
}

function markOf(report: RunReport): RunMark {
  const { outcome, failure, site, bound, races, evidence, steps, switches, choices } = report;
  const log = new Hash64();
  log.addAll(recording.log);
  log.add(-1);
  log.addAll(choices.draws);
  const verdict = new Hash64();
  verdict.addText(JSON.stringify([outcome, failure, site, bound, races, evidence]));
  return {
    log: log.text,
    length: recording.length,
    steps,
    switches,
    outcome,
    failure: failure === null ? "" : `${failure.kind} ${failure.id}`,
    races: races.length,
    verdict: verdict.text,
  };
}

/** The runs of a strategy, one after the other, until `wanted` says that it was this one. */
function* runsOf({ scenario: name, strategy: spec, firstSeed }: GoldenRuns): Generator<Performed, void, void> {
  if (spec === null) return;
  const scenario = scenarioNamed(name);
  const strategy = strategyNamed(spec);
  for (let seed = String(firstSeed); strategy.begin(seed); seed = String(Number(seed) + 1)) {
    yield perform(strategy, strategy.name === "exhaustive" ? scenario.smallest : configFor(scenario, seed));
  }
}

/** The run of a token. A record that is older than a field of it means the field's usual value. */
function replayToken(token: string): Performed {
  const { scenario, config, choices } = decodeToken(token);
  scenarioNamed(scenario);
  const { topology, workload, faults } = config as Config;
  const strategy = new Replay(choices);
  strategy.begin();
  return perform(strategy, {
    topology: { ...PLAIN, ...topology },
    workload,
    faults: { ...NO_FAULTS, ...faults },
  });
}

/** What golden runs leave behind on this engine. */
export function record(what: GoldenRuns): GoldenEntry {
  const all = new Hash64();
  let last: Performed | null = null;
  let runs = 0;
  for (const performed of runsOf(what)) {
    all.addText(JSON.stringify(performed.mark));
    last = performed;
    if (++runs === what.runs) break;
  }
  if (last === null) throw new Error(`${what.scenario}: no run`);
  const token = tokenOf(what, last);
  const replayed = replayToken(token).mark;
  const same = JSON.stringify(replayed) === JSON.stringify(last.mark);
  return { ...what, runs, all: all.text, last: last.mark, token: same ? token : null };
}

/** The first run from a seed on that fails with this id, as golden runs of its own; null: none of so many does. */
export function recordFailure(what: GoldenRuns, failure: string): GoldenEntry | null {
  let seed = what.firstSeed;
  for (const { report } of runsOf(what)) {
    if (report.failure?.id === failure) return record({ ...what, firstSeed: seed, runs: 1 });
    if (++seed === what.firstSeed + what.runs) break;
  }
  return null;
}

/** What the run of a token leaves behind on this engine. */
export function recordToken(token: string, variant: string | null): GoldenEntry {
  const { scenario } = decodeToken(token);
  const performed = replayToken(token);
  const what: GoldenRuns = { scenario, variant, strategy: null, firstSeed: 0, runs: 1 };
  return { ...what, all: allOf(performed), last: performed.mark, token: tokenOf(what, performed) };
}

function allOf({ mark }: Performed): string {
  const all = new Hash64();
  all.addText(JSON.stringify(mark));
  return all.text;
}

const tokenOf = ({ scenario, variant }: GoldenRuns, { config, report, mark }: Performed): string =>
  encodeToken({ format: 1, scenario, config, variant, choices: report.choices, fingerprint: `${mark.outcome}@golden` });

/** What is different from an entry on this engine, a line each; empty: nothing, to the bit. */
export function differences(entry: GoldenEntry): readonly string[] {
  const { scenario, variant, strategy, firstSeed, runs, token } = entry;
  const lines: string[] = [];
  const under = variant === null ? scenario : `${scenario} under ${variant}`;
  if (strategy !== null) {
    const seeds = runs === 1 ? `seed ${String(firstSeed)}` : `seeds ${String(firstSeed)} to ${String(firstSeed + runs - 1)}`;
    const now = record(entry);
    const name = `${under}, ${strategy}, ${seeds}`;
    if (now.runs !== runs) lines.push(`${name}: ${String(now.runs)} runs, committed are ${String(runs)}`);
    else if (now.all !== entry.all) lines.push(...markDifferences(name, now.last, entry.last));
  }
  if (token !== null) lines.push(...markDifferences(`${under}, replayed`, replayToken(token).mark, entry.last, true));
  return lines;
}

/** `equal`: equal marks are no difference; otherwise it must have been one of the runs before. */
function markDifferences(name: string, now: RunMark, then: RunMark, equal = false): readonly string[] {
  const changed = (Object.keys(then) as (keyof RunMark)[]).filter((key) => now[key] !== then[key]);
  if (changed.length === 0) return equal ? [] : [`${name}: an earlier run than the last differs`];
  return [`${name}: ${changed.map((key) => `${key} ${String(now[key])}, committed ${String(then[key])}`).join("; ")}`];
}
