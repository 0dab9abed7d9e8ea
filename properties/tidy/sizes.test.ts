import { describe, expect, test } from "vitest";
import { checkFileSizes, checkFunctionSizes, FILE_LINES, FUNCTION_LINES } from "./sizes.ts";

const file = (path: string, lines: number) => ({ path, text: "x;\n".repeat(lines) });

const functionOf = (lines: number, path = "sim/a.ts", head = "function f() {", foot = "}") =>
  ({ path, text: `${head}\n${"  x;\n".repeat(lines - 2)}${foot}\n` });

describe("file sizes", () => {
  test("a file stays under 300 lines", () => {
    const sources = [file("sim/a.ts", FILE_LINES - 1), file("sim/b.ts", FILE_LINES)];

    expect(checkFileSizes(sources, {})).toEqual([
      { path: "sim/b.ts", line: 300, message: "300 lines, must be under 300" },
    ]);
  });

  test("marks of the lines of the C do not count", () => {
    const marked = { path: "model/a.ts", text: `${"x;\n".repeat(FILE_LINES - 1)}  //@ 12-13\n` };

    expect(checkFileSizes([marked], {})).toEqual([]);
  });

  test("an exception counts, and must be needed", () => {
    const exceptions = { "sim/b.ts": "a data table", "sim/c.ts": "a data table" };

    expect(checkFileSizes([file("sim/b.ts", FILE_LINES)], exceptions)).toEqual([{
      path: "properties/tidy/exceptions.ts",
      line: 1,
      message: "sim/c.ts is within the limit: remove its entry",
    }]);
  });
});

describe("function sizes", () => {
  test("a function stays under 70 lines", () => {
    expect(checkFunctionSizes([functionOf(FUNCTION_LINES - 1)], {})).toEqual([]);
    expect(checkFunctionSizes([functionOf(FUNCTION_LINES)], {})).toEqual([
      { path: "sim/a.ts", line: 1, message: "f has 70 lines, must be under 70" },
    ]);
  });

  test("marks of the lines of the C do not count", () => {
    const marked = functionOf(FUNCTION_LINES, "model/a.ts", "function f() {\n  //@ 12", "  //@ 13-14\n}");
    const { text } = functionOf(FUNCTION_LINES - 1, "model/a.ts", "function f() {\n  //@ 12", "  //@ 13-14\n}");

    expect(checkFunctionSizes([marked], {})).toHaveLength(1);
    expect(checkFunctionSizes([{ path: "model/a.ts", text }], {})).toEqual([]);
  });

  test("methods, arrows and generators count", () => {
    const arrow = functionOf(FUNCTION_LINES, "sim/a.ts", "const f = () => {", "};");
    const generator = functionOf(FUNCTION_LINES, "sim/b.ts", "function* f() {");
    const method = functionOf(FUNCTION_LINES, "sim/c.ts", "class C { f() {", "} }");

    const complaints = checkFunctionSizes([arrow, generator, method], {});

    expect(complaints.map(({ path }) => path)).toEqual(["sim/a.ts", "sim/b.ts", "sim/c.ts"]);
  });

  test("an exception counts, and must be needed", () => {
    const exceptions = { "sim/a.ts f": "a table" };

    expect(checkFunctionSizes([functionOf(FUNCTION_LINES)], exceptions)).toEqual([]);
    expect(checkFunctionSizes([functionOf(3)], exceptions)).toHaveLength(1);
  });

  test("the body of a suite is a heading, not a function", () => {
    const suite = (path: string) =>
      functionOf(FUNCTION_LINES, path, `describe("a", () => {`, "});");

    expect(checkFunctionSizes([suite("sim/a.test.ts")], {})).toEqual([]);
    expect(checkFunctionSizes([suite("sim/a.ts")], {})).toHaveLength(1);
  });
});
