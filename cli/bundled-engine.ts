/** The engine set with a variant's patch, a project's modules, or both in it. */
import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { bundled, toldFrom, type Bundle } from "./bundles.ts";
import { codeIdentity } from "./code-identity.ts";
import type { EngineSet } from "./engine-set.ts";
import { EngineFault, UsageError, isUsageError, messageOf, oneLine } from "./errors.ts";
import type { CountedSources } from "./lines/counted-sources.ts";
import type { Loaded } from "./load-engine.ts";
import { checkScenarios } from "./project/check-scenarios.ts";
import type { Project } from "./project/project.ts";
import { findVariant, patchedSources, type Variant } from "./variants.ts";

/** What goes into a bundle besides the engine; not both are null. */
interface Additions {
  readonly variant: string | null;
  readonly project: Project | null;
}

/** Builds (or finds) the bundle and loads its engine set. */
export async function loadBundled(root: string, additions: Additions): Promise<Loaded> {
  const { project } = additions;
  const variant = additions.variant === null ? null : findVariant(root, additions.variant);
  const { module, foreign } = await build(root, variant, project);
  const code = withForeign(codeIdentity(variant?.diff ?? null), project, foreign);
  const { engine } = await importEngine(module);
  if (project !== null) checkScenarios(engine);
  return { engine, variant: variant?.name ?? null, code, module, project };
}

/** The engine set of a variant of the package alone. */
export const loadVariant = (root: string, variant: string): Promise<Loaded> =>
  loadBundled(root, { variant, project: null });

/** The engine set that counts how often each mark of the lines of the C is passed. */
export async function loadCounting(root: string, { patched }: CountedSources): Promise<Loaded> {
  try {
    const { module } = await bundled({ root, stub: stubFor(root, null), patched });
    const { engine } = await importEngine(module);
    return { engine, variant: null, code: codeIdentity(null), module };
  } catch (error) {
    throw new EngineFault(`the counting build cannot be made: ${oneLine(messageOf(error))}`);
  }
}

async function build(root: string, variant: Variant | null, project: Project | null): Promise<Bundle> {
  const patched = variant === null ? new Map<string, string>() : patchedSources(root, variant);
  try {
    return await bundled({ root, stub: stubFor(root, project), patched });
  } catch (error) {
    if (project !== null) throw new UsageError(`${project.name}: its modules cannot be bundled: ${toldFrom(root, project.folder, error)}`);
    throw new EngineFault(`variant ${variant?.name ?? ""} cannot be built: ${oneLine(messageOf(error))}`);
  }
}

function stubFor(root: string, project: Project | null): string {
  const source = (file: string): string => JSON.stringify(join(root, "cli", file));
  if (project === null) return `export { engine } from ${source("engine.ts")};`;
  const modules = project.modules.map(({ path, ...named }) =>
    `{ ...${JSON.stringify(named)}, load: () => import(${JSON.stringify(path)}) }`);
  return `import { projectEngine } from ${source("project/project-engine.ts")};
export const engine = await projectEngine([${modules.join(", ")}]);`;
}

/** The identity of the code with the files of a project in it, named from the project's folder. */
function withForeign(code: string, project: Project | null, foreign: Bundle["foreign"]): string {
  if (project === null) return code;
  const files = foreign.map(([path, hash]) => `${relative(project.folder, path).replaceAll("\\", "/")}\0${hash}`).sort();
  return createHash("sha256").update([code, ...files].join("\0")).digest("hex").slice(0, 12);
}

async function importEngine(module: string): Promise<{ readonly engine: EngineSet }> {
  try {
    return (await import(pathToFileURL(module).href)) as { engine: EngineSet };
  } catch (error) {
    // Thrown in the bundle, which has a class of its own.
    throw isUsageError(error) ? new UsageError(error.message) : error;
  }
}
