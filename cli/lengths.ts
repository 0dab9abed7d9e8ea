/** How long the runs of scenarios are, asked of a crew: where it cannot be told, PCT makes do with a guess. */
import { WorkerLost, type Crew } from "./crew.ts";
import type { Io } from "./io.ts";
import type { PlanRequest } from "./plan.ts";

/** Steps that are assumed of runs which do not come back. */
const GUESS = 1_000;

/** Steps of the longest of some runs of each scenario. */
export async function runLengths(
  io: Io,
  crew: Crew,
  { scenarios, memory }: Pick<PlanRequest, "scenarios" | "memory">,
): Promise<ReadonlyMap<string, number>> {
  const lengths = await Promise.all(scenarios.map(async (name) => [name, await lengthOf(io, crew, name, memory)] as const));
  return new Map(lengths);
}

async function lengthOf(io: Io, crew: Crew, scenario: string, memory: PlanRequest["memory"]): Promise<number> {
  try {
    return await crew.call("runLength", scenario, memory);
  } catch (error) {
    if (!(error instanceof WorkerLost)) throw error;
    io.stderr.write(`interlock: the length of the runs of ${scenario} is not known (${error.message}); ${String(GUESS)} steps are assumed\n`);
    return GUESS;
  }
}
