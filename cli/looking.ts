/** Looks at failing runs for reporters: each is replayed once, when somebody first asks. */
import type { FailureReport, Look, RunEvents } from "../reports/index.ts";
import type { Failure } from "../sim/index.ts";
import { loadCounting } from "./bundled-engine.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import type { Io } from "./io.ts";
import { countedSources } from "./lines/counted-sources.ts";
import type { Loaded } from "./load-engine.ts";
import { PageWriter } from "./page/write.ts";
import { SourcePlaces } from "./source-places.ts";
import { readToken } from "./tokens.ts";
import { findVariant, patchedSources } from "./variants.ts";

/** An engine that makes lists of events, and what it knows of the sources. */
interface Eye {
  readonly engine: EngineSet;
  readonly places: SourcePlaces;
}

/** Looks. */
export class Looking {
  readonly #io: Io;
  readonly #loaded: Loaded;
  #eye: Promise<Eye> | null = null;

  constructor(io: Io, loaded: Loaded) {
    this.#io = io;
    this.#loaded = loaded;
  }

  /** At the run of a failure. */
  at({ token, failure }: Pick<FailureReport, "token" | "failure">): Look {
    let events: Promise<RunEvents> | null = null;
    return { events: () => (events ??= this.#replay(token, failure)) };
  }

  /** Who writes pages of what is seen. `sources`: the folder of the seed documents. */
  pages(sources: string | null): PageWriter {
    return new PageWriter(this.#io, this.#loaded, this, sources);
  }

  /** The events of a case. */
  async eventsOf(what: Case, about: Failure | null): Promise<RunEvents> {
    const { engine, places } = await (this.#eye ??= openEye(this.#io, this.#loaded));
    return engine.events(what, places, about).events;
  }

  async #replay(token: string, failure: Failure): Promise<RunEvents> {
    return this.eventsOf(await readToken(token), failure);
  }
}

/** The counting build of the same model knows the lines of the C; with a project's modules there is none. */
async function openEye({ root }: Io, loaded: Loaded): Promise<Eye> {
  const { engine, variant, module } = loaded;
  const { drivers, scenarios, properties } = engine.origins;
  const isStock = [drivers, scenarios, properties].every((names) => Object.keys(names).length === 0);
  if (module === null || !isStock) return { engine, places: SourcePlaces.read(root) };
  const patched = variant === null ? new Map<string, string>() : patchedSources(root, findVariant(root, variant));
  const sources = countedSources(root, patched);
  const counting = await loadCounting(root, sources);
  return { engine: counting.engine, places: SourcePlaces.read(root, sources.marks) };
}
