/**
 * The engine set of a project: stock scenarios and properties with those of its modules. Runs inside the bundle
 * that holds the modules; each is imported by itself, so that one that throws can be named.
 */
import { PROPERTIES } from "../../properties/index.ts";
import { SCENARIOS, STOCK, stockScenarios } from "../../scenarios/index.ts";
import { makeEngine } from "../engine.ts";
import type { EngineSet } from "../engine-set.ts";
import { UsageError, messageOf, oneLine } from "../errors.ts";
import { exportedOf, type Exported } from "./exported.ts";
import type { ModuleKind } from "./project.ts";

/** A module of the project. */
interface Named {
  readonly kind: ModuleKind;
  /** As the configuration file writes it. */
  readonly name: string;
  /** The configuration file and the key, for errors. */
  readonly where: string;
  readonly load: () => Promise<object>;
}

/**
 * Makes it. Drivers without scenarios are checked with the stock ones. Throws a {@link UsageError} that names the
 * module.
 */
export async function projectEngine(modules: readonly Named[]): Promise<EngineSet> {
  const drivers = new Shelf("drivers", STOCK.drivers);
  const scenarios = new Shelf("scenarios", SCENARIOS);
  const properties = new Shelf("properties", PROPERTIES);
  const shelves = { drivers, scenarios, properties };
  for (const module of modules) shelves[module.kind].add(module, await load(module));
  if (modules.every(({ kind }) => kind !== "scenarios")) {
    for (const driver of drivers.added) {
      const name = drivers.origins[driver.name] ?? "";
      scenarios.take(stockScenarios({ driver }), { name });
    }
  }
  const own = scenarios.added.map(({ name }) => name);
  return makeEngine({
    drivers: drivers.added,
    scenarios: scenarios.all,
    properties: properties.all,
    origins: { drivers: drivers.origins, scenarios: scenarios.origins, properties: properties.origins },
    ...(own.length > 0 && { usual: own }),
  });
}

async function load({ name, where, load: importModule }: Named): Promise<object> {
  try {
    return await importModule();
  } catch (error) {
    throw new UsageError(`${where}: ${name} throws: ${oneLine(messageOf(error))}`);
  }
}

/** Everything of one kind, each name once. */
class Shelf<K extends ModuleKind> {
  readonly all: Exported[K][];
  readonly added: Exported[K][] = [];
  /** By name, the module it comes from; the package's own are not in it. */
  readonly origins: Record<string, string> = {};
  readonly #kind: K;

  constructor(kind: K, stock: readonly Exported[K][]) {
    this.#kind = kind;
    this.all = [...stock];
  }

  /** What a module exports. */
  add(module: Pick<Named, "name" | "where">, exported: object): void {
    try {
      this.take(exportedOf(this.#kind, exported), module);
    } catch (error) {
      throw new UsageError(`${module.where}: ${module.name}: ${messageOf(error)}`);
    }
  }

  take(values: readonly Exported[K][], { name: module }: Pick<Named, "name">): void {
    for (const value of values) {
      const { name } = value;
      if (this.all.some((other) => other.name === name)) {
        throw new Error(`the name ${name} is taken by ${this.origins[name] ?? "Interlock's own"}`);
      }
      this.all.push(value);
      this.added.push(value);
      this.origins[name] = module;
    }
  }
}
