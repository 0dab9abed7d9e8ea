/** The usual values of a project, put where the command line said nothing. */
import { resolve } from "node:path";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError, messageOf } from "../errors.ts";
import { isPath } from "../reporter-module.ts";
import type { CheckDefaults } from "./config.ts";
import type { Project } from "./project.ts";

/** The option of each key; both have the same name where nothing is said. */
const OPTIONS: Partial<Record<keyof CheckDefaults, string>> = { reporters: "reporter" };

/** Sets the options of `check` that were not given; each value goes through the option's own parser. */
export function applyDefaults(command: CommandUnknownOpts, project: Project): void {
  const { check = {} } = project.config;
  for (const [key, value] of Object.entries(check) as [keyof CheckDefaults, unknown][]) {
    const name = OPTIONS[key] ?? key;
    if (value === undefined || command.getOptionValueSource(name) === "cli") continue;
    try {
      command.setOptionValueWithSource(name, parsed(command, name, resolved(project, key, value)), "config");
    } catch (error) {
      throw new UsageError(`${project.name}: check.${key}: ${messageOf(error)}`);
    }
  }
  if (project.config.stock !== undefined && command.getOptionValueSource("stock") !== "cli") {
    command.setOptionValueWithSource("stock", project.config.stock, "config");
  }
}

/** Paths start from the configuration file's folder. */
function resolved({ folder }: Project, key: keyof CheckDefaults, value: unknown): unknown {
  if (key === "out" || (key === "regressions" && value !== false)) return resolve(folder, String(value));
  if (key !== "reporters") return value;
  return (value as readonly string[]).map((name) => (isPath(name) ? resolve(folder, name) : name));
}

/** What the command line would have made of the value. */
function parsed(command: CommandUnknownOpts, name: string, value: unknown): unknown {
  const option = command.options.find((each) => each.attributeName() === name);
  const parse = option?.parseArg;
  if (parse === undefined || typeof value === "boolean") return value;
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return values.reduce<unknown>((previous, each) => parse(String(each), previous), option?.defaultValue);
}
