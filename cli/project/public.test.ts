// The public face: every exported symbol has a docblock; every function and class of ours has an example, its own or that
// of the symbol its `@see` names. The kernel's own (snake_case, capitals) share the example of `defineDriver`.
// Examples are type-checked and run; `expression; // => value` asserts.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../scripts/build.mjs";
import { findRoot } from "../../scripts/stamp.mjs";

const ROOT = findRoot();
const ENTRIES: Readonly<Record<string, string>> = {
  "interlock": "index",
  "interlock/sim": "sim",
  "interlock/model": "model",
  "interlock/scenarios": "scenarios",
  "interlock/properties": "properties",
};
const OPTIONS: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config, ts.sys, ROOT).options,
  noEmit: true,
};

interface Documented {
  readonly entry: string;
  readonly name: string;
  readonly text: string;
  readonly needsExample: boolean;
  readonly example: string | null;
  readonly see: string | null;
}

const fileOf = (entry: string): string => join(ROOT, "cli/package", `${ENTRIES[entry] ?? ""}.ts`);
const isKernels = (name: string): boolean => /^_?[a-z0-9]+(_[a-z0-9]+)*$|^[A-Z0-9_]+$/.test(name);

function documented(checker: ts.TypeChecker, entry: string, symbol: ts.Symbol): Documented {
  const target = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
  const { name } = symbol;
  const text = ts.displayPartsToString(target.getDocumentationComment(checker));
  const tags = target.getJsDocTags(checker);
  const tag = (wanted: string): string | null => {
    const found = tags.find((each) => each.name === wanted);
    return found === undefined ? null : ts.displayPartsToString(found.text);
  };
  const isCallable = (target.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0
    || ((target.flags & ts.SymbolFlags.Variable) !== 0 && checker.getTypeOfSymbol(target).getCallSignatures().length > 0);
  const onlyType = symbol.declarations?.some((node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly)) === true;
  const see = /(?:\{@link )?(\w+)/.exec(tag("see") ?? "")?.[1] ?? null;
  return { entry, name, text, needsExample: isCallable && !onlyType && !isKernels(name), example: tag("example"), see };
}

function surface(): readonly Documented[] {
  const program = ts.createProgram(Object.keys(ENTRIES).map(fileOf), OPTIONS);
  const checker = program.getTypeChecker();
  return Object.keys(ENTRIES).flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(fileOf(entry))!)!;
    return checker.getExportsOfModule(module).map((symbol) => documented(checker, entry, symbol));
  });
}

const ALL = surface();
const EXAMPLES = ALL.filter(({ example, name }, i) => example !== null && ALL.findIndex((other) => other.name === name) === i);

/** The example as a module: the package's names are its sources, and what an expression comes to is asserted. */
function moduleOf(example: string): string {
  const body = example
    .replaceAll(/from "(interlock(?:\/\w+)?)"/g, (whole, entry: string) => (entry in ENTRIES ? `from ${JSON.stringify(fileOf(entry))}` : whole))
    .replaceAll(/^(\s*)(.+); \/\/ => (.+)$/gm, "$1equal($2, $3);");
  return `import { deepStrictEqual as equal } from "node:assert";\n${body}\n`;
}

describe("the public face", () => {
  it("is of five entries", () => {
    expect(new Set(ALL.map(({ entry }) => entry))).toEqual(new Set(Object.keys(ENTRIES)));
    expect(ALL.length).toBeGreaterThan(100);
  });

  it("has a docblock on every symbol", () => {
    expect(ALL.filter(({ text }) => text.trim() === "").map(({ entry, name }) => `${entry}: ${name}`)).toEqual([]);
  });

  it("has an example for every function and class of ours", () => {
    const shown = new Set(EXAMPLES.map(({ name }) => name));
    const lacking = ALL.filter(({ needsExample, example, see }) => needsExample && example === null && !shown.has(see ?? ""));

    expect(lacking.map(({ entry, name }) => `${entry}: ${name}`)).toEqual([]);
  });
});

describe("the example of", () => {
  let folder = "";

  beforeAll(async () => {
    mkdirSync(join(ROOT, "build"), { recursive: true });
    folder = mkdtempSync(join(ROOT, "build/examples.tmp-"));
    for (const { name, example } of EXAMPLES) writeFileSync(join(folder, `${name}.ts`), moduleOf(example ?? ""));
    await bundle({ entryPoints: EXAMPLES.map(({ name }) => join(folder, `${name}.ts`)), outdir: folder, outbase: folder }, ROOT);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("each symbol is well typed", () => {
    const program = ts.createProgram(EXAMPLES.map(({ name }) => join(folder, `${name}.ts`)), OPTIONS);
    const problems = EXAMPLES.flatMap(({ name }) => {
      const file = program.getSourceFile(join(folder, `${name}.ts`))!;
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
        .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    });

    expect(problems).toEqual([]);
  });

  it.each(EXAMPLES.map(({ name, example }) => [name, example ?? ""]))("%s runs, and comes to what it says", async (name, example) => {
    expect(example).toMatch(/; \/\/ => /);
    await import(pathToFileURL(join(folder, `${name}.js`)).href);
  });
});
