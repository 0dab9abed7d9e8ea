/** The sources of the counting build: the model with its marks as counters, and the list of what they count. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countMarks, keysOf, readMarks, type Mark } from "../../protocol/index.ts";
import { listSources } from "../../scripts/stamp.mjs";

/** A mark of the model, and the file it stands in. */
export interface ModelMark extends Mark {
  readonly path: string;
}

/** What stands for files of the package, by path from its root; and the marks. */
export interface CountedSources {
  readonly patched: ReadonlyMap<string, string>;
  readonly marks: readonly ModelMark[];
}

const KEYS_FILE = "protocol/mark-keys.ts";
const HITS_FILE = "protocol/hits.ts";

/** Reads every file of the model and makes counters of its marks. `variant`: texts that stand for some of them. */
export function countedSources(root: string, variant: ReadonlyMap<string, string> = new Map()): CountedSources {
  const files = listSources(root)
    .filter((path) => path.startsWith("model/") && path.endsWith(".ts"))
    .map((path) => ({ path, text: variant.get(path) ?? readFileSync(join(root, path), "utf8") }));
  const marks = files.flatMap(({ path, text }) => readMarks(text).marks.map((mark) => ({ ...mark, path })));
  const keys = keysOf(marks);
  const idOf = new Map(keys.map((key, id) => [key, id]));
  const counted = files
    .map(({ path, text }) => [path, countMarks(text, join(root, HITS_FILE), (key) => idOf.get(key) as number), text] as const)
    .filter(([, now, before]) => now !== before)
    .map(([path, now]) => [path, now] as const);
  return { marks, patched: new Map([...variant, ...counted, [KEYS_FILE, keysText(keys)]]) };
}

const keysText = (keys: readonly string[]): string => `export const MARK_KEYS: readonly string[] = ${JSON.stringify(keys)};\n`;
