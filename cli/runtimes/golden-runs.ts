/** The committed golden runs, sorted by the bundle that makes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readGolden, type GoldenEntry } from "../../golden/index.ts";

/** Where they are. */
export const goldenPath = (root: string): string => join(root, "golden", "runs.json");

/** All entries, in the order of the file. */
export const loadGolden = (root: string): readonly GoldenEntry[] =>
  readGolden(readFileSync(goldenPath(root), "utf8"));

/** Entries by variant; null: the model as it stands. */
export function byVariant(entries: readonly GoldenEntry[]): ReadonlyMap<string | null, readonly GoldenEntry[]> {
  const groups = new Map<string | null, GoldenEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.variant);
    if (group === undefined) groups.set(entry.variant, [entry]);
    else group.push(entry);
  }
  return groups;
}
