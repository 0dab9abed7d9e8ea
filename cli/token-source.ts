/** Where a command takes its token from: the argument itself, or a file that holds one. */
import { resolve } from "node:path";
import { UsageError, quote } from "./errors.ts";
import { readInput } from "./files.ts";
import { looksLikeToken } from "./tokens.ts";

const TOKENS = /ilk[0-9]*:[A-Za-z0-9_+/=.~-]+/g;

/** The token that is named: `source` as it is, or the only one in the file of this name. Throws a `UsageError` when the file holds none, or several. */
export const tokenText = (cwd: string, source: string): string => (looksLikeToken(source) ? source : tokenIn(resolve(cwd, source)));

function tokenIn(path: string): string {
  const found = [...new Set(readInput(path).match(TOKENS) ?? [])];
  const [first, second] = found;
  if (first === undefined) throw new UsageError(`no token in ${quote(path)}`);
  if (second !== undefined) throw new UsageError(`${quote(path)} holds ${String(found.length)} tokens: name one of them`);
  return first;
}
