/** `replay --format`: one run as text for other tools. */
import { chromeTrace, ctrfOfRun, mermaid, sarif, type ShownRun } from "../reports/index.ts";

/** What there is. */
export const REPLAY_FORMATS = ["trace", "mermaid", "sarif", "ctrf"] as const;
/** One of them. */
export type ReplayFormat = (typeof REPLAY_FORMATS)[number];

/** The text. */
export function formatted(format: ReplayFormat, run: ShownRun, version: string): string {
  switch (format) {
    case "trace":
      return chromeTrace(run);
    case "mermaid":
      return mermaid(run);
    case "sarif":
      return sarif([run], version);
    case "ctrf":
      return ctrfOfRun(run, version);
  }
}
