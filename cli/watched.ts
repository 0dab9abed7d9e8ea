/** Replays that are watched: for the routines at some operations, or for the whole story. */
import type { Case, EngineSet, Stacks } from "./engine-set.ts";
import { modelledNames, modelledStack, thrownStack, withLongStacks, type Stack } from "./stack.ts";
import { Storyteller } from "./storyteller.ts";

type ReplayFunction = EngineSet["replay"];

/** Names the kernel routines that were running when these operations were announced. */
export function replayWithStacks(
  replay: ReplayFunction,
  what: Case,
  evidence: readonly number[],
): Stacks {
  const stacks = new Map<number, Stack>();
  const run = withLongStacks(() => replay(what, {
    onCreated: (x) => {
      const announced = (_context: unknown, _word: number, at: number): void => {
        if (evidence.includes(at)) stacks.set(at, modelledStack(announced));
      };
      x.observer = { announced, switched: NOTHING, value: NOTHING, note: NOTHING };
    },
  }));
  const error = run.x.thrown;
  const thrown = error === null || run.site?.context === null ? null : thrownStack(error);
  return { run, stacks: evidence.map((at) => stacks.get(at) ?? []), thrown };
}

/** Writes the story down, to the operation at `until` in the log or to the end. */
export function replayWithStory(
  replay: ReplayFunction,
  what: Case,
  until: number | undefined,
): ReturnType<EngineSet["story"]> {
  const tellers: Storyteller[] = [];
  const run = replay(what, {
    onCreated: (x) => {
      const teller = new Storyteller(x, modelledNames, until);
      tellers.push(teller);
      x.observer = teller;
    },
    onReady: () => tellers[0]?.begin(),
  });
  return { run, story: tellers[0]?.finish(run) ?? { columns: [], rows: [] } };
}

const NOTHING = (): void => undefined;
