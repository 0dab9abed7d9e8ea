/** Replays that are watched: for the routines at some operations, for the whole story, or for the list of events. */
import { beginHits, watchingMarks } from "../protocol/index.ts";
import { EventWatcher } from "../reports/engine-index.ts";
import type { RunEvents } from "../reports/index.ts";
import type { Failure } from "../sim/index.ts";
import type { Case, EngineSet, Stacks } from "./engine-set.ts";
import { modelledNames, modelledStack, thrownStack, withLongStacks, type Stack } from "./stack.ts";
import { Storyteller } from "./storyteller.ts";
import type { SourcePlaces } from "./source-places.ts";

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

/** Makes the list of events. `about`: the failure that it is read for, where that is not what ended the run: a race. */
export function replayWithEvents(
  replay: ReplayFunction,
  what: Case,
  places: SourcePlaces,
  about: Failure | null,
): { readonly run: ReturnType<ReplayFunction>; readonly events: RunEvents } {
  const watchers: EventWatcher[] = [];
  const passed: string[] = [];
  const run = watchingMarks((key, { id }) => {
    passed[id] = key;
  }, () => replay(what, {
    onCreated: (x) => {
      beginHits(x);
      const watcher = new EventWatcher(x, {
        stack: modelledNames,
        place: ({ id }, stack) => places.of(passed[id] ?? null, stack),
      });
      watchers.push(watcher);
      x.observer = watcher;
    },
    onReady: () => watchers[0]?.begin(),
  }));
  const { outcome, failure, site } = run;
  const ended = about === null ? { outcome, failure, site } : { outcome, failure: about, site: about.kind === "Race" ? null : site };
  return { run, events: (watchers[0] as EventWatcher).finish(ended) }; // a run makes one
}

const NOTHING = (): void => undefined;
