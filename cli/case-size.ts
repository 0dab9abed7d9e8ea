/** How large a failing run is, and what shrinking made of that. */
import type { Config } from "../scenarios/index.ts";
import type { RunSize } from "../reports/index.ts";
import type { Case } from "./engine-set.ts";
import type { CaseSize } from "./regressions.ts";

/** Packets that the threads of a workload send. */
const packetsOf = ({ workload }: Config): number =>
  workload.reduce((sum, actor) => sum + ("packets" in actor ? actor.packets.length : 0), 0);

/** The size of a run. */
export function caseSize({ steps, switches }: RunSize, { config, choices }: Case): CaseSize {
  return {
    steps,
    switches,
    choices: (choices.schedule.length + choices.draws.length) / 2,
    cpus: config.topology.ncpus,
    actors: config.workload.length,
    packets: packetsOf(config),
  };
}

/** What else than steps and switches became less. */
export function sizeChanges(size: { readonly found: CaseSize; readonly shrunk: CaseSize }): readonly SizeChange[] {
  const { found, shrunk } = size;
  const all: readonly SizeChange[] = [
    ["choice", found.choices, shrunk.choices],
    ["packet", found.packets, shrunk.packets],
    ["thread", found.actors, shrunk.actors],
    ["cpu", found.cpus, shrunk.cpus],
  ];
  return all.filter(([, before, after]) => after < before);
}

type SizeChange = readonly [noun: string, before: number, after: number];
