/** Objects of a machine as they are, without disturbing it: own data only, no accessor that could fail the run. */
import { Cell, Context, Gate, Struct, type Execution } from "../../sim/index.ts";
import { labelOf, valueText } from "../names.ts";
import type { FieldState, ObjectState } from "../html/page-data.ts";

const ITEMS_MOST = 24;
/** What every object has, and nobody asks for. */
const SILENT: ReadonlySet<string> = new Set(["x", "k", "label", "object", "watchers", "turn", "grave"]);

/** Every object that is known by name: those that are registered, what their fields belong to, and `more`. */
export function objectStates(x: Execution, more: ReadonlySet<Struct>): readonly ObjectState[] {
  const found = new Set<object>(more);
  for (const object of x.objects.slice(1)) found.add(object instanceof Cell ? object.owner : object);
  return [...found].filter((object) => !(object instanceof Gate) && !x.cpus.includes(object as never)).map(objectState)
    .filter(({ fields }) => fields.length > 0);
}

function objectState(object: object): ObjectState {
  const fields = Object.entries(object).filter(([name]) => !SILENT.has(name)).flatMap(([name, value]) => fieldOf(name, value));
  return { label: labelOf(object), fields };
}

function fieldOf(name: string, held: unknown): readonly FieldState[] {
  const value = held instanceof Cell ? (held.value as unknown) : held;
  if (typeof value === "function" || value instanceof Struct && !(held instanceof Cell)) return [];
  const items = itemsOf(value);
  if (items !== null) return [{ name, value: items.length === 0 ? "empty" : `${String(items.length)}${items.length > ITEMS_MOST ? "+" : ""}`, items: items.slice(0, ITEMS_MOST) }];
  return [{ name, value: flagText(name, textOf(value)), items: null }];
}

/** The bits of a word of flags are easier to see in hexadecimal. */
const flagText = (name: string, text: string): string =>
  /flags|mask|bits/.test(name) && /^\d{2,}$/.test(text) ? `${text} (0x${Number(text).toString(16)})` : text;

const textOf = (value: unknown): string => (value instanceof Context ? value.name : valueText(value));

/** What a list, a set or a queue of the kernel holds; null: the value is no such thing. */
function itemsOf(value: unknown): readonly string[] | null {
  if (typeof value !== "object" || value === null || value instanceof Struct) return null;
  if (value instanceof Uint8Array) return null;
  const iterable = (value as Partial<Iterable<unknown>>)[Symbol.iterator];
  if (typeof iterable !== "function") return null;
  try {
    const items: string[] = [];
    for (const item of value as Iterable<unknown>) {
      const inner = item instanceof Cell ? (item.value as unknown) : item;
      items.push(Array.isArray(inner) ? inner.map(textOf).join(" ") : textOf(inner));
      if (items.length > ITEMS_MOST) break;
    }
    return items;
  } catch {
    return null;
  }
}
