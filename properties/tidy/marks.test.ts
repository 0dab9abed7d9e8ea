import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { countMarks, readMarks } from "../../protocol/index.ts";
import { checkCover, checkMarks, checkOverlaps, marked, type SeedFunction } from "./marks.ts";
import { isTest, readSources, render, ROOT } from "./sources.ts";

interface Row {
  readonly symbol: string;
  readonly seed?: string;
  readonly state: string;
  readonly routine: string | null;
}

const read = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), "utf8")) as T;
const FUNCTIONS = read<readonly SeedFunction[]>("docs/kernel-functions.json");
const MAP = read<readonly Row[]>("docs/kernel-map.json");
const MODEL = readSources().filter(({ path }) => path.startsWith("model/") && !isTest(path));

const SMALL: readonly SeedFunction[] = [
  { symbol: "small", seed: "001", lines: [10, 20], executable: [[12, 13], [15, 16]], switchedOff: [[18, 18]] },
];
const source = (...lines: readonly string[]) => [{ path: "model/net/a.ts", text: lines.join("\n") }];

describe("the marks of the model", () => {
  test("stand where they are taken to stand, in lines of functions that run", () => {
    expect(render(checkMarks(MODEL, FUNCTIONS))).toEqual([]);
  });

  test("do not overlap", () => {
    expect(render(checkOverlaps(MODEL))).toEqual([]);
  });

  test("cover every line that runs of a function that has one", () => {
    expect(render(checkCover(MODEL, FUNCTIONS))).toEqual([]);
  });

  test("are of the seed that the map gives for the routines of their file", () => {
    const wrong = MODEL.flatMap(({ path, text }) => {
      const seed = readMarks(text).marks[0]?.seed;
      const rows = MAP.filter((row) => row.routine === path && row.seed !== undefined);
      return seed === undefined || rows.every((row) => row.seed === seed) ? [] : [`${path}: //@ seed line`];
    });

    expect(wrong).toEqual([]);
  });

  test("are in files that still are what they were when the marks are counters", () => {
    const broken = MODEL.filter(({ text }) => readMarks(text).marks.length > 0).filter(({ text }) => {
      const counted = countMarks(text, "./hits.ts", () => 1);
      const { diagnostics } = ts.transpileModule(counted, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ESNext } });
      return (diagnostics?.length ?? 0) > 0 || counted.split("\n").length !== text.split("\n").length;
    });

    expect(broken.map(({ path }) => path)).toEqual([]);
  });
});

describe("the checks of marks", () => {
  test("a mark must be well formed, lie in one function and have a line that runs", () => {
    const wrong = source("function small() {", "  //@12", "  //@ 13-12", "  //@ 9-12", "  //@ 14", "  //@ 12-16", "  //@ 18", "}");

    expect(checkMarks(wrong, SMALL).map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  });

  test("a mark must stand between the statements of a function, in a block that can be told", () => {
    const outside = source("//@ 12", "function small() {", "  call(", "    //@ 12", "    1,", "  );", "}");
    const odd = source("function small() {", "  if (a) { // why", "    //@ 12", "  }", "}");

    expect(checkMarks(outside, SMALL).map(({ line }) => line)).toEqual([1, 4]);
    expect(checkMarks(odd, SMALL)).toHaveLength(1);
  });

  test("marks may say the same lines twice, but not some of them", () => {
    expect(checkOverlaps(source("//@ 12-13", "//@ 12-13", "//@ 15"))).toEqual([]);
    expect(checkOverlaps(source("//@ 12-13", "//@ 13-15"))).toHaveLength(1);
  });

  test("a function with a mark needs one for every line that runs", () => {
    const all = source("function small() {", "  //@ 12-13", "  //@ 15-16", "}");
    const some = source("function small() {", "  //@ 12-15", "}");

    expect(checkCover(all, SMALL)).toEqual([]);
    expect(marked(all, SMALL).size).toBe(1);
    expect(checkCover(source("function small() {", "}"), SMALL)).toEqual([]);
    expect(checkCover(some, SMALL).map(({ message }) => message)).toEqual(["small: no mark for 16 of seed 001"]);
  });
});
