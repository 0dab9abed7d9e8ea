/** The engine half of a page: runs what it is told, twice as often as needed, and never anything that came as text. */
import { DEFAULT_LIMITS, Recording, Replay, type Execution, type Limits, type Strategy } from "../../sim/index.ts";
import type { RunReport } from "../../properties/index.ts";
import { EventWatcher } from "../event-watcher.ts";
import { markOf } from "../html/notes.ts";
import type { PageCase, PageEngine } from "../html/page-data.ts";
import { Approach, Inspector, Seen } from "./inspect.ts";

/** How a run is made. */
export interface RunRequest {
  readonly what: PageCase;
  readonly strategy: Strategy;
  readonly limits: Limits;
  readonly recording: Recording;
  readonly onCreated: (x: Execution) => unknown;
  readonly onReady: () => void;
}

/** Makes the engine half of a way to run. */
export function pageEngine(run: (request: RunRequest) => RunReport): PageEngine {
  const make = (what: PageCase, strategy: Replay, onCreated: RunRequest["onCreated"], onReady: () => void = NOTHING): Made => {
    strategy.begin();
    const recording = new Recording();
    return { report: run({ what, strategy, limits: what.limits ?? DEFAULT_LIMITS, recording, onCreated, onReady }), recording };
  };
  return {
    replay(what) {
      const watchers: EventWatcher[] = [];
      const watch = (x: Execution): void => {
        const watcher = new EventWatcher(x);
        watchers.push(watcher);
        x.observer = watcher;
      };
      const { report, recording } = make(what, new Replay(what.choices), watch, () => watchers[0]?.begin());
      return { events: only(watchers).finish(report), mark: markOf(report, recording.log) };
    },
    inspect(what, { events }, event) {
      const before = events[event + 1]?.began ?? Infinity;
      const inspectors: Inspector[] = [];
      const arrive = (x: Execution): void => {
        x.observer = only(inspectors);
      };
      try {
        make(what, new Approach(what.choices, Math.min(before, events.at(-1)?.began ?? 0), arrive), (x) => inspectors.push(new Inspector(x, before)));
      } catch (error) {
        if (!(error instanceof Seen)) throw error;
      }
      const inspector = only(inspectors);
      return inspector.snapshot ?? inspector.look();
    },
  };
}

interface Made {
  readonly report: RunReport;
  readonly recording: Recording;
}

const NOTHING = (): void => undefined;

/** What a run makes one of. */
function only<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error("the run made no execution");
  return first;
}
