import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { checkYields, createProgram } from "./forgotten-yield.ts";
import { ROOT } from "./sources.ts";

const PATH = "model/fixture.ts";
const FILE = join(ROOT, PATH);
const PRELUDE = `
type Point = undefined;
type Routine<T> = Generator<Point, T, void>;
type Step<T> = Iterable<Point, T, void>;
declare function load(): Step<number>;
declare function routine(): Routine<void>;
declare function spawn(body: Routine<void>): void;
declare function keep(body: Routine<void>): void;
declare const on: boolean;
`;

/** The lines, counted from 1 in the body, that the check complains about. */
function check(...body: string[]) {
  const text = PRELUDE + body.join("\n");
  const host = ts.createCompilerHost({ target: ts.ScriptTarget.ES2023 });
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true)
      : getSourceFile(name, ...rest);
  const program = createProgram([FILE], host);
  const before = PRELUDE.split("\n").length - 1;
  const { calls, complaints } = checkYields(program, [FILE]);
  return { calls, lines: complaints.map(({ line }) => line - before), complaints };
}

describe("a forgotten yield*", () => {
  test("is found where a step or routine is called as a statement", () => {
    const { calls, lines, complaints } = check(
      "export function* f(): Routine<void> {",
      "  yield* routine();",
      "  routine();",
      "  yield* load();",
      "  load();",
      "}",
    );

    expect(calls).toBe(4);
    expect(lines).toEqual([3, 5]);
    expect(complaints[0]).toMatchObject({
      path: PATH,
      message: "routine(…) runs nothing without yield*",
    });
  });

  test("is found where the value is used as if it were the result", () => {
    expect(check(
      "export function* f(): Routine<void> {",
      "  const a = load();",
      "  if (load()) yield* routine();",
      "  keep(routine());",
      "  void routine();",
      "  yield routine() as never;",
      "}",
    ).lines).toEqual([2, 3, 4, 5, 6]);
  });

  test("is found where a generator returns a routine instead of its result", () => {
    expect(check(
      "export function* f(): Generator<Point, unknown, void> {",
      "  return routine();",
      "}",
    ).lines).toEqual([2]);
  });

  test("is found in a callback whose result nobody takes", () => {
    expect(check(
      "[1].forEach(() => routine());",
      "[1].forEach(() => { routine(); });",
      "export const later: () => Routine<void> = () => routine();",
    ).lines).toEqual([1, 2]);
  });

  test("is found behind inferred types", () => {
    expect(check(
      "function* g() { yield* load(); }",
      "export function* f(): Routine<void> {",
      "  g();",
      "  yield* g();",
      "}",
    ).lines).toEqual([3]);
  });

  test("is not seen where the caller or a taker runs it", () => {
    expect(check(
      "export function f(): Step<number> { return load(); }",
      "export const g = (): Routine<void> => routine();",
      "export function h(): Step<number> | Routine<number> { return on ? load() : f(); }",
      "export function* k(): Routine<void> {",
      "  yield* (on ? routine() : g());",
      "  spawn(routine());",
      "  const list: number[] = [1].filter((x) => x > 0);",
      "  for (const x of list.values()) yield* load();",
      "}",
    ).lines).toEqual([]);
  });
});
