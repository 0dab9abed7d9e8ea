// The kernel map says which kernel symbol is modelled where. Checked both ways: what the map claims is
// there, and whatever carries a kernel name in model/net, model/dev and model/xnu is claimed.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { XNU_NAMESAKES } from "../../model/index.ts";
import { isTest, readSources, ROOT } from "./sources.ts";

interface Row {
  readonly symbol: string;
  /** Seed document and its lines; or the kernel file, for symbols outside the seeds. */
  readonly seed?: string;
  readonly lines?: readonly [first: number, last: number];
  readonly kernelFile?: string;
  readonly routine: string | null;
  readonly state: "modelled" | "folded" | "left-out";
  /** What is missing, and why. */
  readonly reason?: string;
  /** Loads of shared fields without the lock that their stores are made under, or of fields without any. */
  readonly locklessLoads?: readonly { readonly field: string; readonly line?: number }[];
}

interface KernelFunction {
  readonly symbol: string;
  readonly seed: string;
  readonly lines: readonly [first: number, last: number];
}

const read = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), "utf8")) as T;
const MAP = read<readonly Row[]>("docs/kernel-map.json");
const FUNCTIONS = read<readonly KernelFunction[]>("docs/kernel-functions.json");

/** A kernel name: lower case or upper case words joined by underscores, or one all-capital word. */
const KERNEL_NAME = /^(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)$/;
const ONE_WORD = new Set(FUNCTIONS.map(({ symbol }) => symbol).filter((s) => !s.includes("_")));

interface Declared {
  readonly name: string;
  readonly exported: boolean;
}

/** Functions declared at the top level of a file: declarations, and constants that hold an arrow function. */
function functionsOf(text: string): readonly Declared[] {
  const file = ts.createSourceFile("file.ts", text, ts.ScriptTarget.ESNext, true);
  return file.statements.flatMap((node): readonly Declared[] => {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) {
      return [{ name: node.name.text, exported: isExported(node) }];
    }
    if (!ts.isVariableStatement(node)) return [];
    return node.declarationList.declarations
      .filter(({ initializer }) => initializer !== undefined && ts.isArrowFunction(initializer))
      .map(({ name }) => ({ name: name.getText(), exported: isExported(node) }));
  });
}

function isExported(node: ts.FunctionDeclaration | ts.VariableStatement): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

const where = ({ symbol, seed, kernelFile }: Row): string =>
  `${symbol} (${seed === undefined ? String(kernelFile) : `seed ${seed}`})`;

describe("the kernel map", () => {
  it("has one row for every function of the seeds, with its lines", () => {
    const rows = MAP.filter(({ seed }) => seed !== undefined);

    expect(rows.map(({ symbol, seed, lines }) => ({ symbol, seed, lines }))).toEqual(
      FUNCTIONS.map(({ symbol, seed, lines }) => ({ symbol, seed, lines })),
    );
  });

  it("names each symbol once", () => {
    const keys = MAP.map(where);

    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  it("gives a routine for what is modelled and a reason for what is not", () => {
    const odd = MAP.filter(({ state, routine, reason }) =>
      state === "modelled" ? routine === null : reason === undefined);

    expect(odd.map(where)).toEqual([]);
    expect(MAP.filter((r) => r.state === "left-out" && r.routine !== null).map(where)).toEqual([]);
  });

  it("points at routines that exist", () => {
    const missing = MAP.filter(({ routine, symbol }) => {
      if (routine === null) return false;
      const path = join(ROOT, routine);
      if (!existsSync(path)) return true;
      return !functionsOf(readFileSync(path, "utf8")).some(({ name }) => name === symbol);
    });

    expect(missing.map(where)).toEqual([]);
  });

  it("claims every exported function with a kernel name in model/net, model/dev and model/xnu", () => {
    const claimed = new Set(MAP.map(({ symbol, routine }) => `${String(routine)} ${symbol}`));
    const names = readSources()
      .filter(({ path }) => /^model\/(net|dev|xnu)\//.test(path) && !isTest(path))
      .flatMap(({ path, text }) =>
        functionsOf(text)
          .filter(({ name, exported }) => exported && (KERNEL_NAME.test(name) || ONE_WORD.has(name)))
          .map(({ name }) => `${path} ${name}`));

    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !claimed.has(name))).toEqual([]);
  });

  it("has a list of the routines that both systems have", () => {
    const named = (xnu: boolean): readonly string[] => readSources()
      .filter(({ path }) => path.startsWith("model/") && path.startsWith("model/xnu/") === xnu && !isTest(path))
      .flatMap(({ text }) => functionsOf(text).map(({ name }) => name))
      .filter((name) => KERNEL_NAME.test(name) || name === "wakeup");
    const others = new Set(named(false));

    expect(Object.keys(XNU_NAMESAKES)).toEqual(expect.arrayContaining(named(true).filter((name) => others.has(name))));
  });

  it("lists lockless loads inside the lines of their function", () => {
    const outside = MAP.filter(({ lines, locklessLoads }) =>
      locklessLoads?.some(({ line }) =>
        line !== undefined && (lines === undefined || line < lines[0] || line > lines[1])));

    expect(outside.map(where)).toEqual([]);
  });
});
