/** Holds programs of SCTBench against derived probabilities, for tests: what does not agree, as one line each. */
import { Pct, Pos, RandomWalk, type Strategy } from "../../sim/index.ts";
import { pctShare, walkProbability } from "./exact.ts";
import { POS_SAMPLES, type Derived } from "./published.ts";
import { binomialInterval, hits } from "./sampling.ts";
import { SCTBENCH, type Buggy } from "./sctbench.ts";

/** Runs a probability is sampled with. */
export const RUNS = 20_000;
/** The seed of all samples. */
export const SEED = "sctbench";
/** 99.9 % are within: the exact central interval of the binomial distribution (Clopper, Pearson, Biometrika 1934). */
const TAIL = 0.0005;

/** The program of a derived row. */
function programOf({ name }: Derived): Buggy {
  const found = SCTBENCH.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no program ${name}`);
  return found;
}

/** The enumerated probabilities of a program, to the last digit. */
export function exactly(derived: Derived): readonly string[] {
  const { name, source } = programOf(derived);
  const { walk, pct } = derived;
  const complaints: string[] = [];
  const compare = (what: string, expected: unknown, got: unknown): void => {
    if (expected !== got) complaints.push(`${name}, ${what}: ${String(expected)} expected, got ${String(got)}`);
  };
  const got = walkProbability(source);
  compare("interleavings", walk.executions, got.executions);
  compare("interleavings with the bug", walk.wrong, got.wrong);
  compare("steps of the longest run", walk.steps, got.longest);
  compare("random walk", walk.probability.toFixed(12), got.probability.toFixed(12));
  for (const [depth, { fraction }] of pct) {
    const { wrong, all } = pctShare(source, walk.steps, depth);
    const [above = "", below = "1"] = fraction.split("/");
    compare(`PCT(${String(depth)}) = ${fraction}, as ${String(wrong)}/${String(all)}`, true, wrong * Number(below) === all * Number(above));
  }
  return complaints;
}

/** The hit rates of random walk, PCT and POS, in {@link RUNS} runs each. */
export function sampled(derived: Derived): readonly string[] {
  const { walk, pos } = derived;
  const complaints = [...inInterval(derived, "random", new RandomWalk(), walk.probability)];
  for (const [depth, probability] of pctOf(derived)) {
    complaints.push(...inInterval(derived, `pct(${String(depth)})`, new Pct({ depth, steps: walk.steps }), probability));
  }
  if (pos !== null) complaints.push(...nearSampled(derived, pos));
  return complaints;
}

/** At most so many ways to draw priorities and change points are enumerated. */
const WAYS_MAX = 50_000;

/** The probabilities by depth: derived ones, or where there are none, enumerated ones. */
function pctOf(derived: Derived): readonly (readonly [depth: number, probability: number])[] {
  const { walk, pct } = derived;
  if (pct.size > 0) return [...pct].map(([depth, { probability }]) => [depth, probability]);
  const { source } = programOf(derived);
  const orders = source.threads.reduce((product, _, i) => product * (i + 1), 1);
  const ways = [orders, orders * walk.steps, orders * walk.steps * walk.steps];
  return [1, 2, 3].filter((depth) => (ways[depth - 1] as number) <= WAYS_MAX).map((depth) => {
    const { wrong, all } = pctShare(source, walk.steps, depth);
    return [depth, wrong / all];
  });
}

function inInterval(derived: Derived, strategy: string, made: Strategy, probability: number): readonly string[] {
  const { name, source } = programOf(derived);
  const found = hits(source, made, SEED, RUNS);
  const [least, most] = binomialInterval(RUNS, probability, TAIL);
  if (found >= least && found <= most) return [];
  return [`${name}, ${strategy}, seed ${SEED}: ${String(found)} of ${String(RUNS)} runs, ${String(least)} to ${String(most)} expected`];
}

/** What POS is held against was sampled itself: four standard deviations of the difference. */
function nearSampled(derived: Derived, pos: number): readonly string[] {
  const { name, source } = programOf(derived);
  const rate = hits(source, new Pos(), SEED, RUNS) / RUNS;
  const deviation = Math.sqrt(pos * (1 - pos) * (1 / RUNS + 1 / POS_SAMPLES));
  return Math.abs(rate - pos) <= 4 * deviation ? [] : [`${name}, pos, seed ${SEED}: ${String(rate)}, ${String(pos)} expected`];
}
