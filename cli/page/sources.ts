/** The C that a run executes, for the page: the functions that its events are in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunEvents, SourceRange } from "../../reports/index.ts";
import { loadFunctions } from "../lines/functions.ts";
import { readSeed, type SeedText } from "../lines/seed-text.ts";

/** Lines around what is in no function. */
const AROUND = 12;

/** Reads what is needed of the folder of the seed documents. Throws a `UsageError` when a document is not there. */
export class SeedSources {
  readonly #root: string;
  readonly #folder: string;
  readonly #texts = new Map<string, SeedText>();

  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  /** The functions of these events, each once. */
  of({ places }: RunEvents): readonly SourceRange[] {
    const functions = existsSync(join(this.#root, "docs/kernel-functions.json")) ? loadFunctions(this.#root) : [];
    const found = new Map<string, SourceRange>();
    for (const { seed } of places) {
      if (seed === null) continue;
      const { document, first, last } = seed;
      const own = functions.find((each) => each.seed === document && each.lines[0] <= first && first <= each.lines[1]);
      const [from, to] = own?.lines ?? [Math.max(1, first - AROUND), last + AROUND];
      const title = own === undefined ? `document ${document}` : `${own.symbol}, ${own.kernelFile}`;
      const key = `${document}:${String(from)}`;
      if (!found.has(key)) found.set(key, { document, title, first: from, lines: this.#text(document).slice(from, to + 1) });
    }
    return [...found.values()];
  }

  #text(document: string): SeedText {
    const known = this.#texts.get(document);
    if (known !== undefined) return known;
    const text = readSeed(this.#folder, document);
    this.#texts.set(document, text);
    return text;
  }
}
