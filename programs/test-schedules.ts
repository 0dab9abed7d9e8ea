/** Holds what a reduction leaves of random programs against every one of their schedules. */
import { Exhaustive, TraceHasher, explore } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { countTraces, type Counts } from "./count.ts";
import { generate, type Mix } from "./generate.ts";
import type { Source } from "./language.ts";
import { ReadsFromHasher } from "./reads-from.ts";

type Found = Pick<Counts, "complete" | "blocked" | "readsFrom" | "readsFromComplete">;

/** By every schedule; null where there are too many. */
function bruteForce(source: Source, schedulesMax: number): Found | string | null {
  const program = new Compiled(source, { failing: false });
  const traces = new TraceHasher();
  const maps = new ReadsFromHasher();
  const complete = new Set<bigint>();
  const blocked = new Set<bigint>();
  const mapsComplete = new Set<bigint>();
  const all = new Set<bigint>();
  const mapOf = new Map<bigint, bigint>();
  let why: string | null = null;
  const { finished } = explore({ program, strategy: new Exhaustive(), seed: "1", runs: schedulesMax }, ({ x, outcome }) => {
    const trace = traces.hash(x);
    const map = maps.hash(x);
    if (outcome !== "passed") why = "a run did not pass";
    else if (mapOf.has(trace) && mapOf.get(trace) !== map) why = "a trace has two reads-from maps";
    if (why !== null) return "stop";
    mapOf.set(trace, map);
    (program.isBlocked ? blocked : complete).add(trace);
    if (!program.isBlocked) mapsComplete.add(map);
    all.add(map);
    return undefined;
  });
  if (why !== null) return why;
  if (!finished) return null;
  return { complete: complete.size, blocked: blocked.size, readsFrom: all.size, readsFromComplete: mapsComplete.size };
}

/** What came of a comparison. */
export interface Compared {
  /** Programs that were compared: those with more schedules than allowed are left out. */
  readonly compared: number;
  /** Programs on which the two differ. */
  readonly complaints: readonly string[];
}

/** Compares the programs of so many seeds. */
export function compareAll(name: string, seeds: number, schedulesMax: number, mix: Partial<Mix>): Compared {
  const complaints: string[] = [];
  let compared = 0;
  for (let nth = 0; nth < seeds; nth++) {
    const seed = `${name}/${String(nth)}`;
    const source = generate(seed, mix);
    const expected = bruteForce(source, schedulesMax);
    if (expected === null) continue;
    compared++;
    const found = countTraces(new Compiled(source, { failing: false }));
    if (!agree(expected, found)) complaints.push(JSON.stringify({ seed, source, expected, found }));
  }
  return { compared, complaints };
}

function agree(expected: Found | string, found: ReturnType<typeof countTraces>): boolean {
  if (typeof expected === "string" || "why" in found) return false;
  const { complete, blocked, readsFrom, readsFromComplete } = found;
  return JSON.stringify({ complete, blocked, readsFrom, readsFromComplete }) === JSON.stringify(expected);
}
