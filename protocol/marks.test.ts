import { describe, expect, test } from "vitest";
import ts from "typescript";
import { countMarks, keysOf, readMarks } from "./marks.ts";

const TEXT = `/** A function. */
export function f(a: boolean, b: boolean, list: readonly number[]): string {
  //@ 10-11
  const told: string[] = [];
  if (
    a
  ) {
    //@ 12
    told.push("a");
  } else if (b) {
    //@ 13-14
    told.push("b");
  }
  //@ 15
  told.push("c");
  for (const each of list) {
    //@ 16
    if (each === 1) {
      told.push("one");
    } else {
      // Why.
      //@ 18
      told.push("other");
    }
    switch (each) {
      case 2:
        //@ 20
        told.push("two");
        break;
      case 3: {
        //@ 21
        told.push("three");
        break;
      }
    }
  }
  if (a) {
    //@ 23
    return "early";
  } else {
    told.push("late");
  }
  return told.join(" ");
}
`;

/** The counted text, run; how often each key was counted. */
function counted(text: string, call: (f: (a: boolean, b: boolean, list: readonly number[]) => string) => void) {
  const keys = keysOf(readMarks(text).marks);
  const hits = keys.map(() => 0);
  const script = ts.transpile(countMarks(text, "./hits.ts", (key) => keys.indexOf(key)), { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ESNext });
  const hit = (id: number): void => {
    hits[id] = (hits[id] ?? 0) + 1;
  };
  const module = { exports: {} as { f: (a: boolean, b: boolean, list: readonly number[]) => string } };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text under test is code
  const load = new Function("exports", "require", script) as (exports: object, require: () => object) => void;
  load(module.exports, () => ({ hit }));
  call(module.exports.f);
  return Object.fromEntries(keys.map((key, i) => [key.replace("001:", ""), hits[i]]));
}

describe("marks", () => {
  test("tell their place from the layout", () => {
    const { marks, malformed } = readMarks(TEXT);

    expect(malformed).toEqual([]);
    expect(marks.map(({ first, last, role }) => `${String(first)}-${String(last)} ${role}`)).toEqual([
      "10-11 body", "12-12 then", "13-14 then", "15-15 plain", "16-16 loop", "18-18 else", "20-20 case", "21-21 case", "23-23 then",
    ]);
  });

  test("are of seed 001 unless the file names another", () => {
    expect(readMarks(`//@ seed 003\n${TEXT}`).marks[0]?.seed).toBe("003");
    expect(readMarks(TEXT).marks[0]?.seed).toBe("001");
  });

  test("are malformed when nearly one", () => {
    const { marks, malformed } = readMarks("//@12\n// @ 12\n//@ 12-11\nx; //@ 12\n//@ 12, 13\n");

    expect(marks).toEqual([]);
    expect(malformed).toEqual([0, 1, 2, 3, 4]);
  });

  test("count how often each place is reached, and the arm of an if that has none", () => {
    expect(counted(TEXT, (f) => {
      f(true, false, []);
      f(false, true, [1, 2, 3]);
      f(false, false, [1]);
    })).toEqual({
      "10-11": 3,
      "12-12": 1, "12-12 not": 2,
      "13-14": 1, "13-14 not": 1,
      "15-15": 3,
      "16-16": 4,
      "18-18": 2, "18-18 not": 2,
      "20-20": 1, "21-21": 1,
      "23-23": 1, "23-23 not": 2,
    });
  });

  test("change nothing else: lines keep their numbers, a text without marks is the same", () => {
    const out = countMarks(TEXT, "./hits.ts", () => 7);
    const plain = TEXT.replaceAll(/^ *\/\/@ .*\n/gm, "");

    expect(out.split("\n").map((line, i) => line === TEXT.split("\n")[i] || line.includes("$hit"))).not.toContain(false);
    expect(countMarks(plain, "./hits.ts", () => 7)).toBe(plain);
  });
});
