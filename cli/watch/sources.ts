/** What is watched, and which scenarios a file matters to. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundle } from "../../scripts/build.mjs";
import { listSources } from "../../scripts/stamp.mjs";
import { UsageError, isUsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { CONFIG_FILES, findProject, type Project, type ProjectModule } from "../project/project.ts";

/** What a round is made of. */
export interface Sources {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The modules, as the configuration file calls them, whose scenarios these files matter to; null: they matter to every scenario. */
  readonly touched: (files: readonly string[]) => readonly string[] | null;
}

const NOTHING = "--watch: nothing here can change: this folder has no configuration file, and the package is installed; `interlock init` writes one";

/** Looks for them. A project that cannot be read or bundled has what can be found of it: the check says what is wrong. Throws a {@link UsageError} when there is nothing to watch. */
export async function findSources({ root, cwd }: Io, config: string | null): Promise<Sources> {
  // An installed package has no sources of the command; a clone may be edited.
  const own = existsSync(join(root, "cli/main.ts")) ? listSources(root).map((path) => join(root, path)) : [];
  const configs = (config === null ? CONFIG_FILES : [config]).map((name) => resolve(cwd, name)).filter((path) => existsSync(path));
  if (own.length + configs.length === 0) throw new UsageError(NOTHING);
  const project = await read(root, cwd, config);
  const modules = project?.modules ?? [];
  const reached = await imports(root, modules);
  const files = [...new Set([...own, ...configs, ...modules.map(({ path }) => path), ...[...reached.values()].flatMap((each) => [...each])])];
  return { files, touched: (changed) => touchedBy(changed, modules, reached) };
}

async function read(root: string, cwd: string, config: string | null): Promise<Project | null> {
  try {
    return await findProject(root, cwd, config);
  } catch (error) {
    if (isUsageError(error)) return null;
    throw error;
  }
}

/** By module, every file that it imports, itself included, packages not. Empty when they cannot be bundled. */
async function imports(root: string, modules: readonly ProjectModule[]): Promise<ReadonlyMap<ProjectModule, ReadonlySet<string>>> {
  if (modules.length === 0) return new Map();
  const entryPoints = [...new Set(modules.map(({ path }) => path))];
  const options = { entryPoints, outdir: join(root, "build/watched"), write: false, metafile: true } as const;
  const inputs = await bundle(options, root).then(({ metafile }) => metafile?.inputs ?? {}, () => null);
  if (inputs === null) return new Map();
  const graph = new Map(Object.entries(inputs).map(([path, input]) =>
    [resolve(root, path), input.imports.filter(({ external }) => external !== true).map((each) => resolve(root, each.path))]));
  return new Map(modules.map((module) => {
    const seen = new Set([module.path]);
    for (const path of seen) for (const next of graph.get(path) ?? []) seen.add(next);
    return [module, seen];
  }));
}

/**
 * Scenarios run with every property, and name their driver by a text that may vary: such modules matter to all of them. A project
 * that has no scenarios runs the stock ones with each driver; then a driver's are those of its module.
 */
function touchedBy(files: readonly string[], modules: readonly ProjectModule[], reached: ReadonlyMap<ProjectModule, ReadonlySet<string>>): readonly string[] | null {
  const kind = modules.some((module) => module.kind === "scenarios") ? "scenarios" : "drivers";
  const names = new Set<string>();
  for (const file of files) {
    const users = modules.filter((module) => reached.get(module)?.has(file) === true);
    if (users.length === 0 || users.some((module) => module.kind !== kind)) return null;
    for (const { name } of users) names.add(name);
  }
  return [...names];
}
