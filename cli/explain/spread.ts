/**
 * The threads of a run on a CPU each. Which thread of a CPU goes on is its run queue's decision and no schedule's, so that a
 * record on few CPUs may fail in every order although it is an order that makes it fail.
 */
import { RandomWalk } from "../../sim/index.ts";
import type { Config } from "../../scenarios/index.ts";
import type { Case, EngineSet } from "../engine-set.ts";
import { isSame } from "./flips.ts";

/** A machine is made no larger than that. */
const CPUS = 4;
const RUNS = 40;

/** The case with a CPU for each thread of its workload, failing in the same way in one run and passing in another; null: there is none. */
export function spreadCase(engine: EngineSet, what: Case, failure: { readonly kind: string; readonly id: string }): Case | null {
  const config = spread(what.config);
  if (config === null) return null;
  const setting = { scenario: what.scenario, property: what.property, config };
  let passed = false;
  let fails: Case | null = null;
  for (let i = 0; i < RUNS && (!passed || fails === null); i++) {
    const run = engine.runUnder(setting, new RandomWalk(), `spread/${String(i)}`);
    passed ||= run.outcome === "passed";
    if (run.choices.draws.length === 0 && isSame(run, failure)) fails ??= { ...setting, choices: run.choices };
  }
  return passed ? fails : null;
}

function spread(config: Config): Config | null {
  const { topology, workload } = config;
  const own = workload.map((actor) => ("cpu" in actor ? actor.cpu % topology.ncpus : null));
  const many = own.length;
  if (topology.xnu !== undefined || many < 2 || many > CPUS || own.includes(null) || new Set(own).size === many) return null;
  return { ...config, topology: { ...topology, ncpus: Math.max(topology.ncpus, many) }, workload: workload.map((actor, cpu) => ({ ...actor, cpu })) };
}
