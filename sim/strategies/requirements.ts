/** What every strategy must do; each strategy's test is a list of these. */
import { explore, replay, type Program } from "../explorer.ts";
import type { Choices } from "../recording.ts";
import type { Strategy } from "../strategy.ts";

/** One run, copied out of the reused recording. */
export interface KeptRun {
  readonly log: readonly number[];
  readonly choices: Choices;
  readonly outcome: string;
}

/** The first runs of a fresh strategy. */
export function keepRuns(make: () => Strategy, program: Program, runs: number): readonly KeptRun[] {
  const kept: KeptRun[] = [];
  explore({ program, strategy: make(), seed: "kept", runs }, (run) => {
    kept.push({ log: [...run.x.recording.log], choices: run.choices(), outcome: run.outcome });
    return undefined;
  });
  return kept;
}

/** The same runs, each repeated from its choices; `null` where a choice was not followed. */
export const repeatRuns = (program: Program, runs: readonly KeptRun[]): readonly (KeptRun | null)[] =>
  runs.map(({ choices }) => {
    const again = replay(program, choices);
    if (again.departure !== null) return null;
    const { recording } = again.x;
    return { log: [...recording.log], choices: recording.choices, outcome: again.outcome };
  });
