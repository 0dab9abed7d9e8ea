/** What the modules of a project export, told apart from what they should. */
import type { Driver } from "../../model/index.ts";
import type { Property } from "../../properties/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { quote } from "../errors.ts";
import type { ModuleKind } from "./project.ts";

/** What each kind of module exports. */
export interface Exported {
  readonly drivers: Driver;
  readonly scenarios: Scenario;
  readonly properties: Property;
}

/** Why an object is not one of its kind; null when it is. */
type Objection = (value: Readonly<Record<string, unknown>>) => string | null;

/** Names appear in tables, on command lines and in tokens. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const nameOf: Objection = ({ name }) => {
  if (typeof name !== "string") return "name must be a text";
  return NAME.test(name) ? null : `name must be in lower case with hyphens, not ${quote(name)}`;
};

/** The interfaces are called by it and a number. */
const driverName: Objection = ({ name }) =>
  typeof name === "string" && /^[a-z][a-z0-9]*$/.test(name) ? null : "name must be lower case letters and digits";

const textOf = (field: string): Objection => (value) =>
  typeof value[field] === "string" && value[field] !== "" ? null : `${field} must be a text`;

const objectOf = (field: string): Objection => (value) =>
  typeof value[field] === "object" && value[field] !== null ? null : `${field} must be an object`;

const functionOf = (field: string): Objection => (value) =>
  typeof value[field] === "function" ? null : `${field} must be a function`;

const PROPERTY_KINDS: Readonly<Record<string, readonly Objection[]>> = {
  always: [functionOf("watch"), functionOf("holds")],
  eventually: [functionOf("holds")],
  sometimes: [
    functionOf("watch"),
    ({ scenarios }) => (Array.isArray(scenarios) ? null : "scenarios must be a list of names"),
  ],
};

const propertyKind: Objection = (value) => {
  const { kind } = value;
  const known = typeof kind === "string" && Object.hasOwn(PROPERTY_KINDS, kind) ? PROPERTY_KINDS[kind] : undefined;
  return known === undefined ? "kind must be always, sometimes or eventually" : first(known, value);
};

/** What is asked of each kind, in this order. */
const OBJECTIONS: Readonly<Record<ModuleKind, readonly Objection[]>> = {
  drivers: [driverName, ...["if_start", "if_ioctl", "stop", "txIntr"].map(functionOf)],
  scenarios: [nameOf, textOf("purpose"), objectOf("smallest"), objectOf("vary")],
  properties: [nameOf, textOf("promise"), propertyKind],
};

/** How one of each kind is called. */
const SINGULAR: Readonly<Record<ModuleKind, string>> = {
  drivers: "driver",
  scenarios: "scenario",
  properties: "property",
};

function first(objections: readonly Objection[], value: Readonly<Record<string, unknown>>): string | null {
  for (const objection of objections) {
    const why = objection(value);
    if (why !== null) return why;
  }
  return null;
}

/**
 * Everything of a kind that a module exports: under any name, alone or in lists. Functions and plain values may
 * stand beside it. Throws an Error that says what is wrong.
 */
export function exportedOf<K extends ModuleKind>(kind: K, module: object): readonly Exported[K][] {
  const found = new Set<unknown>();
  for (const [name, value] of Object.entries(module)) {
    for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (typeof one !== "object" || one === null) {
        if (Array.isArray(value)) throw new Error(`export ${name} is no list of ${kind}`);
        continue;
      }
      const why = first(OBJECTIONS[kind], one as Readonly<Record<string, unknown>>);
      if (why !== null) throw new Error(`export ${name} is no ${SINGULAR[kind]}: ${why}`);
      found.add(one);
    }
  }
  if (found.size === 0) throw new Error(`exports no ${SINGULAR[kind]}`);
  return [...found] as Exported[K][];
}
