/** Writes the page of a run. */
import { gzipSync } from "node:zlib";
import { markOf, notesOf, pageHtml, type FailureReport, type HtmlSeat, type PageData, type PageHead, type PageRun, type RunEvents } from "../../reports/index.ts";
import { sliceIn } from "../explain/slice.ts";
import type { Case, Replayed } from "../engine-set.ts";
import type { Io } from "../io.ts";
import type { Loaded } from "../load-engine.ts";
import type { Looking } from "../looking.ts";
import { readToken, writeToken, type ReadToken } from "../tokens.ts";
import { nearestPassing } from "./neighbour.ts";
import { PageWorkshop } from "./parts.ts";
import { SeedSources } from "./sources.ts";

/** What a page tells of. */
export interface Told extends PageHead, Pick<FailureReport, "fingerprint"> {
  readonly what: ReadToken;
  readonly events: RunEvents;
}

/** Writes pages for one engine set. */
export class PageWriter {
  readonly #io: Io;
  readonly #loaded: Loaded;
  readonly #looking: Looking;
  readonly #workshop: PageWorkshop;
  readonly #sources: SeedSources | null;

  constructor(io: Io, loaded: Loaded, looking: Looking, sources: string | null) {
    this.#io = io;
    this.#loaded = loaded;
    this.#looking = looking;
    this.#workshop = new PageWorkshop(io.root, loaded);
    this.#sources = sources === null ? null : new SeedSources(io.root, sources);
  }

  /** The text of the page. */
  async page({ what, events: seen, ...told }: Told): Promise<string> {
    const { engine } = this.#loaded;
    const { failure, scenario, fingerprint, found, shrunk } = told;
    const events = failure === null ? seen : { ...seen, slice: sliceIn(engine, what, failure, seen) };
    const run = pageRun("failing run", what, told.token, engine.replay(what), events);
    const data: PageData = {
      version: this.#io.version,
      report: { scenario, fingerprint, found, shrunk, failure },
      run: failure === null ? { ...run, title: "run" } : run,
      neighbour: failure === null ? null : await this.#neighbour(what, failure),
      sources: this.#sources?.of(events) ?? [],
    };
    const packed = gzipSync(JSON.stringify(data), { level: 9 }).toString("base64");
    const system = what.config.topology.xnu === undefined ? "dragonfly" : "xnu";
    return pageHtml(told, await this.#workshop.codeFor(system), packed);
  }

  async #neighbour(what: ReadToken, failure: NonNullable<Told["failure"]>): Promise<PageRun | null> {
    const found = nearestPassing(this.#loaded.engine, what, failure);
    if (found === null) return null;
    const token = writeToken({ ...what, ...found.what, fingerprint: "passed" });
    const mark = pageRun(found.title, found.what, token, found.run, null);
    return { ...mark, notes: notesOf(await this.#looking.eventsOf(found.what, null)) };
  }

  /** The style of all pages, for those without a run. */
  code(): ReturnType<PageWorkshop["codeFor"]> {
    return this.#workshop.codeFor("dragonfly");
  }
}

/** What the reporter of a check needs. */
export const htmlSeat = (writer: PageWriter): HtmlSeat => ({
  page: async (report, events) => writer.page({ ...report, what: await readToken(report.token), events }),
  code: () => writer.code(),
});

function pageRun(title: string, { scenario, config, choices, property }: Case, token: string, run: Replayed, events: RunEvents | null): PageRun {
  return {
    title,
    what: { scenario, config, choices, property, limits: null },
    token,
    mark: markOf(run, run.log),
    notes: events === null ? NO_NOTES : notesOf(events),
  };
}

const NO_NOTES: PageRun["notes"] = { stacks: [], places: [], evidence: [], slice: [], stackOf: [], placeOf: [] };
