/** Holds what a reduction leaves of random programs against every one of their schedules. */
import { expect } from "vitest";
import { Exhaustive, TraceHasher, explore } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { countTraces, type Counts } from "./count.ts";
import { generate, type Mix } from "./generate.ts";
import type { Source } from "./language.ts";
import { ReadsFromHasher } from "./reads-from.ts";

type Found = Pick<Counts, "complete" | "blocked" | "readsFrom" | "readsFromComplete">;

/** By every schedule; null where there are too many. */
function bruteForce(source: Source, schedulesMax: number): Found | null {
  const program = new Compiled(source, { failing: false });
  const traces = new TraceHasher();
  const maps = new ReadsFromHasher();
  const complete = new Set<bigint>();
  const blocked = new Set<bigint>();
  const mapsComplete = new Set<bigint>();
  const all = new Set<bigint>();
  const mapOf = new Map<bigint, bigint>();
  const { finished } = explore({ program, strategy: new Exhaustive(), seed: "1", runs: schedulesMax }, ({ x, failure }) => {
    expect(failure).toBeNull();
    const trace = traces.hash(x);
    const map = maps.hash(x);
    (program.isBlocked ? blocked : complete).add(trace);
    if (!program.isBlocked) mapsComplete.add(map);
    all.add(map);
    expect(mapOf.get(trace) ?? map).toBe(map); // a trace has one reads-from map
    mapOf.set(trace, map);
    return undefined;
  });
  if (!finished) return null;
  return { complete: complete.size, blocked: blocked.size, readsFrom: all.size, readsFromComplete: mapsComplete.size };
}

/** Programs of so many seeds; those with more schedules than `schedulesMax` are left out. */
export function compareAll(name: string, seeds: number, schedulesMax: number, mix: Partial<Mix>): void {
  let compared = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const source = generate(`${name}/${String(seed)}`, mix);
    const expected = bruteForce(source, schedulesMax);
    if (expected === null) continue;
    compared++;
    const found = countTraces(new Compiled(source, { failing: false }));
    expect({ seed, source, found }).toMatchObject({ found: expected });
  }
  expect(compared).toBeGreaterThan(seeds / 2);
}

