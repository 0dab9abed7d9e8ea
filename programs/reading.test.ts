import { describe, expect, it } from "vitest";
import { readProgram } from "./reading.ts";

const read = (...ops: readonly unknown[]) => (): unknown => readProgram({ threads: [ops] });

describe("a program in JSON", () => {
  it("is read as it is", () => {
    const threads = [[["st", "a[3]", ["+", "r", 1]], ["ld", "r", ["a", "i"]], ["if", "r", [["return"]], [["fence"]]]], []];
    expect(readProgram({ vars: { x: 2 }, threads }))
      .toEqual({ vars: { x: 2 }, threads, final: [], orderFailedTrylock: false });
  });

  it.each([
    [["jump", 3], 'op "jump"'],
    [["yield"], 'op "yield"'],
    [["st", "x"], "2 operands are needed"],
    [["st", "x", 1, 2], "2 operands are needed"],
    [["st", "x", ["*", 2, 3]], 'operator "*"'],
    [["st", "x", 1.5], "expression 1.5"],
    [["st", "x", ["-", 1, 2, 3]], "2 operands are needed"],
    [["st", "x[i]", 1], 'place "x[i]"'],
    [["st", ["x", "i", "j"], 1], "place"],
    [["ld", "r[0]", "x"], "register"],
    [["spawn", 1], "thread 1"],
    [["join", -1], "thread -1"],
    [["if", 1], 'op ["if",1]'],
    [["while", 1, ["st", "x", 1]], 'op "st"'],
    [["seq", ["st", "x", 1], ["no"]], 'op "no"'],
    ["st", 'op "st"'],
    [[["st", "x", 1]], 'op [["st","x",1]]'],
    [["constructor"], 'op "constructor"'],
    [["st", "x", ["toString", 1, 2]], 'operator "toString"'],
  ])("is refused by name: %j", (op, why) => {
    expect(read(op)).toThrow(why);
  });

  it.each([
    [{ threads: [] }, "0 threads"],
    [{ vars: {} }, "threads is a list"],
    [{ threads: [[]], extra: 1 }, 'program member "extra"'],
    [{ threads: [[]], vars: { x: "1" } }, "initial value"],
    [{ threads: [[]], vars: [1] }, "vars is an object"],
    [{ threads: [{}] }, "a list of ops is needed"],
    [{ threads: [[]], order_failed_trylock: 1 }, "order_failed_trylock"],
    [null, "a program is an object"],
  ])("is refused as a whole: %j", (program, why) => {
    expect(() => readProgram(program)).toThrow(why);
  });
});
