/** Where events are in the sources: the line of the model that stands for lines of the C, or else the routine that ran. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { markKey } from "../protocol/index.ts";
import { NO_PLACE, type EventPlace } from "../reports/index.ts";
import type { ModelMark } from "./lines/counted-sources.ts";

/** A line of the model, and the routine it is in. */
interface Line {
  readonly file: string;
  readonly line: number;
  readonly routine: string;
}

/** By the key of a mark: its lines in the model. */
type Marked = ReadonlyMap<string, readonly (readonly [Line, ModelMark])[]>;

/** Finds places. */
export class SourcePlaces {
  readonly #routines: ReadonlyMap<string, Line>;
  readonly #marks: Marked;

  private constructor(routines: ReadonlyMap<string, Line>, marks: Marked) {
    this.#routines = routines;
    this.#marks = marks;
  }

  /** Reads the model below the root of the package. `marks`: those that a counting build tells of. */
  static read(root: string, marks: readonly ModelMark[] = []): SourcePlaces {
    const files = existsSync(join(root, "model")) ? globSync(["model/**/*.ts", "!**/*.test.ts"], { cwd: root }).sort() : [];
    const declared = files.flatMap((file) => declaredIn(file.replaceAll("\\", "/"), readFileSync(join(root, file), "utf8")));
    const routines = new Map(declared.toReversed().map((line) => [line.routine, line]));
    const byKey = new Map<string, (readonly [Line, ModelMark])[]>();
    for (const mark of marks) {
      const line = mark.at + 1;
      const routine = declared.findLast((each) => each.file === mark.path && each.line <= line)?.routine ?? "";
      const found = byKey.get(markKey(mark)) ?? [];
      found.push([{ file: mark.path, line, routine }, mark]);
      byKey.set(markKey(mark), found);
    }
    return new SourcePlaces(routines, byKey);
  }

  /** `passed`: the key of the mark that the context passed last; it tells nothing once its routine has returned. */
  of(passed: string | null, stack: readonly string[]): EventPlace {
    const marks = passed === null ? [] : (this.#marks.get(passed) ?? []);
    const marked = marks.find(([{ routine }]) => stack.includes(routine));
    if (marked !== undefined) {
      const [{ file, line }, { seed, first, last }] = marked;
      return { model: { file, line }, seed: { document: seed, first, last } };
    }
    const routine = stack.findLast((name) => this.#routines.has(name));
    const line = routine === undefined ? undefined : this.#routines.get(routine);
    return line === undefined ? NO_PLACE : { model: { file: line.file, line: line.line }, seed: null };
  }
}

const DECLARED = /^(?:export )?function\*? (\w+)/;

const declaredIn = (file: string, text: string): readonly Line[] =>
  text.split("\n").flatMap((line, i) => {
    const routine = DECLARED.exec(line)?.[1];
    return routine === undefined ? [] : [{ file, line: i + 1, routine }];
  });
