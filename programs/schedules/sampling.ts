/** How often and how soon a strategy finds what is wrong with a program. */
import { explore, type Strategy } from "../../sim/index.ts";
import { Compiled } from "../compile.ts";
import type { Source } from "../language.ts";
import { wentWrong } from "./exact.ts";

/** How many of so many runs go wrong. */
export function hits(source: Source, strategy: Strategy, seed: string, runs: number): number {
  let found = 0;
  explore({ program: new Compiled(source), strategy, seed, runs }, (run) => {
    if (wentWrong(run)) found++;
    return undefined;
  });
  return found;
}

/** For each seed from 1 on the number of the first run that goes wrong; `cut` where none of so many does. */
export function schedulesToBug(source: Source, make: () => Strategy, seeds: number, cut: number): readonly number[] {
  const program = new Compiled(source);
  return Array.from({ length: seeds }, (_, i) => {
    let first = cut;
    explore({ program, strategy: make(), seed: String(i + 1), runs: cut }, (run) => {
      if (!wentWrong(run)) return undefined;
      first = run.run + 1;
      return "stop";
    });
    return first;
  });
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
}

/**
 * The central interval of a binomial distribution, exactly: the least and the largest number of hits that are not in the
 * tails, of probability `tail` each at most. Summed up from the mode, each term from the one before. Cost: linear in the
 * standard deviation, some dozen times.
 */
export function binomialInterval(runs: number, p: number, tail: number): readonly [least: number, most: number] {
  if (p <= 0 || p >= 1) return p <= 0 ? [0, 0] : [runs, runs];
  const mode = Math.min(runs, Math.floor((runs + 1) * p));
  const odds = p / (1 - p);
  const above = terms((k) => ((runs - k) / (k + 1)) * odds, mode, 1, runs);
  const below = terms((k) => k / (runs - k + 1) / odds, mode, -1, 0);
  const total = sum(above) + sum(below) - 1;
  return [mode - kept(below, tail * total), mode + kept(above, tail * total)];
}

/** Terms from the mode on outwards, the mode's being 1, as long as they count. */
function terms(ratio: (k: number) => number, mode: number, step: number, end: number): readonly number[] {
  const list = [1];
  let term = 1;
  for (let k = mode; k !== end && term > 1e-20; k += step) {
    term *= ratio(k);
    list.push(term);
  }
  return list;
}

const sum = (list: readonly number[]): number => list.reduceRight((total, term) => total + term, 0);

/** How far from the mode the tail does not reach that has this weight. */
function kept(list: readonly number[], weight: number): number {
  let tail = 0;
  let at = list.length - 1;
  for (; at > 0; at--) {
    tail += list[at] as number;
    if (tail > weight) break;
  }
  return at;
}
