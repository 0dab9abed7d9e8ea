/** Which code a token was made with: "the same code ran differently" needs to know what the same code is. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot, listSources } from "../scripts/stamp.mjs";

/** Folders whose sources decide what a run does. */
const DECIDING = ["sim/", "model/", "scenarios/", "properties/"];

const known = new Map<string, string>();

/** 12 hexadecimal digits over the sources that decide a run, and the diff of the variant. */
export function codeIdentity(variantDiff: string | null): string {
  const key = variantDiff ?? "";
  const found = known.get(key);
  if (found !== undefined) return found;
  const root = findRoot();
  const hash = createHash("sha256");
  for (const path of listSources(root)) {
    if (!DECIDING.some((folder) => path.startsWith(folder))) continue;
    hash.update(`${path}\0`).update(readFileSync(join(root, path))).update("\0");
  }
  const identity = hash.update(key).digest("hex").slice(0, 12);
  known.set(key, identity);
  return identity;
}
