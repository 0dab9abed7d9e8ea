/** The engine set a command runs with: the model as it stands or a variant of it, with a project's modules. */
import { join } from "node:path";
import { ENGINE_MODULE, buildFolder } from "./build-folder.ts";
import { codeIdentity } from "./code-identity.ts";
import type { EngineSet } from "./engine-set.ts";
import type { Io } from "./io.ts";
import type { Project } from "./project/project.ts";

/** An engine set and what it is made of. */
export interface Loaded {
  readonly engine: EngineSet;
  /** `fixes/NAME`, or null. */
  readonly variant: string | null;
  /** Names the code that decides a run. */
  readonly code: string;
  /**
   * Path of the JavaScript module that exports `engine`: worker threads import it. Null for an engine set that was
   * made in this process and exists nowhere else.
   */
  readonly module: string | null;
  /** Whose modules are in it; absent: nobody's. */
  readonly project?: Project | null;
}

/** Loads one. A variant and a project's modules are bundled first, unless that was done before. */
export async function loadEngine(io: Io, variant: string | null, project: Project | null = null): Promise<Loaded> {
  if (variant === null && (project === null || project.modules.length === 0)) {
    const { engine } = await import("./engine.ts");
    const module = join(await buildFolder(), ENGINE_MODULE);
    return { engine, variant: null, code: codeIdentity(null), module };
  }
  const { loadBundled } = await import("./bundled-engine.ts");
  return loadBundled(io.root, { variant, project });
}

/** What commands get it from; tests hand in a small one. */
export type EngineLoader = typeof loadEngine;
