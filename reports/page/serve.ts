/** The engine half of a page: runs what it is told, twice as often as needed, and never anything that came as text. */
import { DEFAULT_LIMITS, Recording, Replay, type Execution, type Limits, type Strategy } from "../../sim/index.ts";
import type { RunReport } from "../../properties/index.ts";
import { EventWatcher } from "../event-watcher.ts";
import { markOf } from "../html/notes.ts";
import type { PageCase, PageEngine } from "../html/page-data.ts";
import { Inspector, Seen } from "./inspect.ts";

/** How a run is made. */
export interface RunRequest {
  readonly what: PageCase;
  readonly strategy: Strategy;
  readonly limits: Limits;
  readonly recording: Recording;
  readonly onCreated: (x: Execution) => void;
  readonly onReady: () => void;
}

/** Makes the engine half of a way to run. */
export function pageEngine(run: (request: RunRequest) => RunReport): PageEngine {
  const make = (what: PageCase, hooks: Pick<RunRequest, "onCreated" | "onReady">) => {
    const strategy = new Replay(what.choices);
    strategy.begin();
    const recording = new Recording();
    const report = run({ what, strategy, limits: what.limits ?? DEFAULT_LIMITS, recording, ...hooks });
    return { report, recording };
  };
  return {
    replay(what) {
      const watchers: EventWatcher[] = [];
      const { report, recording } = make(what, {
        onCreated(x) {
          const watcher = new EventWatcher(x);
          watchers.push(watcher);
          x.observer = watcher;
        },
        onReady: () => watchers[0]?.begin(),
      });
      const [watcher] = watchers;
      if (watcher === undefined) throw new Error("the run made no execution");
      return { events: watcher.finish(report), mark: markOf(report, recording.log) };
    },
    inspect(what, { events }, event) {
      const next = events[event + 1];
      const inspectors: Inspector[] = [];
      const before = next === undefined ? Infinity : next.began;
      try {
        make(what, {
          onCreated(x) {
            const inspector = new Inspector(x, before);
            inspectors.push(inspector);
            x.observer = inspector;
          },
          onReady: () => undefined,
        });
      } catch (error) {
        if (!(error instanceof Seen)) throw error;
      }
      const [inspector] = inspectors;
      if (inspector === undefined) throw new Error("the run made no execution");
      if (inspector.snapshot === null) inspector.look();
      return inspector.snapshot as NonNullable<typeof inspector.snapshot>; // taken one line above at the latest
    },
  };
}
