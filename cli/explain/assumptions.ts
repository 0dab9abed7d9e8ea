/**
 * Which assumptions a failure depends on: it is looked for again with one switch turned, along its own schedule and by
 * some random ones.
 */
import { Following, Pct, RandomWalk, MEMORY_MODELS, type Context, type Course, type Execution, type Failure, type Strategy } from "../../sim/index.ts";
import { underMemory, type Config } from "../../scenarios/index.ts";
import type { Case, EngineSet } from "../engine-set.ts";
import { isSame } from "./flips.ts";

/** One assumption. */
export interface Assumption {
  readonly name: string;
  /** `yes`: not seen without it; `no`: fails without it too. */
  readonly needed: "yes" | "no" | "not applicable";
  /** What was tried. */
  readonly detail: string;
}

/** A switch turned. */
interface Turned {
  readonly label: string;
  readonly config: Config;
  readonly quiet?: boolean;
}

/** Tries each switch; `runs` for each way it can be turned. */
export function assumptionsOf(engine: EngineSet, what: Case, failure: Failure, course: Course, runs: number): readonly Assumption[] {
  return switchesOf(what.config).map(({ name, ways }) => {
    if (ways.length === 0) return { name, needed: "not applicable", detail: "this configuration has none" };
    const seen = ways.map((way) => ({ label: way.label, fails: failsUnder(engine, what, failure, course, way, runs) }));
    const without = seen.filter(({ fails }) => fails === null).map(({ label }) => label);
    const also = seen.flatMap(({ label, fails }) => (fails === null ? [] : [`${label} (run ${String(fails)})`]));
    const told = [...(also.length > 0 ? [`fails ${also.join(", ")}`] : []), ...(without.length > 0 ? [`not seen in ${String(runs)} runs ${without.join(", ")}`] : [])];
    return { name, needed: without.length > 0 ? "yes" : "no", detail: told.join("; ") };
  });
}

function switchesOf(config: Config): readonly { readonly name: string; readonly ways: readonly Turned[] }[] {
  const { topology, memory = "sc" } = config;
  const { tun, xnu } = topology;
  const dragonfly = xnu === undefined;
  const at = (change: Partial<Config["topology"]>): Config => ({ ...config, topology: { ...topology, ...change } });
  const rings = [4, 256].filter((size) => size !== topology.ipiRing);
  const other = topology.callouts === "A" ? "B" : "A";
  return [
    { name: "memory model", ways: MEMORY_MODELS.filter((model) => model !== memory).map((model) => ({ label: `under ${model}`, config: underMemory(config, model) })) },
    { name: "IPI ring depth", ways: dragonfly ? rings.map((ipiRing) => ({ label: `with ${String(ipiRing)} entries`, config: at({ ipiRing }) })) : [] },
    { name: "callout generation", ways: dragonfly ? [{ label: `with callouts ${other}`, config: at({ callouts: other }) }] : [] },
    { name: "MP lock", ways: tun === undefined ? [] : [{ label: tun.mpsafe ? "with it" : "without it", config: at({ tun: { ...tun, mpsafe: !tun.mpsafe } }) }] },
    { name: "preemption by interrupts", ways: dragonfly ? [{ label: "where interrupts wait until a thread cannot go on", config, quiet: true }] : [] },
  ];
}

/** In which run it fails; null: in none. */
function failsUnder(engine: EngineSet, what: Case, failure: Failure, course: Course, { config, quiet }: Turned, runs: number): number | null {
  const setting = { scenario: what.scenario, property: what.property, config };
  const steps = Math.max(2, course.steps.length);
  for (let i = 0; i < runs; i++) {
    const usual = i === 0 ? new Following(course) : i % 2 === 1 ? new Pct({ depth: 2 + (i % 3), steps }) : new RandomWalk();
    const run = engine.runUnder(setting, quiet === true ? new Patient(usual) : usual, `assume/${String(i)}`);
    if (isSame(run, failure)) return i + 1;
  }
  return null;
}

/** Lets no interrupt begin on a CPU whose thread could go on. */
class Patient implements Strategy {
  readonly name = "patient";
  readonly everyPoint = true;
  readonly #inner: Strategy;

  constructor(inner: Strategy) {
    this.#inner = inner;
  }

  begin(seed: string): boolean {
    return this.#inner.begin(seed);
  }

  choose(x: Execution, current: Context | null): Context {
    const next = this.#inner.choose(x, current);
    x.grant(0);
    const thread = next.isLine && next.routine === null ? next.cpu?.thread : null;
    return thread?.enabled === true ? thread : next;
  }

  draw(x: Execution, n: number): number {
    return this.#inner.draw(x, n);
  }
}
