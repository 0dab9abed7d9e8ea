/** A project: what an author's configuration file names and sets. */
import { existsSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { UsageError, messageOf, oneLine, quote } from "../errors.ts";
import { isFile, readInput } from "../files.ts";
import { importConfig } from "./config-module.ts";
import type { ProjectConfig } from "./config.ts";

/** Kinds of modules, as the configuration file calls them. */
export const MODULE_KINDS = ["drivers", "scenarios", "properties"] as const;
export type ModuleKind = (typeof MODULE_KINDS)[number];

/** A module of a project. */
export interface ProjectModule {
  readonly kind: ModuleKind;
  /** As the configuration file writes it. */
  readonly name: string;
  /** The configuration file and the key, for errors. */
  readonly where: string;
  readonly path: string;
}

/** A project. */
export interface Project {
  /** The configuration file as the user knows it. */
  readonly name: string;
  /** The configuration file's folder, absolute: its paths start here. */
  readonly folder: string;
  readonly modules: readonly ProjectModule[];
  readonly config: ProjectConfig;
}

/** Names of configuration files, in the order they are looked for. */
export const CONFIG_FILES = ["interlock.config.json", "interlock.config.mjs", "interlock.config.ts"] as const;

/**
 * The project of a folder, or of the configuration file that was asked for; null when the folder has none. Throws
 * a {@link UsageError} that names the file and the key.
 */
export async function findProject(root: string, cwd: string, asked: string | null): Promise<Project | null> {
  const path = asked === null ? configIn(cwd) : resolve(cwd, asked);
  if (path === null) return null;
  const name = relative(cwd, path) || path;
  if (asked !== null && !isFile(path)) {
    throw new UsageError(`--config: no such file: ${quote(asked)}`);
  }
  return projectOf(name, dirname(path), await readConfig(root, name, path));
}

function configIn(cwd: string): string | null {
  const found = CONFIG_FILES.filter((name) => existsSync(join(cwd, name)));
  if (found.length > 1) throw new UsageError(`there are several configuration files, keep one: ${found.join(", ")}`);
  return found[0] === undefined ? null : join(cwd, found[0]);
}

async function readConfig(root: string, name: string, path: string): Promise<unknown> {
  switch (extname(path)) {
    case ".json":
      try {
        return JSON.parse(readInput(path));
      } catch (error) {
        throw new UsageError(`${name}: ${oneLine(messageOf(error))}`);
      }
    case ".mjs":
    case ".js":
    case ".mts":
    case ".ts":
      return importConfig(root, name, path);
    default:
      throw new UsageError(`${name}: a configuration file ends in .json, .mjs or .ts`);
  }
}

/** Checks a configuration; `name` says in errors where it comes from, `folder` is what its paths start from. */
async function projectOf(name: string, folder: string, value: unknown): Promise<Project> {
  const { parseProjectConfig } = await import("./config-schema.ts");
  const config = parseProjectConfig(name, value);
  const modules = MODULE_KINDS.flatMap((kind) =>
    (config[kind] ?? []).map((file, i): ProjectModule => {
      const path = resolve(folder, file);
      const where = `${name}: ${kind}[${String(i)}]`;
      if (!isFile(path)) {
        throw new UsageError(`${where}: no such file: ${quote(file)}`);
      }
      return { kind, name: file, where, path };
    }));
  const twice = modules.find(({ path, kind }, i) => modules.findIndex((m) => m.path === path && m.kind === kind) !== i);
  if (twice !== undefined) throw new UsageError(`${twice.where}: ${quote(twice.name)} is named twice`);
  return { name, folder, modules, config };
}
