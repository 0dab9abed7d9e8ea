/** A failing run of each mutant, small, for the tests of what explain says of it. Recorded by `npm run orderings`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../../scripts/stamp.mjs";
import { MEMORY_MODELS, type MemoryModel } from "../../sim/index.ts";
import { loadVariant } from "../bundled-engine.ts";
import { engine as original } from "../engine.ts";
import type { Case, EngineSet } from "../engine-set.ts";
import type { Loaded } from "../load-engine.ts";
import { makePlan } from "../plan.ts";
import { smallerCase } from "../shrinking.ts";
import { caseOfKill } from "../test-shrinking.ts";
import { specOf, strategyInfo } from "../strategies.ts";
import type { Kill } from "../test-hunt.ts";
import { BREAKING, IN_FULL, MUTANTS, huntMutant, killRecorded, type Mutant } from "../test-mutants.ts";
import { readToken, writeToken, type ReadToken } from "../tokens.ts";

/** Mutants that fail: those that hide something do not, and so have nothing that could be explained. */
export const FAILING: readonly Mutant[] = MUTANTS.filter((mutant) => BREAKING.includes(mutant) || mutant.variant.header.memory !== "");

const path = join(findRoot(), "cli", "explain", "failing-runs.json");

/** By name of the mutant, the token of a run. */
export const RECORDED = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, string>>;

/** Writes {@link RECORDED}, a line for each. */
export function writeRecorded(tokens: Readonly<Record<string, string>>): void {
  const lines = Object.keys(tokens).sort().map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(tokens[name])}`);
  writeFileSync(path, `{\n${lines.join(",\n")}\n}\n`);
}

/** A failing run of a mutant. */
export interface FailingRun {
  readonly loaded: Loaded;
  readonly token: ReadToken;
  /** As text; the recorded one, where that still fails. */
  readonly text: string;
}

/** The recorded run, or another one where that does not fail any more. */
export async function failingRun(mutant: Mutant): Promise<FailingRun> {
  const loaded = await loadVariant(findRoot(), mutant.variant.name);
  const known = RECORDED[mutant.name];
  if (known !== undefined) {
    const token = await readToken(known);
    if (isItsOwn(loaded.engine, token, mutant.dies)) return { loaded, token, text: known };
    console.warn(`${mutant.name}: its recorded run is no failure of it any more; npm run orderings looks for another`);
  }
  const { engine, variant, code } = loaded;
  const { what, fingerprint } = await small(engine, mutant);
  const text = writeToken({ ...what, variant, code, fingerprint });
  return { loaded, token: await readToken(text), text };
}

/** Does it fail by what kills the mutant, where the model does not? */
export function isItsOwn(engine: EngineSet, { scenario, config, choices, property }: Case, dies: string): boolean {
  const what: Case = { scenario, config, choices, property };
  return engine.replay(what).failure?.id === dies && original.replay(what).failure?.id !== dies;
}

async function small(engine: EngineSet, mutant: Mutant): Promise<{ readonly what: Case; readonly fingerprint: string }> {
  const kill = await killOf(engine, mutant);
  const request = caseOfKill(engine, kill, 0);
  // What is left of a run may be a failure that the model has as well.
  for (const budget of BUDGETS) {
    const { what } = smallerCase(engine, { ...request, budget });
    if (isItsOwn(engine, what, mutant.dies)) return { what, fingerprint: request.fingerprint };
  }
  return { what: kill.what, fingerprint: request.fingerprint };
}

const BUDGETS = [400, 100, 25];

async function killOf(engine: EngineSet, mutant: Mutant): Promise<Kill> {
  const { name, dies, variant } = mutant;
  const memory = MEMORY_MODELS.find((model) => model === variant.header.memory);
  const kill = memory === undefined ? ((await killRecorded(mutant)) ?? (await huntMutant(mutant, { ...IN_FULL, alone: true }))) : null;
  if (kill !== null && isItsOwn(engine, kill.what, dies)) return kill;
  const found = searchPlan(engine, mutant, memory, kill === null ? GROWTH : kill.row.scenario);
  if (found === null) throw new Error(`${name}: no run that stands alone kills it by ${dies}, where the model lives`);
  return found;
}

/** Where stores that pass each other are seen. */
const GROWTH = "index-table-growth";
const RUNS = 10_000;

/** The first run of the portfolio, of this scenario before others, that dies so, where the model lives along the same choices. */
function searchPlan(engine: EngineSet, { dies, property }: Mutant, memory: MemoryModel | undefined, scenario: string): Kill | null {
  const lengthOf = (name: string): number => engine.runLength(name, memory);
  const others = engine.scenarios.map(({ name }) => name).filter((name) => name !== scenario);
  for (const scenarios of [[scenario], others]) {
    const { rows } = makePlan({ seed: 1, scenarios, strategy: null, runs: RUNS, memory, lengthOf });
    for (const row of rows.filter(({ strategy }) => !strategyInfo(strategy).exhaustive)) {
      const armed = property?.name ?? null;
      const job = engine.open(row.scenario, specOf(row), armed);
      for (let i = 0; i < row.runs; i++) {
        const seed = row.firstSeed + i;
        const run = job.run(String(seed));
        if (run === null || run.failure?.id !== dies) continue;
        const { config, choices, failure } = run;
        const what = { scenario: row.scenario, config, choices, property: armed };
        if (isItsOwn(engine, what, dies)) return { runs: i + 1, row, seed, run: job.run(String(seed)) ?? run, failure, what };
      }
    }
  }
  return null;
}
