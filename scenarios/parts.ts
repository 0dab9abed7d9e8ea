/**
 * What a machine is put together from besides its configuration: the drivers and the routines that a configuration
 * record names. The record is data; these are code, handed in by whoever starts the run.
 */
import type { Routine } from "../sim/index.ts";
import { nicDriver, type Driver } from "../model/index.ts";
import { CALLER_ROUTINES } from "./callers.ts";
import type { ActorConfig, Config } from "./config.ts";
import type { World } from "./world.ts";

/** An actor that runs a routine of somebody else's. */
export type RunActor = Extract<ActorConfig, { kind: "run" }>;

/** What such an actor does; `name` is that of its thread. Runs in a thread of `actor.cpu`. */
export type ActorRoutine = (world: World, actor: RunActor, name: string) => Routine<void>;

/** Routines by name. */
export type ActorRoutines = Readonly<Record<string, ActorRoutine>>;

/** The code that a configuration record may name. */
export interface Parts {
  /** Found by their `name`. */
  readonly drivers: readonly Driver[];
  readonly routines: ActorRoutines;
}

/** The driver of a configuration that names none. */
export const STOCK_DRIVER: Driver = nicDriver;

/** What the stock scenarios need. */
export const STOCK: Parts = { drivers: [STOCK_DRIVER], routines: CALLER_ROUTINES };

/** A name in a configuration record that nothing goes by. */
export interface MissingPart {
  readonly what: "driver" | "routine";
  readonly name: string;
  /** What there is. */
  readonly known: readonly string[];
}

/** The first name of the record that `parts` do not have; null when they have all. */
export function missingPart({ drivers, routines }: Parts, { topology, workload }: Config): MissingPart | null {
  const { driver } = topology;
  if (driver !== undefined && drivers.every(({ name }) => name !== driver)) {
    return { what: "driver", name: driver, known: drivers.map(({ name }) => name) };
  }
  for (const actor of workload) {
    if (actor.kind === "run" && !Object.hasOwn(routines, actor.routine)) {
      return { what: "routine", name: actor.routine, known: Object.keys(routines) };
    }
  }
  return null;
}

/** The driver a topology names. Throws a RangeError when there is none. */
export function driverNamed({ drivers }: Parts, name: string | undefined): Driver {
  if (name === undefined) return STOCK_DRIVER;
  return drivers.find((driver) => driver.name === name) ?? absent("driver", name);
}

/** The routine an actor names. Throws a RangeError when there is none. */
export function routineNamed({ routines }: Parts, name: string): ActorRoutine {
  return (Object.hasOwn(routines, name) ? routines[name] : undefined) ?? absent("routine", name);
}

function absent(what: MissingPart["what"], name: string): never {
  throw new RangeError(`no ${what} ${name}`);
}
