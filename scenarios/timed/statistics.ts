/** Order statistics and averages of what a timed run measured. Integers in, integers out where the sum is one. */

/** Percentiles of a sample, by nearest rank: the least value that so many hundredths do not exceed. */
export interface Percentiles {
  readonly count: number;
  /** Sum of all values. */
  readonly sum: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Percentiles of a sample in any order; null for an empty one. */
export function percentiles(sample: readonly number[]): Percentiles | null {
  const sorted = [...sample].sort((a, b) => a - b);
  const count = sorted.length;
  if (count === 0) return null;
  const rank = (perMille: number): number => sorted[Math.ceil((count * perMille) / 1000) - 1] as number; // within
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count,
    sum,
    mean: sum / count,
    p50: rank(500),
    p90: rank(900),
    p99: rank(990),
    p999: rank(999),
    max: rank(1000),
  };
}

/** How many were inside at a time, from when each came and went. */
export interface Occupancy {
  /** The number inside, summed over time: things times ns. */
  readonly integral: number;
  readonly most: number;
}

/** Occupancy from entries and exits, ns, each in any order; whoever leaves when another comes has left before. */
export function occupancy(entries: readonly number[], exits: readonly number[]): Occupancy {
  const came = [...entries].sort((a, b) => a - b);
  const went = [...exits].sort((a, b) => a - b);
  let integral = 0;
  let most = 0;
  let inside = 0;
  let last = came[0] ?? 0;
  for (let i = 0, j = 0; j < went.length; ) {
    const leaves = went[j] as number;
    const comes = came[i] ?? Infinity;
    const at = Math.min(comes, leaves);
    integral += inside * (at - last);
    last = at;
    if (leaves <= comes) {
      inside--;
      j++;
    } else {
      inside++;
      i++;
      most = Math.max(most, inside);
    }
  }
  return { integral, most };
}
