/** `replay --format`: one run as text for other tools, or as a page. */
import { resolve } from "node:path";
import { chromeTrace, ctrfOfRun, mermaid, sarif } from "../reports/index.ts";
import type { Io } from "./io.ts";
import type { Loaded } from "./load-engine.ts";
import { Looking } from "./looking.ts";
import type { Told } from "./page/write.ts";

/** What there is. */
export const REPLAY_FORMATS = ["html", "trace", "mermaid", "sarif", "ctrf"] as const;
/** One of them. */
export type ReplayFormat = (typeof REPLAY_FORMATS)[number];

/** The text. `sources`: the folder of the seed documents, for a page. */
export async function formatted(io: Io, loaded: Loaded, format: ReplayFormat, told: Omit<Told, "events">, sources: string | null): Promise<string> {
  const looking = new Looking(io, loaded);
  const run = { ...told, events: await looking.eventsOf(told.what, told.failure) };
  switch (format) {
    case "html":
      return looking.pages(sources === null ? null : resolve(io.cwd, sources)).page(run);
    case "trace":
      return chromeTrace(run);
    case "mermaid":
      return mermaid(run);
    case "sarif":
      return sarif([run], io.version);
    case "ctrf":
      return ctrfOfRun(run, io.version);
  }
}
