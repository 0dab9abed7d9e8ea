/** Reporters that write a file for each failure. */
import type { Reporter } from "../reporter.ts";
import { chromeTrace } from "./chrome-trace.ts";
import { mermaid } from "./mermaid.ts";
import { fileName, shownRun, type ShownRun } from "./shown-run.ts";

const filePerFailure = (ending: string, write: (run: ShownRun) => string): Reporter => ({
  async failure(report, look) {
    const run = shownRun(report, await look.events());
    return { files: { [fileName(run, ending)]: write(run) } };
  },
});

/** Writes `run-….trace.json`. */
export const traceReporter: Reporter = filePerFailure(".trace.json", chromeTrace);

/** Writes `run-….mmd`. */
export const mermaidReporter: Reporter = filePerFailure(".mmd", mermaid);
