/** `npm run mutants`: looks for a run that kills each mutant whose recorded one does not any more, and records it. */
import { BREAKING, IN_FULL, KILLED, huntMutant, killRecorded, writeKilled, type Mutant } from "./test-mutants.ts";
import type { Place } from "./test-hunt.ts";

/** Without the complete search, whose runs follow from one another, not all die within the usual number. */
const EFFORTS = [IN_FULL, { ...IN_FULL, runs: 40_000 }];

async function placeOf(mutant: Mutant): Promise<Place> {
  const known = KILLED[mutant.name];
  if (known !== undefined && (await killRecorded(mutant)) !== null) return known;
  for (const effort of EFFORTS) {
    const kill = await huntMutant(mutant, { ...effort, alone: true });
    if (kill === null) continue;
    const { row: { scenario, strategy, parameters }, seed } = kill;
    console.log(`${mutant.name}: ${scenario}, ${strategy}, seed ${String(seed)}`);
    return { scenario, strategy, parameters, seed };
  }
  throw new Error(`${mutant.name}: no run that stands alone kills it by ${mutant.dies}`);
}

const killed: Record<string, Place> = {};
for (const mutant of BREAKING) {
  killed[mutant.name] = await placeOf(mutant);
  writeKilled({ ...KILLED, ...killed });
}
writeKilled(killed);
