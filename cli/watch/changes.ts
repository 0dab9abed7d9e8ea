/** Which files have changed since they were last looked at: the file system says when to look, content decides. */
import { existsSync, readFileSync, watch, type FSWatcher } from "node:fs";
import { dirname, join } from "node:path";
import { hash32 } from "../bundle-plugin.ts";

/** An edit is over when nothing has happened for so long: editors write a file in several steps, and several files at once. */
const SETTLED_MS = 100;

/** What a module may be in. */
const SOURCE = /\.(?:[cm]?[jt]sx?|json)$/;

/** The hash of its content; a file that is gone has one of its own. */
function contentOf(path: string): string {
  try {
    return hash32(readFileSync(path));
  } catch {
    return "gone";
  }
}

/** Watches the folders of some files: folders, because many editors put a new file in the place of the one that is edited. */
export class Changes {
  #files: ReadonlyMap<string, string> = new Map();
  #watchers: readonly FSWatcher[] = [];
  /** Sources that are none of the files count too, once something has happened to them. */
  #others = false;
  #timer: NodeJS.Timeout | null = null;
  #wake: (() => void) | null = null;

  /** Looks at these files from now on; returns those of before that have changed since. */
  look(paths: readonly string[]): readonly string[] {
    // Watched first: what is edited between the two is seen twice, not never.
    const before = this.#watchers;
    const folders = new Set(paths.map((path) => dirname(path)).filter((folder) => existsSync(folder)));
    this.#watchers = [...folders].map((folder) => watch(folder, (_event, name) => {
      this.#heard(name === null ? null : join(folder, name));
    }).on("error", () => undefined));
    for (const watcher of before) watcher.close();
    const changed = this.#changed();
    this.#others = false;
    this.#files = new Map(paths.map((path) => [path, contentOf(path)]));
    return changed;
  }

  /** Until the next look, another source that is written in one of the folders is a change too. */
  countOthers(): void {
    this.#others = true;
  }

  /** Resolves when there is a change. One at a time. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #changed(): readonly string[] {
    return [...this.#files].filter(([path, content]) => contentOf(path) !== content).map(([path]) => path);
  }

  #heard(path: string | null): void {
    const other = path !== null && this.#others && SOURCE.test(path) && !this.#files.has(path);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (other || this.#changed().length > 0) this.#wake?.();
    }, SETTLED_MS);
  }
}
