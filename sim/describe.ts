/** Operations in words, for messages. */
import { Cell, cellName } from "./cell.ts";
import { Processor } from "./context.ts";
import type { Machine } from "./machine.ts";
import { opKind, opName, opObject } from "./operation.ts";

/** The name of a numbered object: a cell's struct and field, or its own label. */
export function objectName(x: Machine, id: number): string {
  const object = x.objects[id];
  if (object === undefined || id === 0) return "nothing";
  if (object instanceof Cell) return cellName(object as Cell<unknown>);
  if (object instanceof Processor) return `cpu ${String(object.id)}`;
  const { label, name } = object as { readonly label?: unknown; readonly name?: unknown };
  if (typeof label === "string") return label;
  return typeof name === "string" ? name : `object ${String(id)}`;
}

/** Verb and object of a packed operation. */
export function describeOp(x: Machine, word: number): string {
  const object = opObject(word);
  const verb = opName(opKind(word));
  return object === 0 ? verb : `${verb} ${objectName(x, object)}`;
}
