/** Which format of recorded behaviour a text has, told from its content. */

/** The formats of recorded behaviour. */
export type VectorFormat = "ifq-sequential" | "ring-count" | "outcomes" | "control-plane";

/**
 * The format of a text, or null when it is none. Looks at the beginning only, so that a file that is cut short or
 * spoiled further on is still named and its reader can say where.
 */
export function recognise(text: string): VectorFormat | null {
  const start = text.trimStart();
  if (start.startsWith("[")) return /^\[\s*\[|^\[\s*\]/.test(start) ? "ring-count" : null;
  if (!start.startsWith("{")) return null;
  const names = new Set(firstNames(start));
  if (names.has("kind")) return "control-plane";
  if (names.has("config") || names.has("ops")) return "ifq-sequential";
  return names.has("outcomes") || (names.has("ncpus") && names.has("packets")) ? "outcomes" : null;
}

/** The names of the outermost fields of the object a text begins with, as far as it goes. Cost: linear. */
function firstNames(text: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && token.endsWith(":")) names.push(token.slice(1, token.indexOf('"', 1)));
    if (depth === 0) break;
  }
  return names;
}
