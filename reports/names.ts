/** Short stable names of what a run is about, for stories and events. */
import { Cell, Op, cellName, opKind, opName, opObject, opResult, type Execution } from "../sim/index.ts";

const TEXT_MAX = 40;

/** A value as a reader wants it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "symbol") return "unwritten";
  if (typeof value === "string") return value.slice(0, TEXT_MAX);
  if (typeof value === "function") return value.name;
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `${String(value.length)} entries`;
  return labelOf(value);
}

/** The name of an object: its label, its name, or its class. */
export function labelOf(object: object): string {
  if (object instanceof Cell) return cellName(object);
  for (const key of ["label", "name"] as const) {
    const text: unknown = Reflect.get(object, key);
    if (typeof text === "string" && text !== "") return text.slice(0, 2 * TEXT_MAX);
  }
  const id: unknown = Reflect.get(object, "id");
  if (Reflect.has(object, "lines") && typeof id === "number") return `cpu ${String(id)}`;
  // The kernel's own: td_name, if_xname.
  const own = Object.entries(object).find(([key, value]) => key.endsWith("name") && typeof value === "string" && value !== "");
  if (own !== undefined) return (own[1] as string).slice(0, 2 * TEXT_MAX);
  return object.constructor.name;
}

const LOADS: ReadonlySet<Op> = new Set<Op>([Op.Load, Op.Peek, Op.AtomicLoad, Op.RelaxedLoad, Op.Sample]);
const STORES: ReadonlySet<Op> = new Set<Op>([
  Op.Store, Op.Publish, Op.AtomicStore, Op.RelaxedStore, Op.Rmw, Op.RelaxedRmw, Op.AcquireRmw, Op.ReleaseRmw,
]);
/** These speak for themselves: they are always about the CPU they run on. */
const BARE: ReadonlySet<Op> = new Set<Op>([Op.CritEnter, Op.CritExit, Op.Fence, Op.Yield, Op.Window]);

/** Does the operation show as the change of a value? */
export const storesValue = (word: number): boolean => STORES.has(opKind(word));

/** An operation that has not taken effect: `enter ifsq_lock`. */
export function intentText(x: Execution, word: number): string {
  const kind = opKind(word);
  const object = x.objects[opObject(word)];
  if (opObject(word) === 0 || object === undefined || BARE.has(kind)) return opName(kind);
  return `${opName(kind)} ${labelOf(object)}`;
}

/** An operation that took effect, with what came of it. `word` is read from the log afterwards. */
export function effectText(x: Execution, word: number): string {
  const object = x.objects[opObject(word)];
  return effectOf(x, word, isLoad(word) && object instanceof Cell ? valueText(object.peek()) : undefined);
}

/** Does the operation come to a value that was there before? */
export const isLoad = (word: number): boolean => LOADS.has(opKind(word));

/** The same with the value that a load came to. */
export function effectOf(x: Execution, word: number, loaded: string | undefined): string {
  const text = intentText(x, word);
  if (loaded !== undefined) return `${text}: ${loaded}`;
  const kind = opKind(word);
  if (kind === Op.Try) return `${text}: ${opResult(word) ? "got it" : "busy"}`;
  return text;
}
