/** Whose code an exception was thrown from: a module of the project's author, or Interlock. */
import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload, type SourceMapping } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findRoot } from "../scripts/stamp.mjs";

/** A place in a module that is not Interlock's. */
export interface AuthorSite {
  /** Path from the current folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:///…/chunk.js:12:34` or a bare path, at the end of a line of a stack. */
const FRAME = /(?:\(|at )((?:file:\/\/)?\/[^()]+):([0-9]+):([0-9]+)\)?$/;

/**
 * Where an author's module threw: the innermost frame that has a source, if that is no source of Interlock. Null for an
 * exception of Interlock's own. Reads the source map beside the bundle.
 */
export function authorSite(error: unknown): AuthorSite | null {
  if (!(error instanceof Error)) return null;
  for (const frame of (error.stack ?? "").split("\n")) {
    const [, where = "", line = "0", column = "0"] = FRAME.exec(frame.trimEnd()) ?? [];
    if (where === "") continue;
    const path = where.startsWith("file:") ? fileURLToPath(where) : where;
    return origin(path, Number(line), Number(column));
  }
  return null;
}

function origin(path: string, line: number, column: number): AuthorSite | null {
  const site = mapped(path, line, column);
  return isAuthors(site.file) ? { ...site, file: relative(process.cwd(), site.file) } : null;
}

/** A place in a bundle as the place in its source; without a map it is a source. */
function mapped(path: string, line: number, column: number): AuthorSite {
  const map = `${path}.map`;
  const entry: Partial<SourceMapping> = existsSync(map)
    ? new SourceMap(JSON.parse(readFileSync(map, "utf8")) as SourceMapPayload).findEntry(line - 1, column - 1)
    : {};
  const { originalSource, originalLine = 0, originalColumn = 0 } = entry;
  if (originalSource === undefined) return { file: path, line, column };
  return { file: resolve(dirname(path), originalSource), line: originalLine + 1, column: originalColumn + 1 };
}

/** Interlock's are its folder, apart from the examples, which stand for somebody else's code, and the packages it uses. */
function isAuthors(source: string): boolean {
  const inside = relative(findRoot(), source);
  if (inside.startsWith(`docs${sep}examples${sep}`)) return true;
  return inside.startsWith(`..${sep}`) && !inside.split(sep).includes("node_modules");
}
