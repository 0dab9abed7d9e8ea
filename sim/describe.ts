/** Operations in words, for messages. */
import { cellName, type Cell } from "./cell.ts";
import type { Processor } from "./context.ts";
import type { Machine } from "./machine.ts";
import { opKind, opName, opObject } from "./operation.ts";

/** The name of a numbered object: a cell's struct and field, or its own label. */
export function objectName(x: Machine, id: number): string {
  const object = x.objects[id];
  if (object === undefined || id === 0) return "nothing";
  if (isCell(object)) return cellName(object);
  if (isProcessor(object)) return `cpu ${String(object.id)}`;
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

// By what they have: a machine may come from another bundle, with classes of its own.
const isCell = (object: object): object is Cell<unknown> => "grave" in object && "owner" in object;
const isProcessor = (object: object): object is Processor => "raised" in object && "masked" in object;
